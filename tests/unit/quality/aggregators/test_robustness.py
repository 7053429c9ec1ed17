"""On crowds of many sorts `auto` is near the best model, and never far under majority."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from annotary.quality.aggregators import METHODS, aggregate
from annotary.quality.aggregators.measures import accuracy, calibration_error
from unit.quality.aggregators.crowds import made_crowd

CROWDS: dict[str, dict[str, Any]] = {
    "one coin": {"habit": 0.0},
    "habits": {"habit": 1.2, "tasks": 800, "annotators": 20, "answers_per_task": 6},
    "few answers each": {"annotators": 300, "tasks": 500, "answers_per_task": 4},
    "spammers": {"spammers": 0.4, "answers_per_task": 6},
    "rare classes": {"shares": (0.85, 0.1, 0.05), "tasks": 900},
    "two classes, one rare": {"classes": 2, "shares": (0.88, 0.12), "tasks": 900, "answers_per_task": 3},
    "errors that agree": {"hard": 0.25, "answers_per_task": 8},
    "many classes": {"classes": 9, "accuracy": 0.6},
    "nearly all agree": {"accuracy": 0.97, "answers_per_task": 3},
    "large": {"tasks": 12_000, "annotators": 150, "answers_per_task": 4, "classes": 4},
}


@pytest.mark.parametrize("sort", CROWDS)
def test_auto_is_near_the_best_model_and_calibrated(sort: str) -> None:
    scores = {method: [] for method in METHODS}  # type: ignore[var-annotated]
    errors = []
    for seed in (1, 2):
        made = made_crowd(seed, **CROWDS[sort])
        for method in METHODS:
            outcome = aggregate(made.answers, method)
            scores[method].append(accuracy(outcome.label, made.truth))
        outcome = aggregate(made.answers)
        errors.append(calibration_error(outcome.label, outcome.confidence, made.truth))
    found = {method: float(np.mean(values)) for method, values in scores.items()}
    assert found["auto"] >= found["majority"] - 0.01
    assert found["auto"] >= max(found.values()) - 0.015
    # Where a quarter of the tasks tempts everyone into the same error, answers alone cannot say so.
    assert np.mean(errors) < (0.1 if sort == "errors that agree" else 0.07)


def test_measures_by_hand() -> None:
    label, truth = np.array([0, 1, 1, -1, 0]), np.array([0, 0, 1, 1, -1])
    confidence = np.array([0.95, 0.91, 0.65, 0.0, 1.0])
    assert accuracy(label, truth) == pytest.approx(2 / 3)
    # Bin 0.9: (0.95 + 0.91 - 1) off; bin 0.6: (0.65 - 1) off; three tasks judged.
    assert calibration_error(label, confidence, truth) == pytest.approx((0.86 + 0.35) / 3)
    assert (
        accuracy(label, np.full(5, -1)) is None and calibration_error(label, confidence, -np.ones(5)) is None
    )
