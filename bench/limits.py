"""How far the same Postgres goes without us: pgbench, whose 32 clients claim and submit one row at a time."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from annotary.infra.embedded.binaries import postgres_program
from bench import statements

CLIENTS = 32
TASKS = 200_000
HERE = Path(__file__).parent
OPTIONS = "-c search_path=bench_limit -c enable_seqscan=off -c plan_cache_mode=force_generic_plan -c jit=off"


def pgbench_labels(url: str, seconds: float) -> dict[str, Any]:
    """Return the labels/s and mean latency that pgbench reaches: a claim and a submit, each one transaction.

    The tables are copies of the text service's, with all their indexes and checks, and hold `TASKS` tasks.
    """
    statements.ask(url, _make_tables)
    command = [
        *(postgres_program("pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1"),
        *("-T", str(max(1, round(seconds))), "-f", HERE / "limits_label.sql", url),
    ]
    done = subprocess.run(
        command, env={**os.environ, "PGOPTIONS": OPTIONS}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"pgbench ended with {done.returncode}: {done.stderr[-1000:]}")
    statements.ask(url, lambda connection: connection.execute("DROP SCHEMA bench_limit CASCADE"))
    return {
        "labels_per_second": _number(r"tps = ([\d.]+)", done.stdout),
        "label_ms_mean": _number(r"latency average = ([\d.]+) ms", done.stdout),
        "clients": CLIENTS,
        "tasks": TASKS,
    }


async def _make_tables(connection: Any) -> None:
    await connection.execute(
        (HERE / "limits_tables.sql").read_text().replace(":tasks", str(TASKS)), timeout=600
    )
    await connection.execute("VACUUM (ANALYZE)", timeout=600)


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    assert found, text
    return float(found[1])
