"""When the live model of a project is refreshed by its aggregator; pure."""

from __future__ import annotations

from annotary.kernel.limits import REFRESH_ANSWERS_MIN

# So many more answers, as a share of those at the last refresh, make the next one worth its price.
GROWTH = 0.1
# Pause after a refresh, in multiples of how long it took: refreshing takes a tenth of a core at most.
PAUSE_PER_DURATION = 10


def refresh_due(answers: int, refreshed_at: int | None, seconds_since: float, took_seconds: float) -> bool:
    """Say whether a model of so many answers is to be refreshed; `refreshed_at` is None before the first."""
    if answers < REFRESH_ANSWERS_MIN or seconds_since < PAUSE_PER_DURATION * took_seconds:
        return False
    return refreshed_at is None or answers - refreshed_at >= max(REFRESH_ANSWERS_MIN, GROWTH * refreshed_at)
