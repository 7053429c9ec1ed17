"""Exporting a project: tasks a second, and the most memory that any process of the worker took."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

from bench import processes
from bench.report import Report, say
from bench.stand import Stand, installation
from bench.texts import CLASSES, write_rows

SIZES = (100_000, 1_000_000)
SIZES_QUICK = (20_000,)
WATCH_SECONDS = 0.05
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
            seconds, peak_bytes = _export(stand, project)
        report.add(f"{size} tasks: exported", size / seconds, "tasks/s", goal=100_000)
        report.add(f"{size} tasks: peak memory", peak_bytes / MEBIBYTE, "MiB RSS", goal=300, bound="at most")
        say(f"{size} tasks in {seconds:.1f} s, at most {peak_bytes / MEBIBYTE:.0f} MiB")
    return report


def _export(stand: Stand, project: str) -> tuple[float, int]:
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
    stand.await_job(job["id"])
    seconds = time.monotonic() - began
    ended.set()
    watching.join()
    return seconds, peaks[0]
