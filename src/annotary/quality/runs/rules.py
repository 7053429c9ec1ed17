"""What a run changes; pure."""

from __future__ import annotations

from annotary.quality import rules


def is_reviewed(aggregator: str, accepted_by: object) -> bool:
    """Say whether a person has decided about an outcome: no run changes it then."""
    return accepted_by is not None or aggregator == rules.REVIEW


def confidence_changes(before: float, now: float) -> bool:
    """Say whether a confidence has moved to another class; less is no new version."""
    return rules.confidence_class(before) != rules.confidence_class(now)
