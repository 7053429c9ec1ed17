"""Starting and standing still: the first start, a warm one, idle memory by process, and installing."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from bench import processes
from bench.report import ROOT, Report
from bench.stand import Stand, await_starter, folder, start, stop

IDLE_SECONDS = 10.0
IDLE_SECONDS_QUICK = 1.0
MEGABYTE = 1_000_000
MEBIBYTE = 2**20


def run(quick: bool) -> Report:
    """Measure until the edge answers for every service; memory after a while without requests."""
    report = Report(
        name="start",
        command="python -m bench start",
        sizes={"idle_seconds": IDLE_SECONDS_QUICK if quick else IDLE_SECONDS},
    )
    with folder() as data_dir:
        for name, goal in (("first", 15), ("warm", 6)):
            stand = start(data_dir, starter=True)
            try:
                report.add(
                    f"{name} up until all answers", stand.start_seconds, "s", goal=goal, bound="at most"
                )
                if name == "first":
                    began = time.monotonic()
                    await_starter(stand)
                    report.add("starter projects, after that", time.monotonic() - began, "s")
                else:
                    time.sleep(report.sizes["idle_seconds"])
                    _memory(report, stand)
            finally:
                stop(stand)
    if not quick:
        _install(report)
    return report


def _memory(report: Report, stand: Stand) -> None:
    """Add the proportional set size of every process, children with their parent."""
    named = {pid: name for name, pid in stand.pids().items()}
    found: dict[str, int] = dict.fromkeys(["supervisor", *named.values()], 0)
    owner = {stand.process.pid: "supervisor"}
    for pid in processes.family(stand.process.pid):
        owner[pid] = named.get(pid) or owner.get(pid) or owner.get(processes.parent(pid), "supervisor")
        found[owner[pid]] += processes.pss_bytes(pid)
    total = sum(found.values())
    report.add("idle memory of everything", total / MEBIBYTE, "MiB PSS", goal=600, bound="at most")
    for name, size in found.items():
        report.add(f"    {name}", size / MEBIBYTE, "MiB PSS")


def _install(report: Report) -> None:
    """Install the project into an empty environment, as a user does."""
    with tempfile.TemporaryDirectory(prefix="annotary-install-") as place:
        environment = Path(place) / "venv"
        venv.create(environment, with_pip=True)
        before = _size(environment)
        began = time.monotonic()
        subprocess.run(
            [environment / "bin" / "python", "-m", "pip", "install", "--quiet", ROOT],
            check=True,
            stdout=sys.stderr,
        )
        seconds = time.monotonic() - began
        report.add("pip install .", seconds, "s", goal=60, bound="at most")
        installed = (_size(environment) - before) / MEGABYTE
        report.add("what it put on disk", installed, "MB", goal=500, bound="at most")


def _size(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*") if not file.is_dir())
