"""When a version on trial is worse than the one before; pure."""

from __future__ import annotations

import math

from annotary.migration.publications.values import Rates, Watch, Watched

# One-sided, so that chance alone says "worse" in 1 of 100 looks at most.
Z = 2.33


def judge(trial: Rates, before: Rates, watch: Watch) -> Watched:
    """Say whether a version on trial is worse, by a one-sided test on the difference of each rate."""
    for name, now, then, seen, seen_before, limit in (
        (
            "refused answers",
            trial.refusal_rate,
            before.refusal_rate,
            trial.answers + trial.refusals,
            before.answers + before.refusals,
            watch.refusals_more_max,
        ),
        (
            "disagreement",
            trial.disagreement,
            before.disagreement,
            trial.compared,
            before.compared,
            watch.disagreement_more_max,
        ),
    ):
        if seen < watch.answers_min:
            continue
        if seen_before < watch.answers_min:
            then, seen_before = 0.0, watch.answers_min
        if now - then - Z * _deviation(now, seen, then, seen_before) > limit:
            words = f"{name}: {now:.1%} of {seen}, before {then:.1%} of {seen_before}"
            return Watched(trial, before, "worse", words)
    if trial.answers + trial.refusals < watch.answers_min:
        return Watched(trial, before, "too_early", f"fewer than {watch.answers_min} answers")
    return Watched(trial, before, "as_before", "")


def _deviation(now: float, seen: int, then: float, seen_before: int) -> float:
    """Return the standard deviation of the difference of two shares, each with one more success and failure.

    Agresti and Caffo (2000), "Simple and effective confidence intervals for proportions".
    """
    first, second = (now * seen + 1) / (seen + 2), (then * seen_before + 1) / (seen_before + 2)
    return math.sqrt(first * (1 - first) / (seen + 2) + second * (1 - second) / (seen_before + 2))
