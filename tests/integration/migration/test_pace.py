"""Background work on answers gives way to claims, and takes all the time when there are none."""

from __future__ import annotations

import asyncio
import os

import pytest

from annotary.infra.postgres import Database
from annotary.kernel.limits import CHANGE_BATCH_ANSWERS_MAX, CHANGE_BATCH_ANSWERS_MIN, CHANGE_DUTY_MIN
from annotary.migration import service_pace
from annotary.migration.service_pace import Pace
from annotary.migration.store_pace import ClaimPace, note_pace
from integration.migration.stage import Stage


async def test_it_gives_way_to_claims_and_ends_all_the_same(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_pace, "CLAIM_PACE_SECONDS", 0.0)
    rested: list[float] = []

    async def rest(seconds: float) -> None:
        rested.append(seconds)

    async def batches(count: int) -> list[float]:
        rested.clear()
        for _ in range(count):
            async with pace.batch() as uow:
                await uow.fetchrow("SELECT pg_sleep(0.02)")
        return list(rested)

    pace = Pace(stage.database, rest=rest)
    await pace.begin()
    assert await batches(2) == [] and pace.batch_answers == CHANGE_BATCH_ANSWERS_MAX
    await note_pace(stage.database, ClaimPace(100, 0.010))
    (first,) = await batches(1)
    assert (
        pace.batch_answers == CHANGE_BATCH_ANSWERS_MIN
        and first > 0.02 * (1 / (CHANGE_DUTY_MIN + 0.05) - 1) * 0.9
    )
    eager = await batches(30)
    assert eager[-1] == 0.0, "fast claims leave it no more time than slow ones"
    # The slowest process counts, not the last that spoke.
    await stage.database.execute(
        "INSERT INTO claim_paces VALUES ($1, 100, 0.050, clock_timestamp())", os.getpid() + 1
    )
    slowed = await batches(3)
    assert slowed[-1] > 0.02 * (1 / CHANGE_DUTY_MIN - 1) * 0.9
    await stage.database.execute("UPDATE claim_paces SET noted_at = clock_timestamp() - interval '10 s'")
    assert await batches(2) == [], "nobody claims any more"


async def test_beside_claims_changes_write_one_after_the_other(stage: Stage) -> None:
    first, second = Pace(stage.database), Pace(stage.database)
    entered = asyncio.Event()

    async def write() -> None:
        async with second.batch():
            entered.set()

    async with asyncio.timeout(240), asyncio.TaskGroup() as group:
        for pace in (first, second):
            await pace.begin()
        async with first.batch():
            await write()
        entered.clear()
        await note_pace(stage.database, ClaimPace(100, 0.010))
        for pace in (first, second):
            await pace.begin()
        async with first.batch():
            group.create_task(write())
            while not await stage.database.fetchrow(
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            ):
                assert not entered.is_set(), "two write at once"
        await entered.wait()


async def test_changes_share_the_time_that_claims_leave(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested: list[float] = []

    async def rest(seconds: float) -> None:
        rested.append(seconds)

    async def at_work(database: Database) -> int:
        return 3

    monkeypatch.setattr(service_pace, "changes_running", at_work)
    await note_pace(stage.database, ClaimPace(100, 0.010))
    pace = Pace(stage.database, rest=rest)
    await pace.begin()
    async with pace.batch(prepared_seconds=1.0):
        pass
    assert rested[0] > 3 / 1.0 - 1.0, "three changes take as much of the time as one"
