"""How preferences are compared and merged."""

from __future__ import annotations

from collections.abc import Sequence

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.text.preference.checking import Preference
from annotary.modalities.voting import Weights, leaders, median_low, tally


def agreement(first: Preference, second: Preference, context: Context) -> float:
    """Return 1 for the same choice, 0.5 for a tie against a choice, 0 for opposite choices."""
    if first.choice == second.choice:
        return 1.0
    return 0.5 if "tie" in (first.choice, second.choice) else 0.0


def merge(values: Sequence[Preference], context: Context, weights: Weights) -> Merged:
    """Return the choice with the most votes and the lower median of its strengths; a draw is a tie.

    Where ties are not allowed, a draw goes to a.
    """
    votes = tally((value.choice for value in values), weights)
    equals = leaders(votes)
    choice = "tie" if len(equals) > 1 and context.settings.ties else min(equals)
    strengths = [
        (value.strength, weight)
        for value, weight in zip(values, weights, strict=True)
        if value.choice == choice and value.strength is not None
    ]
    strength = median_low(*zip(*strengths, strict=True)) if strengths else None
    return Merged(Preference(choice, strength), max(votes.values()) / sum(weights))
