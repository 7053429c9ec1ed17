"""How preferences are compared and merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median_low

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.text.preference.checking import Preference


def agreement(first: Preference, second: Preference, context: Context) -> float:
    """Return 1 for the same choice, 0.5 for a tie against a choice, 0 for opposite choices."""
    if first.choice == second.choice:
        return 1.0
    return 0.5 if "tie" in (first.choice, second.choice) else 0.0


def merge(values: Sequence[Preference], context: Context) -> Merged:
    """Return the most frequent choice with the lower median of its strengths; a draw is a tie.

    Where ties are not allowed, a draw goes to a.
    """
    votes = Counter(value.choice for value in values)
    most = max(votes.values())
    leaders = sorted(choice for choice, count in votes.items() if count == most)
    choice = leaders[0]
    if len(leaders) > 1 and context.settings.ties:
        choice = "tie"
    strengths = [value.strength for value in values if value.choice == choice and value.strength is not None]
    return Merged(Preference(choice, median_low(strengths) if strengths else None), most / len(values))
