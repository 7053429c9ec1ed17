"""What annotators of text feel of trouble elsewhere: their claims stay as fast as they were."""

from __future__ import annotations

import contextlib
import statistics
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from bench.label_loop import LabelLoop, percentile
from bench.paced import PacedLoop
from bench.report import Report, say
from bench.texts import BAD, GOOD

from acceptance.isolation import trouble
from acceptance.isolation.conftest import Ward
from acceptance.isolation.test_isolation import PATHS, WELL_SECONDS_MAX, answers, is_refused

TEXTS = 100_000
RUNS = 5
SECONDS = 6.0
CAPACITY_SHARE = 0.3
SLOWER_MAX = 1.25
SLOWER_SECONDS_MAX = 0.005

TROUBLES: dict[str, tuple[str, Callable[[Ward], AbstractContextManager[Any]]]] = {
    "video killed": ("video", lambda ward: trouble.killed(ward.stand, "video")),
    "video hung": ("video", lambda ward: trouble.hung(ward.stand, ward.clips, ward.clip_token)),
    "video flooded": ("", lambda ward: trouble.flooded(ward.stand, ward.flood, ward.flood_token)),
    "platform down": ("platform", lambda ward: trouble.stopped(ward.stand, "platform")),
}


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_trouble_elsewhere_does_not_slow_claims(ward: Ward) -> None:
    pace = CAPACITY_SHARE * capacity(ward)
    report = Report(
        name="isolation",
        command="make soak",
        sizes={"texts": TEXTS, "runs": RUNS, "seconds": SECONDS, "labels_per_second": round(pace)},
    )
    for name, (sick, make) in TROUBLES.items():
        before, during = alternate(ward, pace, sick, make)
        report.details[name] = {"claim_ms_p99_before": milliseconds(before), "during": milliseconds(during)}
        base, found = statistics.median(before), statistics.median(during)
        report.add(f"claim p99, all well (before: {name})", 1000 * base, "ms")
        allowed = 1000 * max(SLOWER_MAX * base, base + SLOWER_SECONDS_MAX)
        report.add(f"claim p99, {name}", 1000 * found, "ms", goal=round(allowed, 2), bound="at most")
        say(f"{name}: {report.details[name]}")
    report.finish(keep=True)
    assert report.met, [figure for figure in report.figures if figure.meets is False]


def capacity(ward: Ward) -> float:
    """Return the labels/s that the members reach when each works as fast as it can."""
    loop = LabelLoop(ward.stand.address, ward.people, "text", ward.texts, (GOOD, BAD), claim_next=False)
    loop.run(1.0)
    found = loop.run(4.0).labels_per_second
    loop.close()
    return found


def alternate(
    ward: Ward, pace: float, sick: str, make: Callable[[Ward], AbstractContextManager[Any]]
) -> tuple[list[float], list[float]]:
    """Measure the p99 of claims in good times and in trouble, in turn."""
    before, during = [], []
    for _ in range(RUNS):
        trouble.until(lambda: all(answers(ward, name) for name in PATHS), WELL_SECONDS_MAX, "all is well")
        before.append(claim_p99(ward, pace))
        with make(ward):
            if sick:
                trouble.until(lambda: is_refused(ward, sick), 8.0, f"the edge refuses {sick}")
            during.append(claim_p99(ward, pace))
    return before, during


def claim_p99(ward: Ward, pace: float) -> float:
    with contextlib.closing(
        PacedLoop(ward.stand.address, ward.people, "text", ward.texts, (GOOD, BAD), claim_next=False)
    ) as loop:
        return percentile(loop.claim_times(pace, SECONDS), 0.99)


def milliseconds(seconds: list[float]) -> list[float]:
    return [round(1000 * one, 2) for one in seconds]
