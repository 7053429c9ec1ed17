"""An import that is stopped anywhere is taken up again: no row lost, none doubled, and the counts say so."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec
import psutil
import pytest

from annotary.catalog import job_runs
from annotary.formats.imports import import_items
from annotary.formats.lines import LineCutter

from .conftest import CLASSES, Site, rows, until
from .processes import WorkerProcess

MakeSite = Callable[..., Awaitable[Site]]
ROWS = 3_000


def _file(count: int) -> bytes:
    """Good rows, with a bad one in every hundred, and rows that repeat an earlier one or contradict it."""
    lines = []
    for n in range(count):
        if n % 100 == 50:
            lines.append(b'{"unique_id": "bad", "text": 5}\n')
        elif n % 100 == 51:
            lines.append(rows({"unique_id": f"r{n - 10}", "text": f"t{n - 10}"}))
        elif n % 100 == 52 and n > 100:
            lines.append(rows({"unique_id": f"r{n - 110}", "text": "contradicts"}))
        else:
            lines.append(rows({"unique_id": f"r{n}", "text": f"t{n}", "metadata": {"n": n}}))
    return b"".join(lines)


async def _check(site: Site, job: UUID, count: int) -> None:
    """Compare what is there with what the file says, row by row."""
    row = await site.job(job)
    assert row["state"] == "succeeded", row["error"]
    hundreds = count // 100
    contradicting, fresh = hundreds - 1, count - 3 * hundreds + 1
    result = msgspec.json.decode(row["result"])
    assert (result["rows"], result["items"], result["tasks"]) == (count, fresh, fresh)
    assert (result["existing"], result["refused"]) == (hundreds, hundreds + contradicting)
    expected = [f"r{n}" for n in range(count) if n % 100 not in (50, 51) and not (n % 100 == 52 and n > 100)]
    items, tasks = await site.items(), await site.tasks()
    assert [item["unique_id"] for item in items] == expected
    assert [(task["unique_id"], task["item_id"], task["payload"]) for task in tasks] == [
        (item["unique_id"], item["id"], item["payload"]) for item in items
    ]
    assert await site.database.pool.fetchval("SELECT sum(tasks_total) FROM batches") == fresh
    for database, table, noun in (
        (site.platform, "items.imported", "items"),
        (site.database, "tasks.released", "tasks"),
    ):
        told = await database.fetch("SELECT data FROM events WHERE type = $1", table)
        assert sum(msgspec.json.decode(event["data"])[noun] for event in told) == fresh
    refusals = await site.platform.pool.fetchval(
        "SELECT count(*) FROM import_refusals WHERE job_id = $1", job
    )
    assert refusals == min(1_000, hundreds + contradicting)


async def test_stopped_at_random_moments(make_site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LineCutter.__init__.__kwdefaults__, "rows_max", 70)
    site = await make_site("text", CLASSES)
    job = await site.enqueue(_file(ROWS))
    moments = random.Random(7)
    stopped = 0
    while (await site.job(job))["state"] != "succeeded":
        run = asyncio.create_task(job_runs.run(site.context, job.hex, import_items))
        await asyncio.wait({run}, timeout=moments.uniform(0.0, 0.12))
        run.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await run
        stopped += run.cancelled()
    assert stopped >= 3, "it was not stopped: the moments are too late"
    await _check(site, job, ROWS)


async def test_an_earlier_run_that_still_lives_writes_no_more(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LineCutter.__init__.__kwdefaults__, "rows_max", 70)
    site = await make_site("text", CLASSES)
    job = await site.enqueue(_file(ROWS))
    runs = [asyncio.create_task(job_runs.run(site.context, job.hex, import_items)) for _ in range(3)]
    await asyncio.gather(*runs)
    assert (await site.job(job))["run"] == 3
    await _check(site, job, ROWS)


async def test_the_worker_is_killed_in_the_middle(make_site: MakeSite, database_url: str) -> None:
    """kill -9 of a child, or of parent and children, at random points of a real worker's import."""
    count, moments = 200_000, random.Random(11)
    site = await make_site("text", CLASSES)
    job = await site.enqueue(_file(count))
    worker = WorkerProcess(database_url, site.context.settings.data_dir)
    try:
        worker.start()
        for kill in ("child", "all", "child"):
            before = await site.database.pool.fetchval("SELECT count(*) FROM released_chunks")

            async def moved(wanted: int = before + moments.randint(1, 4)) -> bool:
                released = await site.database.pool.fetchval("SELECT count(*) FROM released_chunks")
                assert (await site.job(job))["state"] in ("waiting", "running"), "too fast to be killed"
                return bool(released >= wanted)

            await until(moved)
            await asyncio.sleep(moments.uniform(0, 0.1))
            if kill == "child":
                worker.kill_children()
            else:
                worker.kill_all()
                worker.start()

        async def ended() -> bool:
            return bool((await site.job(job))["ended_at"])

        await until(ended)
        assert (await site.job(job))["run"] == 4
        await _check(site, job, count)
        left = await site.platform.pool.fetchval("SELECT count(*) FROM jobs.procrastinate_jobs")
        await until(lambda: _is_empty(site)) if left else None
    finally:
        worker.stop()


async def _is_empty(site: Site) -> bool:
    return not await site.platform.pool.fetchval("SELECT count(*) FROM jobs.procrastinate_jobs")


async def test_a_worker_that_is_asked_to_stop_puts_the_job_back(
    make_site: MakeSite, database_url: str
) -> None:
    count = 200_000
    site = await make_site("text", CLASSES)
    job = await site.enqueue(_file(count))
    worker = WorkerProcess(database_url, site.context.settings.data_dir)
    try:
        worker.start()

        async def begun() -> bool:
            return bool(await site.database.pool.fetchval("SELECT count(*) > 1 FROM released_chunks"))

        await until(begun)
        children = worker.children()
        os.kill(worker.pid, signal.SIGTERM)
        assert await asyncio.to_thread(worker.wait) == 0
        assert not [child for child in children if psutil.pid_exists(child)]
        row = await site.job(job)
        assert row["state"] == "running" and row["run"] == 1, "too fast to be stopped"
        assert await site.platform.pool.fetchval("SELECT status FROM jobs.procrastinate_jobs") == "todo"
        worker.start()

        async def ended() -> bool:
            return bool((await site.job(job))["ended_at"])

        await until(ended)
        await _check(site, job, count)
    finally:
        worker.stop()
