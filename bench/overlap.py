"""Dynamic overlap on the real crowds of ANNOTARY_SAMPLE_DATA: accuracy by the share of the answers used.

Deterministic: tasks and each task's answers come in orders drawn once, from seeds. Every replay ends as a
batch does whose outcomes are found anew: by `auto`, from the answers that were used.
"""

from __future__ import annotations

import os
from pathlib import Path
from statistics import fmean
from typing import Any

from annotary.dispatch.values import OverlapTarget
from annotary.quality.aggregators.tables import read_answers, read_known
from bench.overlap_replay import Outcome, Replay
from bench.report import Report, say

SETS = ("bluebird", "rte", "face_sentiment")
OVERLAP = 3
CONFIDENCES = (0.8, 0.9, 0.95, 0.98, 0.99)
BUDGETS = (0.35, 0.4, 0.5, 0.6, 0.8)
HALF = 0.5
ORDERS = 6
LOSS_MOST_POINTS = 0.5
# Whose skill is less than this far from chance (0) to never wrong (1) is paused, where anybody is.
PAUSE_ABOVE_CHANCE = 0.3


def run(quick: bool) -> Report:
    """Replay each set with targets of confidence, budgets and fixed overlaps."""
    orders = 1 if quick else ORDERS
    report = Report(
        name="overlap", command="python -m bench overlap", sizes={"orders": orders, "overlap": OVERLAP}
    )
    folder = Path(os.environ.get("ANNOTARY_SAMPLE_DATA", "")) / "crowd"
    for name in SETS:
        if not (folder / f"{name}.labels.csv").exists():
            continue
        say(f"{name} is answered again")
        curve = _curve([_replay(folder, name, seed) for seed in range(orders)], quick)
        report.details[name] = curve
        half = next(point for point in curve["budget"] if point["target"] == HALF)
        least = curve["all"] - LOSS_MOST_POINTS / 100
        report.add(f"{name}: accuracy with all answers", curve["all"], "")
        report.add(f"{name}: with half, fixed overlap", _between(curve["fixed"], half["share"]), "")
        report.add(f"{name}: with half, by budget", half["accuracy"], "")
        report.add(f"{name}: by budget, the worst paused", curve["paused"]["accuracy"], "", goal=least)
    return report


def _replay(folder: Path, name: str, seed: int) -> Replay:
    table = read_answers((folder / f"{name}.labels.csv").read_bytes(), name)
    truth = table.numbers_of(read_known((folder / f"{name}.truth.csv").read_bytes(), name))
    return Replay(table.answers(), truth, seed)


def _curve(replays: list[Replay], quick: bool) -> dict[str, Any]:
    count = len(replays[0].answers)
    most = max(map(len, replays[0].by_task))
    fixed = sorted({2, 3, 4, 5, 7, most // 3, most // 2, 2 * most // 3, most})
    confidences, budgets = (CONFIDENCES[2:3], (HALF,)) if quick else (CONFIDENCES, BUDGETS)
    classes = replays[0].answers.classes
    pause_below = 1 / classes + PAUSE_ABOVE_CHANCE * (1 - 1 / classes)
    by_half = OverlapTarget("budget", int(HALF * count), most)
    return {
        "paused": _mean(pause_below, [one.dynamic(by_half, OVERLAP, pause_below) for one in replays]),
        "all": fmean(replay.all() for replay in replays),
        "fixed": [_mean(overlap, [one.fixed(overlap) for one in replays]) for overlap in fixed],
        "confidence": [
            _mean(value, [one.dynamic(OverlapTarget("confidence", value, most), OVERLAP) for one in replays])
            for value in confidences
        ],
        "budget": [
            _mean(
                share,
                [one.dynamic(OverlapTarget("budget", int(share * count), most), OVERLAP) for one in replays],
            )
            for share in budgets
        ],
    }


def _mean(target: float, outcomes: list[Outcome]) -> dict[str, float]:
    names = Outcome._fields
    means = (fmean(getattr(one, name) for one in outcomes) for name in names)
    return {"target": target, **{name: round(mean, 4) for name, mean in zip(names, means, strict=True)}}


def _between(curve: list[dict[str, float]], share: float) -> float:
    """Return the accuracy of a fixed overlap at a share of the answers, between those that were tried."""
    below = max((one for one in curve if one["share"] <= share), key=lambda one: one["share"])
    above = min((one for one in curve if one["share"] >= share), key=lambda one: one["share"])
    width = above["share"] - below["share"]
    part = (share - below["share"]) / width if width else 0.0
    return below["accuracy"] + part * (above["accuracy"] - below["accuracy"])
