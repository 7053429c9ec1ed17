"""Runs over outcomes end as the aggregator says, twice is once, and one taken back was never there."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest

from annotary.infra.postgres import Database
from annotary.kernel.ids import new_id
from annotary.quality import service_verdicts
from annotary.quality.aggregators import Answers, aggregate
from annotary.quality.runs import store
from integration.quality.crowds import Crowd, Runs, Said, made_crowd, make_crowd

Make = Callable[[str], Awaitable[Any]]
# Most are careless alike, so that counting votes and weighing them differ.
ACCURACIES = (0.95, 0.9, 0.45, 0.4, 0.4, 0.35, 0.35)


@pytest.fixture
async def make_runs(
    make_seed: Make, connect: Callable[..., Awaitable[Database]], database_url: str, tmp_path: Path
) -> Callable[..., Awaitable[tuple[Crowd, Runs, list[Said]]]]:
    async def make(number: int = 0, tasks: int = 80, **more: Any) -> tuple[Crowd, Runs, list[Said]]:
        seed = await make_seed("text")
        crowd = await make_crowd(seed, tasks, 5, len(ACCURACIES), **more)
        _, said = made_crowd(random.Random(number), tasks, 5, ACCURACIES)
        await crowd.say(said)
        await crowd.settle()
        return crowd, Runs(seed, await connect(database_url, "platform"), tmp_path), said

    return make


def aggregated(said: list[Said], tasks: int, method: str) -> list[str]:
    """Return what the aggregator says of these answers, as `annotary aggregate` numbers them."""
    classes = sorted({one.label for one in said})
    columns = (
        [one.task for one in said],
        [one.member for one in said],
        [classes.index(one.label) for one in said],
    )
    return [classes[label] for label in aggregate(Answers.of(*columns, tasks=tasks), method).label]


def kept(outcomes: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, tuple[Any, ...]]:
    """Return all of outcomes but what tells their versions apart."""
    apart = {"id", "version", "created_at", "run_id", "consumed_at"}
    return {
        task: tuple(value for name, value in row.items() if name not in apart)
        for task, row in outcomes.items()
    }


@pytest.mark.parametrize("method", ["auto", "majority", "dawid-skene"])
async def test_after_a_run_outcomes_are_what_the_aggregator_says(make_runs: Any, method: str) -> None:
    crowd, runs, said = await make_runs()
    before = await crowd.outcomes()
    wanted = aggregated(said, len(crowd.tasks), method)
    run, result = await runs.run(crowd.project, method)
    assert await crowd.labels() == wanted
    found = await crowd.outcomes()
    changed = [task for task in crowd.tasks if found[task]["id"] != before[task]["id"]]
    assert len(changed) == result["answers"] + result["confidences"] and result["looked_at"] == len(
        crowd.tasks
    )
    for task in changed:
        assert (found[task]["run_id"], found[task]["aggregator"]) == (run, method)
        assert found[task]["version"] == before[task]["version"] + 1 and found[task]["state"] == "accepted"
    _, again = await runs.run(crowd.project, method)
    assert (again["answers"], again["confidences"]) == (0, 0), "the same answers made other outcomes"
    row = await crowd.seed.database.fetchrow("SELECT * FROM consensus_runs WHERE id = $1", run)
    assert row["state"] == "succeeded" and msgspec.json.decode(row["summary"])["answers"] == result["answers"]


@pytest.mark.parametrize("number", range(3))
async def test_a_run_and_its_revert_leave_the_outcomes_as_they_were(make_runs: Any, number: int) -> None:
    chance = random.Random(number)
    crowd, runs, _ = await make_runs(number)
    before = await crowd.outcomes()
    method = chance.choice(["auto", "majority", "one-coin", "dawid-skene"])
    run, result = await runs.run(crowd.project, method)
    assert result["answers"] + result["confidences"] > 0, "nothing to take back: the test cannot fail"
    between = kept(await crowd.outcomes())
    reverted, taken_back = await runs.run(crowd.project, reverts=run)
    assert kept(await crowd.outcomes()) == kept(before)
    assert (taken_back["answers"], taken_back["confidences"]) == (result["answers"], result["confidences"])
    _, nothing = await runs.run(crowd.project, reverts=run)
    assert nothing["looked_at"] == 0 and kept(await crowd.outcomes()) == kept(before)
    await runs.run(crowd.project, reverts=reverted)
    assert kept(await crowd.outcomes()) == between, "taking the revert back is the run again"
    versions = await crowd.seed.database.fetch(
        "SELECT array_agg(version ORDER BY version) AS v FROM outcomes GROUP BY task_id"
    )
    assert all(row["v"] == list(range(1, len(row["v"]) + 1)) for row in versions)


async def test_a_revert_leaves_alone_what_changed_since(make_runs: Any) -> None:
    crowd, runs, _ = await make_runs()
    before = await crowd.outcomes()
    run, result = await runs.run(crowd.project, "majority")
    found = await crowd.outcomes()
    changed = [task for task in crowd.tasks if found[task]["id"] != before[task]["id"]]
    revised, reviewed = changed[:2]
    held = await crowd.seed.database.fetchrow(
        "SELECT id FROM assignments WHERE task_id = $1 ORDER BY id LIMIT 1", revised
    )
    await crowd.seed.submit(held["id"], {"classification": [{"label": "ugly"}]})
    await crowd.seed.tell("submission.revised", revised)
    await crowd.settle()
    async with crowd.seed.database.transaction() as uow:
        answer = b'{"classification":[{"label":"ugly"}]}'
        by = new_id()
        await service_verdicts.amend(uow, found[reviewed]["id"], answer, bytes(32), by, "accepted")
    standing = await crowd.outcomes()
    _, result = await runs.run(crowd.project, reverts=run)
    after = await crowd.outcomes()
    assert result["looked_at"] == len(changed) - 2
    assert {task: after[task] for task in (revised, reviewed)} == {
        task: standing[task] for task in (revised, reviewed)
    }
    assert {task: row["answer"] for task, row in after.items() if task not in (revised, reviewed)} == {
        task: row["answer"] for task, row in before.items() if task not in (revised, reviewed)
    }
    _, result = await runs.run(crowd.project, "auto")
    assert result["reviewed"] == 1 and (await crowd.outcomes())[reviewed] == standing[reviewed]


async def test_a_run_that_was_killed_begins_again_and_comes_to_the_same(
    make_runs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotary.quality.runs.service_classes.Classes.tasks_per_page", 10)
    crowd, runs, said = await make_runs()
    before = await crowd.outcomes()
    run, job = await runs.ask(crowd.project, "majority")
    calls = 0
    look = store.still_current

    async def dying(uow: Any, outcome_ids: Any) -> set[UUID]:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise asyncpg.InterfaceError("the connection is gone, as at a kill")
        return await look(uow, outcome_ids)

    monkeypatch.setattr(store, "still_current", dying)
    with pytest.raises(Exception, match="does not answer"):
        await runs.work(job)
    halfway = await crowd.outcomes()
    assert halfway != before and await crowd.labels() != aggregated(said, len(crowd.tasks), "majority")
    await runs.work(job)
    assert await crowd.labels() == aggregated(said, len(crowd.tasks), "majority")
    await runs.run(crowd.project, reverts=run)
    assert kept(await crowd.outcomes()) == kept(before), "both halves of the run are taken back"


async def test_answers_that_move_while_a_run_works_are_left_to_the_live_model(
    make_runs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd, runs, _ = await make_runs()
    look = store.still_current
    moved: list[UUID] = []

    async def moving(uow: Any, outcome_ids: Any) -> set[UUID]:
        # Another outcome of one of these tasks came since they were read.
        row = await uow.fetchrow("SELECT * FROM outcomes WHERE id = $1", outcome_ids[0])
        moved.append(row["task_id"])
        await uow.execute("UPDATE outcomes SET superseded_at = now() WHERE id = $1", row["id"])
        return await look(uow, outcome_ids)

    monkeypatch.setattr(store, "still_current", moving)
    _, result = await runs.run(crowd.project, "majority")
    assert result["moved"] == len(moved) == 1
    assert moved[0] not in await crowd.outcomes(), "a version was written over one nobody had looked at"


async def test_outcomes_that_are_no_classes_are_merged_again(make_runs: Any) -> None:
    several = {
        "tools": {"classification": {"multiple": True}},
        "labels": [{"name": "good"}, {"name": "bad"}, {"name": "ugly"}],
    }
    crowd, runs, _ = await make_runs(tasks=12, definition=several)
    before = await crowd.outcomes()
    spoilt = crowd.tasks[3]
    await crowd.seed.database.execute(
        "UPDATE outcomes SET answer = $2, content_hash = $3 WHERE task_id = $1", spoilt, "{}", bytes(32)
    )
    _, result = await runs.run(crowd.project)
    assert (result["answers"], result["confidences"], result["stuck"]) == (1, 0, 0)
    assert (await crowd.outcomes())[spoilt]["answer"] == before[spoilt]["answer"]
