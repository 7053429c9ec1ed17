"""Nothing acknowledged is lost and nothing is doubled, whatever is killed in the middle of the work."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest
from bench.report import Report
from bench.stand import Stand
from bench.texts import CLASSES, write_rows

from acceptance.durability import record
from acceptance.durability.crew import Journal, Person

pytestmark = pytest.mark.alone

PEOPLE = 8
OVERLAP = 2
LEASE_SECONDS = 5
VICTIMS = ("text", "worker", "edge", "postgres", "platform")
RESTART_SECONDS_MAX = 240.0
CONSENSUS_SECONDS_MAX = 240.0


def test_a_short_run_with_three_kills(stand: Stand, tmp_path: Path) -> None:
    work_while_killing(stand, tmp_path, operations=2_000, victims=["postgres", "text", "edge"], seed=7)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_fifty_thousand_operations_with_kills_throughout(stand: Stand, tmp_path: Path) -> None:
    chance = random.Random(11)
    victims = [*VICTIMS, *chance.choices(VICTIMS, k=20)]
    journal = work_while_killing(stand, tmp_path, operations=50_000, victims=victims, seed=11)
    report = Report(name="durability", command="make soak", sizes={"people": PEOPLE, "overlap": OVERLAP})
    report.add("operations", journal.operations, "", goal=50_000)
    report.add("kill -9", len(victims), "")
    report.add("calls without an answer, repeated", journal.outages, "")
    report.add("submissions acknowledged", len(journal.submissions), "")
    # The comparison would have failed otherwise.
    report.add("lost", 0, "", goal=0, bound="at most")
    report.add("doubled", 0, "", goal=0, bound="at most")
    report.finish(keep=True)


def work_while_killing(stand: Stand, place: Path, operations: int, victims: list[str], seed: int) -> Journal:
    """Let a crew work, kill at seeded moments, and hold the database against what the crew was told."""
    file = place / "rows.jsonl"
    write_rows(file, operations // 3)
    project = stand.project("kill", "text", CLASSES, overlap=OVERLAP, lease_seconds=LEASE_SECONDS)
    stand.import_rows(project, file)
    journal = Journal()
    people = [
        Person(stand.address, token, project, 100 * seed + number, journal, operations)
        for number, token in enumerate(stand.annotators(project, PEOPLE))
    ]
    for person in people:
        person.start()
    chance = random.Random(seed)
    moments = sorted(chance.sample(range(operations // 10, operations * 9 // 10), len(victims)))
    for moment, victim in zip(moments, victims, strict=True):
        await_operations(journal, moment)
        kill(stand, victim, journal)
    for person in people:
        person.join()
    assert not journal.errors, journal.errors
    assert journal.operations >= operations and journal.outages > 0, "the kills were not even noticed"
    compare(stand.database_url, project.removeprefix("prj_"), journal)
    return journal


def await_operations(journal: Journal, count: int) -> None:
    """Wait until the crew has come so far."""
    deadline = time.monotonic() + 600
    while journal.operations < count and not journal.errors:
        assert time.monotonic() < deadline, f"only {journal.operations} operations, and no more come"
        time.sleep(0.005)


def kill(stand: Stand, victim: str, journal: Journal) -> None:
    """Kill a part, and wait until the supervisor has brought up another in its place."""
    before = stand.pid(victim)
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + RESTART_SECONDS_MAX
    while not any(
        process.name == victim and process.pid != before and process.state == "healthy"
        for process in stand.record().processes
    ):
        assert time.monotonic() < deadline, f"{victim} did not come back"
        assert not journal.errors, journal.errors
        time.sleep(0.02)


def compare(url: str, project: str, journal: Journal) -> None:
    """Hold the tables against the journal and against themselves."""
    stored = {
        row["id"]: (row["assignment"], row["label"]) for row in record.read(url, record.SUBMISSIONS, project)
    }
    told = journal.submissions
    assert not told.keys() - stored.keys(), f"lost: {len(told.keys() - stored.keys())} of {len(told)}"
    assert not stored.keys() - told.keys(), (
        "answers are stored that nobody was told of, though all calls had an answer"
    )
    assert stored == told
    drafts = {(row["task"], row["label"]) for row in record.read(url, record.DRAFTS, project)}
    assert {(task, label) for (_, task), label in journal.drafts.items()} <= drafts
    deadline = time.monotonic() + CONSENSUS_SECONDS_MAX
    while waiting := record.read(url, record.WITHOUT_OUTCOME)[0]["count"]:
        assert time.monotonic() < deadline, f"{waiting} finished tasks have no outcome"
        time.sleep(0.2)
    assert record.broken_promises(url) == []
