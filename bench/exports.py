"""Exporting a project: tasks a second, and the most memory that any process of the worker took."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from annotary.infra import queries
from bench import processes
from bench.report import Report, say
from bench.stand import Stand, installation
from bench.statements import ask, vacuum
from bench.texts import CLASSES, write_rows

SIZES = (100_000, 1_000_000)
SIZES_QUICK = (20_000,)
WATCH_SECONDS = 0.05
QUERIES = queries.load(__package__, "exports.sql")
MEBIBYTE = 2**20


def run(quick: bool) -> Report:
    """Measure from the request to export to the end of the job: the file can be fetched then."""
    sizes = SIZES_QUICK if quick else SIZES
    report = Report(name="exports", command="python -m bench exports", sizes={"tasks": sizes})
    for size in sizes:
        with installation() as stand:
            project = stand.project("texts", "text", CLASSES)
            with tempfile.TemporaryDirectory() as place:
                write_rows(Path(place) / "rows.jsonl", size)
                stand.import_rows(project, Path(place) / "rows.jsonl")
            _agree(stand)
            seconds, peak_bytes = _export(stand, project, size)
        report.add(f"{size} tasks: exported", size / seconds, "tasks/s", goal=100_000)
        report.add(f"{size} tasks: peak memory", peak_bytes / MEBIBYTE, "MiB RSS", goal=300, bound="at most")
        say(f"{size} tasks in {seconds:.1f} s, at most {peak_bytes / MEBIBYTE:.0f} MiB")
    return report


def _agree(stand: Stand) -> None:
    """Give every task an outcome: an export carries accepted ones only."""

    async def write(connection: Any) -> None:
        await connection.execute(QUERIES.agree, timeout=600)
        await connection.execute(QUERIES.end_tasks, timeout=600)

    ask(stand.database_url, write)
    vacuum(stand.database_url)


def _export(stand: Stand, project: str, size: int) -> tuple[float, int]:
    peaks = [0]
    ended = threading.Event()
    worker = stand.pid("worker")

    def watch() -> None:
        while not ended.wait(WATCH_SECONDS):
            peaks[0] = max(peaks[0], *(processes.rss_bytes(pid) for pid in processes.family(worker)))

    watching = threading.Thread(target=watch)
    watching.start()
    began = time.monotonic()
    job = stand.call("POST", "/v1/exports", {"project": project, "format": "jsonl"})
    exported = stand.await_job(job["id"])["result"]["tasks"]
    assert exported == size, f"{exported} tasks in the file, expected {size}"
    seconds = time.monotonic() - began
    ended.set()
    watching.join()
    return seconds, peaks[0]
