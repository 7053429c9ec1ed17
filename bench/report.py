"""What a measurement found, beside its goals: as a table on the screen and as a file."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"
ROOT = Path(__file__).parents[1]


class Figure(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One number with its unit; `goal` is the most or the least it may be."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    bound: Literal["at least", "at most"] = "at least"
    aim: float | None = None

    @property
    def meets(self) -> bool | None:
        """Whether the goal is met; None without a goal."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.bound == "at least" else self.value <= self.goal


class Report(msgspec.Struct, kw_only=True):
    """All that one bench found, and how it was made. `notes` say what could not be measured, and why."""

    name: str
    command: str
    sizes: dict[str, Any]
    figures: list[Figure] = []
    details: dict[str, Any] = {}
    notes: list[str] = []
    made: dict[str, Any] = {}

    def add(self, name: str, value: float, unit: str, **goal: Any) -> None:
        """Add a figure, rounded to four digits."""
        self.figures.append(Figure(name=name, value=float(f"{value:.4g}"), unit=unit, **goal))

    @property
    def met(self) -> bool:
        """Whether no goal was missed."""
        return all(figure.meets is not False for figure in self.figures)

    def finish(self, keep: bool) -> None:
        """Note how it was made, and write the file when it is to be kept."""
        self.made = circumstances()
        if not keep:
            return
        RESULTS.mkdir(exist_ok=True)
        text = msgspec.json.format(msgspec.json.encode(self), indent=1)
        (RESULTS / f"{self.name}.json").write_bytes(text + b"\n")


def circumstances() -> dict[str, Any]:
    """Return when, from what and on what machine a measurement was made."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    model = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": {
            "cores": os.cpu_count(),
            "processor": model[0] if model else platform.machine(),
            "memory_gib": round(memory / 2**30, 1),
            "kernel": platform.release(),
            "load_1m": os.getloadavg()[0],
        },
        "python": platform.python_version(),
    }


def _commit() -> str:
    """Return the commit, with a mark when the tree differs from it."""
    asked = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "none"


def say(words: str) -> None:
    """Tell how far a measurement is, beside its result."""
    print(words, file=sys.stderr, flush=True)


def show(report: Report) -> None:
    """Print the table on the screen."""
    table = Table(title=f"{report.name}: {report.command}", title_justify="left")
    for column in ("", "found", "goal", "", "aim"):
        table.add_column(column, justify="right" if column in ("found", "goal", "aim") else "left")
    for figure in report.figures:
        goal = f"{figure.bound} {figure.goal:g}" if figure.goal is not None else ""
        word = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}[figure.meets]
        aim = f"{figure.aim:g}" if figure.aim is not None else ""
        table.add_row(figure.name, f"{figure.value:g} {figure.unit}", goal, word, aim)
    Console().print(table)
    for note in report.notes:
        Console().print(note, highlight=False)
