"""From acceptance to the trainer: outcomes followed by a program of its own while people label at a pace.

`measure_feed(report, stand, seconds)` adds to a report. Run as a program, this module is that trainer.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from typing import IO

from annotary.client import Client
from bench.label_loop import percentile
from bench.labels import fresh_project
from bench.paced import PacedLoop
from bench.report import Report, say
from bench.stand import Stand
from bench.texts import BAD, GOOD

LABELS_PER_SECOND = 500.0
PEOPLE = 32
SECONDS, SECONDS_QUICK = 20.0, 3.0
LEFT_OUT_SECONDS = 1.0
WAIT_SECONDS_MAX = 120.0


def run(quick: bool) -> Report:
    """Measure in an installation of its own."""
    from bench.stand import installation

    sizes = {"labels_per_second": LABELS_PER_SECOND, "people": PEOPLE}
    report = Report(name="events-feed", command="python -m bench.events_feed", sizes=sizes)
    with installation() as stand:
        measure_feed(report, stand, SECONDS_QUICK if quick else SECONDS)
    return report


def measure_feed(report: Report, stand: Stand, seconds: float) -> None:
    """Let people label at 500 a second, and add how long each outcome took to reach a trainer.

    A latency is from the event's time, when the outcome was written, to when the trainer has it; both are
    clocks of this machine. The first second, in which all begin at once, is left out.
    """
    count = int(LABELS_PER_SECOND * seconds)
    project, tokens = fresh_project(stand, count + 2_000, PEOPLE)
    argv = [sys.executable, "-m", "bench.events_feed", stand.url, stand.owner_token, project]
    told: list[tuple[float, float]] = []
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as trainer:
        assert trainer.stdout is not None
        assert trainer.stdout.readline() == "ready\n"
        hearing = threading.Thread(target=_hear, args=(trainer.stdout, told), daemon=True)
        hearing.start()
        loop = PacedLoop(stand.address, tokens, "text", project, (GOOD, BAD), claim_next=False)
        began = time.time()
        labels = len(loop.claim_times(LABELS_PER_SECOND, seconds))
        took = time.time() - began
        loop.close()
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while len(told) < labels and time.monotonic() < deadline:
            time.sleep(0.05)
        trainer.terminate()
        hearing.join()
    assert len(told) == labels, f"{labels} were labelled, {len(told)} came"
    late = [latency for at, latency in told if at > began + LEFT_OUT_SECONDS]
    say(f"{labels / took:.0f} labels/s were followed")
    report.add("labels while they were followed", labels / took, "labels/s")
    report.add("accept to trainer, p50", percentile(late, 0.5), "s")
    report.add("accept to trainer, p99", percentile(late, 0.99), "s", goal=1.0, bound="at most")
    report.add("accept to trainer, longest", max(late), "s")


def _hear(lines: IO[str], told: list[tuple[float, float]]) -> None:
    for line in lines:
        at, latency = line.split()
        told.append((float(at), float(latency)))


def _train(url: str, token: str, project: str) -> None:
    """Follow a project until this is ended; prints when each outcome was accepted, and how long it took."""
    with Client(url, token) as client:
        print("ready", flush=True)
        for change in client.stream_outcomes(project):
            now = datetime.now(UTC)
            print(change.time.timestamp(), (now - change.time).total_seconds(), flush=True)


if __name__ == "__main__":
    _train(*sys.argv[1:4])
