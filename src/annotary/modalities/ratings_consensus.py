"""How ordinal ratings are compared and merged: by how many levels lie between them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.ratings import Rating
from annotary.modalities.voting import (
    ROUNDING,
    Weights,
    is_majority,
    majority_attributes,
    mean_share,
    median_low,
    tally,
)

Ratings = Sequence[Rating]
Votes = list[tuple[Rating, float]]


def agreement(first: Ratings, second: Ratings, context: Context) -> float:
    """Return the mean over the labels that either rated: 1 less the distance in shares of the whole scale.

    0 for a label that only one of them rated.
    """
    ours, theirs = ({one.label: one.level for one in value} for value in (first, second))
    labels = sorted(ours.keys() | theirs.keys())
    closeness = [
        1 - abs(ours[label] - theirs[label]) / _range(label, context)
        if label in ours and label in theirs
        else 0.0
        for label in labels
    ]
    return sum(closeness) / len(closeness) if closeness else 1.0


def _range(label: str, context: Context) -> int:
    scale = context.settings.scale(label)
    return int(scale.maximum - scale.minimum)


def merge(values: Sequence[Ratings], context: Context, weights: Weights) -> Merged:
    """Return the weighted median level of each label that more than half rated.

    `shares` has, for each label, the share of its votes that each level got; the confidence is the mean share
    of the levels that were taken.
    """
    votes: dict[str, Votes] = {}
    for value, weight in zip(values, weights, strict=True):
        for one in value:
            votes.setdefault(one.label, []).append((one, weight))
    total = sum(weights)
    merged: list[Rating] = []
    shares: dict[str, dict[str, float]] = {}
    sureness: list[float] = []
    for label in sorted(votes, key=lambda name: (context.label_order.get(name, len(votes)), name)):
        heard = sum(weight for _, weight in votes[label])
        shares[label] = _level_shares(votes[label], heard)
        if is_majority(heard, total) or context.settings.required:
            merged.append(_median_rating(votes[label]))
            sureness.append(shares[label].get(str(merged[-1].level), 0.0) * heard / total)
        else:
            sureness.append(1 - heard / total)
    return Merged(merged, mean_share(sureness), shares)


def _level_shares(votes: Votes, heard: float) -> dict[str, float]:
    counts = tally((one.level for one, _ in votes), [weight for _, weight in votes])
    return {str(level): counts[level] / heard for level in sorted(counts)}


def _median_rating(votes: Votes) -> Rating:
    marks, weights = [one for one, _ in votes], [weight for _, weight in votes]
    level = median_level([one.level for one in marks], weights)
    return msgspec.structs.replace(marks[0], level=level, attributes=majority_attributes(marks, weights))


def median_level(levels: Sequence[int], weights: Weights) -> int:
    """Return the weighted median of whole numbers.

    Half way between two, the one nearer to the mean of all; the lower where that does not help.
    """
    low, high = median_low(levels, weights), -median_low([-level for level in levels], weights)
    mean = sum(level * weight for level, weight in zip(levels, weights, strict=True)) / sum(weights)
    level, odd = divmod(int(low + high), 2)
    return level + (bool(odd) and mean > (low + high) / 2 + ROUNDING)
