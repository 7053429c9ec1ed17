"""What processes use: CPU time and memory by /proc, in groups of the same kind."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")


def children() -> dict[int, list[int]]:
    """Return the children of every process."""
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            found.setdefault(int(fields[1]), []).append(int(entry.name))
    return found


def family(pid: int) -> list[int]:
    """Return a process and everything below it."""
    below, members = children(), [pid]
    for member in members:
        members.extend(below.get(member, []))
    return members


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process and everything below it, also of children that ended."""
    total = 0
    for member in family(pid):
        if fields := _stat(member):
            total += sum(int(field) for field in fields[11:15])
    return total * TICK_SECONDS


def cpu_by_group(groups: Mapping[str, list[int]]) -> dict[str, float]:
    """Return the CPU time of each group of processes."""
    return {name: sum(cpu_seconds(pid) for pid in pids) for name, pids in groups.items()}


def pss_bytes(pid: int) -> int:
    """Return the proportional set size of one process: a shared page is divided among its users."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    line = next(line for line in text.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) * 1024


def rss_bytes(pid: int) -> int:
    """Return the resident set size of one process."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def parent(pid: int) -> int:
    """Return the process that a process is a child of, or 0."""
    return int(fields[1]) if (fields := _stat(pid)) else 0


@contextlib.contextmanager
def frozen(pid: int) -> Iterator[None]:
    """Stop a process and everything below it for a while."""
    members = family(pid)
    for member in members:
        os.kill(member, signal.SIGSTOP)
    try:
        yield
    finally:
        for member in members:
            os.kill(member, signal.SIGCONT)


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat after the name: state is 0, parent 1, times 11 to 14 (proc(5))."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
