"""How classifications are compared and merged."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from annotary.modalities.classes import Classification
from annotary.modalities.label_type import Context, Merged
from annotary.modalities.voting import (
    Weights,
    is_majority,
    majority_attributes,
    majority_label,
    mean_share,
    tally,
)

Classes = Sequence[Classification]
Votes = list[tuple[Classification, float]]


def agreement(first: Classes, second: Classes, context: Context) -> float:
    """Return the Jaccard index |A & B| / |A | B| of two sets of classes; for single classes, equality."""
    ours, theirs = {one.label for one in first}, {one.label for one in second}
    return len(ours & theirs) / len(ours | theirs) if ours or theirs else 1.0


def merge(values: Sequence[Classes], context: Context, weights: Weights) -> Merged:
    """Return the class most votes are for; with several classes allowed, each that more than half are for."""
    votes = [(one, weight) for value, weight in zip(values, weights, strict=True) for one in value]
    total = sum(weights)
    votes_of = tally((one.label for one, _ in votes), [weight for _, weight in votes])
    shares = {label: votes_of[label] / total for label in sorted(votes_of)}
    kept, confidence = (_several if context.settings.multiple else _single)(votes, shares, context)
    merged = [_voted([vote for vote in votes if vote[0].label == label]) for label in kept]
    return Merged(merged, confidence, shares)


def _single(votes: Votes, shares: dict[str, float], context: Context) -> tuple[list[str], float]:
    given = sum(shares.values())
    if not votes or (not is_majority(given, 1.0) and not context.settings.required):
        return [], 1 - given
    label = _most(votes, context)
    return [label], shares[label]


def _several(votes: Votes, shares: dict[str, float], context: Context) -> tuple[list[str], float]:
    kept = [label for label, share in shares.items() if is_majority(share, 1.0)]
    if not kept and votes and context.settings.required:
        kept = [_most(votes, context)]
    kept.sort(key=lambda label: context.label_order.get(label, len(context.label_order)))
    return kept, mean_share([share if label in kept else 1 - share for label, share in shares.items()])


def _most(votes: Votes, context: Context) -> str:
    return majority_label((one for one, _ in votes), [weight for _, weight in votes], context.label_order)


def _voted(votes: Votes) -> Classification:
    marks, weights = [one for one, _ in votes], [weight for _, weight in votes]
    return msgspec.structs.replace(marks[0], attributes=majority_attributes(marks, weights))
