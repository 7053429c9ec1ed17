"""Importing texts until they can be claimed, beside COPY of the same final rows on the same server."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg

from bench import statements
from bench.report import Report, say
from bench.stand import Stand, installation
from bench.texts import CLASSES, write_rows

SIZES = (100_000, 1_000_000)
SIZES_QUICK = (20_000,)
# Where the rows of an import end up; each has all its indexes while it is copied into.
TABLES = ("platform.items", "text.tasks", "text.task_items")


def run(quick: bool) -> Report:
    """Measure from the request to import to the end of the job: every task can be claimed then."""
    sizes = SIZES_QUICK if quick else SIZES
    report = Report(name="imports", command="python -m bench imports", sizes={"rows": sizes})
    for size in sizes:
        with installation() as stand:
            seconds = _import(stand, size)
            copy_seconds = asyncio.run(_copy(stand.database_url))
        rate, copy_rate = size / seconds, size / sum(copy_seconds.values())
        report.add(f"{size} rows: imported", rate, "rows/s", goal=60_000)
        report.add(f"{size} rows: COPY of the same", copy_rate, "rows/s")
        report.add(f"{size} rows: share of COPY", rate / copy_rate, "", goal=0.3)
        with installation() as stand:
            shuffled_seconds = _import(stand, size, "shuffled")
        report.add(f"{size} rows: imported in shuffled order", size / shuffled_seconds, "rows/s", goal=60_000)
        report.details[str(size)] = {
            "import_seconds": seconds,
            "copy_seconds": copy_seconds,
            "shuffled_seconds": shuffled_seconds,
        }
        say(f"{size}: {report.details[str(size)]}")
    return report


def _import(stand: Stand, rows: int, order: str = "imported") -> float:
    project = stand.project("texts", "text", CLASSES)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "rows.jsonl"
        write_rows(file, rows)
        upload = stand.upload(file)
        began = time.monotonic()
        asked = {"project": project, "format": "jsonl", "upload": upload, "batch": {"order": order}}
        stand.await_job(stand.call("POST", "/v1/imports", asked)["id"])
        seconds = time.monotonic() - began
    made = statements.ask(
        stand.database_url, lambda connection: connection.fetchval("SELECT count(*) FROM text.tasks")
    )
    assert made == rows, f"{made} tasks of {rows} rows"
    return seconds


async def _copy(url: str) -> dict[str, float]:
    """Copy the imported rows into empty tables of the same shape and indexes; returns the seconds of each."""
    connection: Any = await asyncpg.connect(url)
    seconds = {}
    try:
        await connection.execute("CREATE SCHEMA bench_copy")
        for table in TABLES:
            name = table.partition(".")[2]
            await connection.execute(f"CREATE TABLE bench_copy.{name} (LIKE {table} INCLUDING ALL)")
            with tempfile.NamedTemporaryFile() as file:
                await connection.copy_from_query(f"SELECT * FROM {table}", output=file, format="binary")
                file.seek(0)
                began = time.monotonic()
                await connection.copy_to_table(name, schema_name="bench_copy", source=file, format="binary")
                seconds[table] = time.monotonic() - began
    finally:
        await connection.close()
    return seconds
