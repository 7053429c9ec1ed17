"""Migrations, corrections and rollbacks at random: old state and events add up to what is there."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from annotary.infra.postgres import Database
from integration.migration.stage import made
from integration.migration.test_state_machine import Machine
from integration.projections.tables import hold_against_tables, read_log, read_state

TABLES = ("tasks", "assignments", "submissions", "outcomes", "answer_changes")
ROUNDS = 12
# The stage answers without counting.
COUNTED = """
    UPDATE tasks t SET leased = a.leased, answered = a.answered FROM (
        SELECT task_id, count(*) FILTER (WHERE state = 'leased') AS leased,
            count(*) FILTER (WHERE state = 'submitted') AS answered
        FROM assignments GROUP BY task_id) AS a WHERE a.task_id = t.id
"""


@pytest.mark.parametrize("seed", range(2))
async def test_events_of_changes_add_up_to_the_tables(
    make_seed: Callable[[str], Awaitable[Any]],
    make_client: Callable[[str], Awaitable[Any]],
    connect: Callable[..., Awaitable[Database]],
    database_url: str,
    tmp_path: Path,
    seed: int,
) -> None:
    stage = await made(await make_seed("text"), connect, database_url, tmp_path, await make_client("text"))
    machine = Machine(stage, random.Random(seed))
    by_hand = (machine.label, machine.claim, machine.submit)
    told = (machine.publish, machine.publish, machine.take_back, machine.correct, machine.follow)
    for _ in range(ROUNDS):
        # What this stage writes to the tables itself has no events: it is old state.
        for act in by_hand:
            await act()
        await stage.database.execute(COUNTED)
        before, (_, position) = await read_state(stage.database, TABLES), await read_log(stage.database)
        await machine.chance.choice(told)()
        events, _ = await read_log(stage.database, position)
        await hold_against_tables(stage.database, TABLES, before, events)
    every = {event.type for event in (await read_log(stage.database))[0]}
    assert {"answers.changed", "change.running", "change.succeeded", "change.waiting"} <= every, (
        "too little happened"
    )
