"""How much memory a process and all below it really take: shared pages are counted once (PSS)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

KIBIBYTE = 1024


def family_pss_bytes(pid: int) -> int | None:
    """Return the proportional set size of a process and its descendants, None where the kernel hides it."""
    children = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (parent := _parent(entry)) is not None:
            children[parent].append(int(entry.name))
    family, total = [pid], 0
    while family:
        one = family.pop()
        family += children[one]
        own = pss_bytes(one)
        if own is None and one == pid:
            return None
        total += own or 0
    return total


def pss_bytes(pid: int) -> int | None:
    """Return the proportional set size of one process, None where the kernel hides it."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * KIBIBYTE for line in lines if line.startswith("Pss:")), None)


def _parent(process: Path) -> int | None:
    try:
        text = (process / "stat").read_text(errors="replace")
    except OSError:
        return None
    return int(text.rpartition(")")[2].split()[1])
