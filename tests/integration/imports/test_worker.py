"""The worker itself: children that are killed or hang are replaced, the others go on, and it says how it
is.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from annotary.kernel.limits import (
    WORKER_HEALTHY_SECONDS,
    WORKER_HUNG_SECONDS_MAX,
    WORKER_RESTART_SECONDS_MAX,
)
from annotary.services.worker import _Child
from annotary.services.worker_board import Beat, Board

from .conftest import until
from .processes import WorkerProcess


@pytest.fixture
def worker(database_url: str, tmp_path: Path) -> Iterator[WorkerProcess]:
    process = WorkerProcess(database_url, tmp_path)
    process.start()
    yield process
    process.stop()


async def _ready(worker: WorkerProcess) -> bool:
    try:
        reply = await asyncio.to_thread(worker.get, "/readyz")
    except httpx.TransportError:
        return False
    return reply.status_code == 200


async def test_it_answers_and_stops_when_asked(worker: WorkerProcess) -> None:
    await until(lambda: _ready(worker))
    assert worker.get("/healthz").text == "ok"
    metrics = worker.get("/metrics").text
    for service in ("platform", "text", "image", "video"):
        assert f'annotary_worker_database_answers{{service="{service}"}} 1.0' in metrics
    assert worker.get("/elsewhere").status_code == 404
    children = worker.children()
    os.kill(worker.pid, signal.SIGTERM)
    assert await asyncio.to_thread(worker.wait) == 0
    assert not [child for child in children if psutil.pid_exists(child)]


async def test_a_killed_child_is_replaced_and_the_others_stay(worker: WorkerProcess) -> None:
    await until(lambda: _ready(worker))
    first, *others = worker.children()
    os.kill(first, signal.SIGKILL)

    async def replaced() -> bool:
        now = worker.children()
        return len(now) == 4 and first not in now

    await until(replaced)
    assert set(others) < set(worker.children())
    await until(lambda: _ready(worker))


async def test_a_child_that_hangs_is_named_and_the_others_answer(worker: WorkerProcess) -> None:
    await until(lambda: _ready(worker))
    platform = worker.children()[0]
    os.kill(platform, signal.SIGSTOP)

    async def named() -> bool:
        reply = await asyncio.to_thread(worker.get, "/readyz")
        return reply.status_code == 503 and list(reply.json()["missing"]) == ["platform"]

    await until(named)
    os.kill(platform, signal.SIGCONT)
    await until(lambda: _ready(worker))


async def test_children_end_when_their_parent_is_killed(worker: WorkerProcess) -> None:
    await until(lambda: _ready(worker))
    children = worker.children()
    os.kill(worker.pid, signal.SIGKILL)

    async def gone() -> bool:
        return not [child for child in children if psutil.pid_exists(child)]

    await until(gone)
    await asyncio.to_thread(worker.wait)


def test_what_keeps_ending_is_started_again_later_each_time() -> None:
    child, now, pauses = _Child(), 1_000.0, []
    for _ in range(12):
        child.pid, child.started_at = 1, now
        now += 0.1
        pauses.append(child.ended(now))
        assert child.pid == 0 and child.start_at == now + pauses[-1]
    assert pauses == sorted(pauses) and pauses[0] < 1 and pauses[-1] == WORKER_RESTART_SECONDS_MAX
    child.started_at = now
    assert child.ended(now + WORKER_HEALTHY_SECONDS + 1) == pauses[0]


def test_the_board_knows_who_hangs() -> None:
    board = Board(("one", "two"))
    board.write("one", Beat(beat_at=100.0, started_at=10.0, database_answers=1.0))
    board.write("two", Beat(started_at=100.0))
    assert board.missing(101.0) == {"two": "the child does not answer"}
    assert not board.is_hung("one", 100.0 + WORKER_HUNG_SECONDS_MAX)
    assert board.is_hung("one", 101.0 + WORKER_HUNG_SECONDS_MAX)
    assert board.is_hung("two", 101.0 + WORKER_HUNG_SECONDS_MAX)
