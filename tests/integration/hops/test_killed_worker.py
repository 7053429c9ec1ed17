"""kill -9 of the worker, again and again while labels come in: each hop is counted once, and adds up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.dispatch.work import Work
from integration.hops.stage import added, counts, label, manager, way
from integration.imports.conftest import until
from integration.imports.processes import WorkerProcess

MakeClient = Callable[[str], Awaitable[Any]]
ROUNDS, LABELS_PER_ROUND = 4, 40


@pytest.fixture
def worker(database_url: str, tmp_path: Path) -> Iterator[WorkerProcess]:
    process = WorkerProcess(database_url, tmp_path)
    process.start()
    yield process
    process.stop()


async def test_each_hop_is_counted_once(
    database_url: str, worker: WorkerProcess, make_client: MakeClient
) -> None:
    work = await Work.start(database_url)
    try:
        client, headers = await make_client("text"), await manager(work.database)
        await work.add_tasks(ROUNDS * LABELS_PER_ROUND)
        sent = []
        for _ in range(ROUNDS):
            before = (await counts(work.database)).get("committed", (0, 0))[0]
            sent += await label(work, LABELS_PER_ROUND)

            async def has_moved(before: int = before) -> bool:
                return (await counts(work.database)).get("committed", (0, 0))[0] > before

            await until(has_moved)
            worker.kill_children()

        async def all_counted() -> bool:
            return (await counts(work.database)).get("total", (0, 0))[0] >= len(sent)

        await until(all_counted)
        assert await counts(work.database) == added([await way(client, headers, one) for one in sent])
    finally:
        await work.close()
