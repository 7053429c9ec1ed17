"""Where gold is mixed in, the order of tasks and all that a claim says tell nothing of which is gold."""

from __future__ import annotations

import random
import uuid
from typing import Any

import httpx
import numpy as np
import pytest

from annotary.dispatch.release import Chunk, Terms, open_batch, release
from annotary.dispatch.release_rows import NewTask
from annotary.dispatch.values import BatchOrder
from annotary.kernel.clock import system_clock
from annotary.kernel.ids import format_id, new_id, numbered_ids
from integration.dispatch.work import ORGANISATION
from integration.gold.guessing import area, features, learned
from integration.gold.stage import Stage
from integration.gold.test_unseen import ANSWER, Person

TASKS, GOLD, CHUNK_TASKS = 1200, 160, 400
PEOPLE, CLAIMS, AT_ONCE = 3, 45, 4


async def released(stage: Stage, order: BatchOrder) -> list[uuid.UUID]:
    """Release numbered texts as an import does; returns the tasks' ids in the order of the file."""
    batch, job = new_id(), new_id()
    id_of, database = numbered_ids(job), stage.work.database
    ids = [id_of(number) for number in range(1, TASKS + 1)]
    terms = Terms(
        organisation_id=ORGANISATION,
        project_id=stage.work.project,
        name="b",
        priority="normal",
        deadline=None,
        overlap=1,
        actor_id=None,
        order=order,
    )
    async with database.transaction() as uow:
        await open_batch(uow, batch, terms, system_clock())
    for first in range(0, TASKS, CHUNK_TASKS):
        tasks = [
            NewTask(ids[at], new_id().bytes, f"row-{at:05}", b'{"text":"row %d"}' % at)
            for at in range(first, first + CHUNK_TASKS)
        ]
        async with database.transaction() as uow:
            await release(uow, Chunk(batch, job, first // CHUNK_TASKS, None), tasks, system_clock())
    return [uuid.UUID(bytes=one) for one in ids]


async def replies_to(person: Person, stage: Stage, project: str) -> list[list[Any]]:
    """Let somebody work and look at all that they are given."""
    replies = []
    for _ in range(CLAIMS):
        body = {"project": project, "count": AT_ONCE}
        leases = (await person.ask("POST", "claims", body)).json()["assignments"]
        for lease in leases:
            answer = {"fence": lease["fence"], "answer": ANSWER, "seconds": 1.0}
            await person.ask("POST", f"assignments/{lease['id']}/submission", answer)
        await stage.catch_up()
        replies.append(leases)
    return replies


@pytest.mark.timeout(900)
@pytest.mark.parametrize("order", ["shuffled", "imported"])
async def test_no_field_and_no_place_tells_gold(
    stage: Stage, client: httpx.AsyncClient, order: BatchOrder
) -> None:
    ids = await released(stage, order)
    gold = set(await stage.gold(0, tasks=random.Random(3).sample(ids, GOLD)))
    await stage.ask(gold={"rate": 0.3})
    project = format_id("project", stage.work.project)
    tables, is_gold = [], []
    for _ in range(PEOPLE):
        replies = await replies_to(await Person(client, stage).enter(), stage, project)
        names, table = features(replies)
        tables.append(table)
        given = [lease["task"]["id"].removeprefix("task_") for leases in replies for lease in leases]
        is_gold += [uuid.UUID(hex=one) in gold for one in given]
    columns, found = np.vstack(tables), np.array(is_gold)
    share, count = found.mean(), len(found)
    assert 0.15 < share < 0.4 and count == PEOPLE * CLAIMS * AT_ONCE
    deviation = np.sqrt((count + 1) / (12 * count * share * count * (1 - share)))
    areas = {name: area(columns[:, at], found) for at, name in enumerate(names)}
    if order == "imported":
        # What the shuffling is for: the same eyes find gold among tasks that come in a sequence.
        assert learned(columns, found) > 0.9 and areas["/task/unique_id off"] > 0.9
        return
    telling = {name: one for name, one in areas.items() if abs(one - 0.5) > 5 * deviation}
    assert not telling, f"gold is told by {telling}"
    assert abs(learned(columns, found) - 0.5) < 4.5 * deviation
