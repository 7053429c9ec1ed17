"""What nobody waits for runs at a lower priority: its threads, and the server processes it talks to."""

from __future__ import annotations

import os

from annotary.infra.postgres import Database
from annotary.infra.yielding import in_yielding_thread, yield_session
from annotary.kernel.limits import YIELDING_NICE


def _nice() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


async def test_its_threads_give_way_and_no_other_does() -> None:
    before = _nice()
    assert await in_yielding_thread(_nice) == max(before, YIELDING_NICE)
    assert _nice() == before


async def test_its_sessions_give_way_and_no_other_does(database_url: str) -> None:
    async def backend_nice(database: Database) -> int:
        process_id = await database.pool.fetchval("SELECT pg_backend_pid()")
        return os.getpriority(os.PRIO_PROCESS, process_id)

    ordinary = await Database.connect(database_url, "text", connections_max=1)
    yielding = await Database.connect(database_url, "text", connections_max=2, begin=yield_session)
    try:
        before = await backend_nice(ordinary)
        async with yielding.connection() as first, yielding.connection() as second:
            for one in (first, second):
                process_id = await one.fetchval("SELECT pg_backend_pid()")
                assert os.getpriority(os.PRIO_PROCESS, process_id) == YIELDING_NICE
        assert await backend_nice(ordinary) == before < YIELDING_NICE
    finally:
        await ordinary.close()
        await yielding.close()
