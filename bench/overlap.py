"""Dynamic overlap on the real crowds of ANNOTARY_SAMPLE_DATA: accuracy by the share of the answers used.

Deterministic: tasks and each task's answers come in orders drawn once, from seeds. Every replay ends as a
batch does whose outcomes are found anew: by `auto`, from the answers that were used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from annotary.projects.overlap import OverlapTarget
from annotary.quality.aggregators.tables import read_answers, read_known
from bench.overlap_replay import Outcome, Replay
from bench.report import Report, say

SETS = ("bluebird", "rte", "face_sentiment")
OVERLAP = 3
CONFIDENCES = (0.9, 0.95, 0.98)
BUDGETS = (0.4, 0.5, 0.7)
HALF = 0.5
ORDERS = 6
PROCESSES = 2
LOSS_MOST_POINTS = 0.5
# Whose skill is less than this far from chance (0) to never wrong (1) is paused, where anybody is.
PAUSE_ABOVE_CHANCE = 0.3
# Half of a 95 % interval, in standard errors.
INTERVAL_ERRORS = 1.96
# What one replay is asked for, of all orders.
Ask = Callable[[Replay], Outcome]


def run(quick: bool) -> Report:
    """Replay each set with targets of confidence, budgets and fixed overlaps."""
    orders = 2 if quick else ORDERS
    report = Report(
        name="overlap", command="python -m bench overlap", sizes={"orders": orders, "overlap": OVERLAP}
    )
    folder = Path(os.environ.get("ANNOTARY_SAMPLE_DATA", "")) / "crowd"
    with ProcessPoolExecutor(PROCESSES) as processes:
        for name in SETS:
            if not (folder / f"{name}.labels.csv").exists():
                continue
            say(f"{name} is answered again")
            curve = _Curve(folder, name, orders, processes).drawn(quick)
            report.details[name] = curve
            _add(report, name, curve)
    return report


def _add(report: Report, name: str, curve: dict[str, Any]) -> None:
    half, paused = (
        next(point for point in curve[kind] if point["target"] == HALF) for kind in ("budget", "paused")
    )
    least = curve["all"] - LOSS_MOST_POINTS / 100
    report.add(f"{name}: accuracy with all answers", curve["all"], "")
    report.add(f"{name}: with half, fixed overlap", _between(curve["fixed"], half["share"]), "")
    report.add(f"{name}: with half, by budget", half["accuracy"], "")
    report.add(f"{name}: by budget, the worst paused", paused["accuracy"], "", goal=least)
    for kind, point in (("by budget", half), ("the worst paused", paused)):
        report.add(f"{name}: {kind}, 95 % interval over orders, plus or minus", point["interval"], "")


class _Curve:
    """One set, replayed in several orders at once."""

    def __init__(self, folder: Path, name: str, orders: int, processes: ProcessPoolExecutor) -> None:
        self._replayed = partial(_replayed, folder, name)
        self._orders, self._processes = orders, processes
        self._first = _replay(folder, name, 0)

    def drawn(self, quick: bool) -> dict[str, Any]:
        """Return accuracies by the share of the answers used."""
        count, most = len(self._first.answers), max(map(len, self._first.by_task))
        fixed = sorted({2, 3, 4, 5, 7, most // 3, most // 2, 2 * most // 3, most})
        confidences, budgets = ((), (HALF,)) if quick else (CONFIDENCES, BUDGETS)
        classes = self._first.answers.classes
        pause_below = 1 / classes + PAUSE_ABOVE_CHANCE * (1 - 1 / classes)
        return {
            "all": self._first.all(),
            "fixed": [self._mean(overlap, partial(Replay.fixed, overlap=overlap)) for overlap in fixed],
            "confidence": [
                self._mean(value, _to(OverlapTarget("confidence", value, most))) for value in confidences
            ],
            "budget": [
                self._mean(share, _to(OverlapTarget("budget", int(share * count), most))) for share in budgets
            ],
            "paused": [
                self._mean(share, _to(OverlapTarget("budget", int(share * count), most), pause_below))
                for share in budgets
            ],
        }

    def _mean(self, target: float, ask: Ask) -> dict[str, float]:
        """Return the means over all orders; `interval` is half the 95 % one of the accuracy's."""
        found = list(self._processes.map(partial(self._replayed, ask), range(self._orders)))
        means = {name: round(fmean(getattr(one, name) for one in found), 4) for name in Outcome._fields}
        spread = stdev(one.accuracy for one in found) / len(found) ** 0.5
        return {"target": target, **means, "interval": round(INTERVAL_ERRORS * spread, 4)}


def _to(target: OverlapTarget, pause_below: float = 0.0) -> Ask:
    return partial(Replay.dynamic, target=target, overlap=OVERLAP, pause_below=pause_below)


def _replayed(folder: Path, name: str, ask: Ask, seed: int) -> Outcome:
    return ask(_replay(folder, name, seed))


@cache
def _replay(folder: Path, name: str, seed: int) -> Replay:
    table = read_answers((folder / f"{name}.labels.csv").read_bytes(), name)
    truth = table.numbers_of(read_known((folder / f"{name}.truth.csv").read_bytes(), name))
    return Replay(table.answers(), truth, seed)


def _between(curve: Sequence[dict[str, float]], share: float) -> float:
    """Return the accuracy of a fixed overlap at a share of the answers, between those that were tried."""
    below = max((one for one in curve if one["share"] <= share), key=lambda one: one["share"])
    above = min((one for one in curve if one["share"] >= share), key=lambda one: one["share"])
    width = above["share"] - below["share"]
    part = (share - below["share"]) / width if width else 0.0
    return below["accuracy"] + part * (above["accuracy"] - below["accuracy"])
