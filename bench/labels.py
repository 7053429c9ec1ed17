"""The label loop: two calls, and submit-and-next, for 1, 8 and 32 people over 10k, 100k and 1M texts."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench import limits, processes, statements
from bench.label_loop import LabelLoop, Measured, percentile
from bench.report import Report, say
from bench.stand import Stand, installation
from bench.texts import BAD, CLASSES, GOOD, write_rows

PEOPLE = (1, 8, 32)
SIZES = (10_000, 100_000, 1_000_000)
SIZES_QUICK = (10_000, 20_000)
SECONDS = 8.0
SECONDS_QUICK = 2.0
WARM_SECONDS = 1.0
# A project of 10k texts is used up by one run; what is left keeps every annotator busy to its end.
LABELS_SHARE_MAX = 0.8
OURS = ("text", "worker", "other services", "postgres", "edge")


class Cell(NamedTuple):
    """One run: how many people, over how many tasks, in which way, and what came of it."""

    tasks: int
    people: int
    claim_next: bool
    measured: Measured
    cpu_milliseconds: dict[str, float]

    def row(self) -> dict[str, Any]:
        """Return the numbers of the run."""
        found = self.measured
        times = {"claim": found.claim_seconds, "submit": found.submit_seconds}
        return {
            "tasks": self.tasks,
            "annotators": self.people,
            "mode": "submit-and-next" if self.claim_next else "two calls",
            "labels": found.labels,
            "labels_per_second": round(found.labels_per_second, 1),
            **{
                f"{call}_ms_p{share * 100:.0f}": round(1000 * percentile(seconds, share), 2)
                for call, seconds in times.items()
                for share in (0.5, 0.99)
                if seconds
            },
            "cpu_ms_per_label": {name: round(value, 3) for name, value in self.cpu_milliseconds.items()},
        }

    @property
    def cpu_of_ours(self) -> float:
        """Milliseconds of CPU a label that the product takes."""
        return sum(self.cpu_milliseconds[name] for name in OURS)


def run(quick: bool) -> Report:
    """Measure, in one run: the loop, what its calls cost, and what pgbench reaches on the same Postgres."""
    sizes, seconds = (SIZES_QUICK, SECONDS_QUICK) if quick else (SIZES, SECONDS)
    report = Report(
        name="labels", command="python -m bench labels", sizes={"tasks": sizes, "seconds": seconds}
    )
    with installation() as stand:
        cells = [cell for size in sizes for cell in _cells(stand, size, seconds)]
        statement_counts = _statements(stand)
        pgbench = limits.pgbench_labels(stand.database_url, seconds)
    _judge(report, cells, statement_counts, pgbench)
    report.details = {
        "runs": [cell.row() for cell in cells],
        "statements_per_call": statement_counts,
        "pgbench": pgbench,
    }
    return report


def groups_of(stand: Stand) -> dict[str, list[int]]:
    """Return the processes of an installation by kind."""
    pids = stand.pids()
    named = {name: [pids.pop(name)] for name in ("text", "worker", "postgres", "edge")}
    return {**named, "other services": list(pids.values())}


def fresh_project(stand: Stand, tasks: int, people: int) -> tuple[str, list[str]]:
    """Make a project with so many text tasks and people, and let Postgres tidy up after the import."""
    began = time.monotonic()
    project = stand.project(f"{tasks} texts", "text", CLASSES)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "rows.jsonl"
        write_rows(file, tasks)
        stand.import_rows(project, file)
    statements.vacuum(stand.database_url)
    tokens = stand.annotators(project, people)
    say(f"{tasks} texts for {people} annotators, made in {time.monotonic() - began:.1f} s")
    return project, tokens


def _cells(stand: Stand, tasks: int, seconds: float) -> Iterator[Cell]:
    used_up_by_one = tasks <= max(PEOPLE) * 1000
    for claim_next in (False, True):
        project, tokens = fresh_project(stand, tasks, max(PEOPLE))
        for people in PEOPLE:
            if used_up_by_one and people != PEOPLE[0]:
                project, tokens = fresh_project(stand, tasks, people)
            loop = LabelLoop(
                stand.address, tokens[:people], "text", project, (GOOD, BAD), claim_next=claim_next
            )
            labels_max = int(tasks * LABELS_SHARE_MAX)
            cell = measure(loop, stand, tasks, people, claim_next, seconds, labels_max)
            loop.close()
            say(f"{cell.row()}")
            yield cell


def measure(
    loop: LabelLoop, stand: Stand, tasks: int, people: int, claim_next: bool, seconds: float, labels_max: int
) -> Cell:
    """Warm up, then measure the loop and the CPU time of every kind of process."""
    groups = groups_of(stand)
    warm = loop.run(WARM_SECONDS, labels_max // 4)
    before = processes.cpu_by_group(groups)
    measured = loop.run(seconds, labels_max - warm.labels)
    after = processes.cpu_by_group(groups)
    cpu = {name: 1000 * (after[name] - before[name]) / measured.labels for name in groups}
    cpu["client"] = 1000 * measured.client_cpu_seconds / measured.labels
    return Cell(tasks, people, claim_next, measured, cpu)


def _statements(stand: Stand) -> dict[str, float]:
    """Count, for one person alone, the statements that a call takes: nobody shares a group then."""
    project, tokens = fresh_project(stand, 5_000, 1)
    found = {}
    for mode, claim_next in (("two calls", False), ("submit-and-next", True)):
        loop = LabelLoop(stand.address, tokens, "text", project, (GOOD, BAD), claim_next=claim_next)
        loop.run(0.5, 500)
        # What the worker asks in the background belongs to no call.
        with processes.frozen(stand.pid("worker")), statements.counted(stand.database_url) as counts:
            measured = loop.run(2.0, 1_000)
        found[mode] = statements.per_call(counts, measured.calls)
        loop.close()
    return found


def _judge(report: Report, cells: list[Cell], counts: dict[str, float], pgbench: dict[str, Any]) -> None:
    """Hold the numbers against their goals. Speed and CPU are those of the middle size, 100k."""
    size = sorted({cell.tasks for cell in cells})[len({cell.tasks for cell in cells}) // 2]
    by = {(cell.tasks, cell.people, cell.claim_next): cell for cell in cells}
    two, following, eight = by[size, 32, False], by[size, 32, True], by[size, 8, False]
    report.add("two calls, 32 annotators", two.measured.labels_per_second, "labels/s", goal=1000, aim=1500)
    report.add(
        "submit-and-next, 32 annotators",
        following.measured.labels_per_second,
        "labels/s",
        goal=1400,
        aim=2500,
    )
    for name, cell in (("two calls", two), ("submit-and-next", following)):
        report.add(f"CPU a label, {name}, 32 annotators", cell.cpu_of_ours, "ms", goal=1.5, bound="at most")
        for part, value in cell.cpu_milliseconds.items():
            report.add(f"    {part}", value, "ms")
    claim_p99 = 1000 * percentile(eight.measured.claim_seconds, 0.99)
    report.add("claim p99, 8 annotators", claim_p99, "ms", goal=15, bound="at most")
    for name, count in counts.items():
        report.add(f"statements a call, {name}", count, "", goal=2, bound="at most")
    share = two.measured.labels_per_second / pgbench["labels_per_second"]
    report.add("pgbench, 32 clients, one row each", pgbench["labels_per_second"], "labels/s")
    report.add("two calls, share of pgbench", share, "", goal=0.5)
    for cell in cells:
        row = cell.row()
        calls = ", ".join(
            f"{key[:-7]} {key[-3:]} {row[key]:g}" for key in row if "_ms_p5" in key or "_ms_p9" in key
        )
        report.add(
            f"{cell.tasks} tasks, {cell.people} annotators, {row['mode']} ({calls} ms)",
            cell.measured.labels_per_second,
            "labels/s",
        )
