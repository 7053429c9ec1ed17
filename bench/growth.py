"""Whether claiming stays as fast when there is a hundred times as much to claim."""

from __future__ import annotations

import statistics

from bench.label_loop import LabelLoop, percentile
from bench.labels import fresh_project
from bench.report import Report, say
from bench.stand import installation
from bench.texts import BAD, GOOD

PEOPLE = 8
ROUNDS = 7
LABELS_A_ROUND = 1_000
SIZES = (10_000, 1_000_000)
SIZES_QUICK = (10_000, 50_000)


def run(quick: bool) -> Report:
    """Measure claims of 10k and of 1M tasks in turn, in two installations on the same machine."""
    few, many = SIZES_QUICK if quick else SIZES
    rounds = 3 if quick else ROUNDS
    report = Report(
        name="growth",
        command="python -m bench growth",
        sizes={"tasks": [few, many], "rounds": rounds, "annotators": PEOPLE},
    )
    with installation() as small, installation() as large:
        projects = [fresh_project(small, few, PEOPLE), fresh_project(large, many, PEOPLE)]
        loops = [
            LabelLoop(stand.address, tokens, "text", project, (GOOD, BAD), claim_next=False)
            for stand, (project, tokens) in zip((small, large), projects, strict=True)
        ]
        for loop in loops:
            loop.run(1.0, LABELS_A_ROUND)
        medians: list[list[float]] = [[], []]
        for _ in range(rounds):
            for loop, found in zip(loops, medians, strict=True):
                measured = loop.run(30.0, LABELS_A_ROUND)
                found.append(1000 * percentile(measured.claim_seconds, 0.5))
            say(f"claim p50: {[found[-1] for found in medians]} ms")
    at_few, at_many = (statistics.median(found) for found in medians)
    report.add(f"claim p50, {few} tasks", at_few, "ms")
    report.add(f"claim p50, {many} tasks", at_many, "ms")
    report.add("times as long", at_many / at_few, "", goal=1.2, bound="at most")
    report.details = {str(few): medians[0], str(many): medians[1]}
    return report
