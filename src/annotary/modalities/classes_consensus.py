"""How classifications are compared and merged."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from annotary.modalities.classes import Classification
from annotary.modalities.label_type import Context, Merged
from annotary.modalities.voting import majority_attributes, majority_label, mean_share

Classes = Sequence[Classification]


def agreement(first: Classes, second: Classes, context: Context) -> float:
    """Return the Jaccard index |A & B| / |A | B| of two sets of classes; for single classes, equality."""
    ours, theirs = {one.label for one in first}, {one.label for one in second}
    return len(ours & theirs) / len(ours | theirs) if ours or theirs else 1.0


def merge(values: Sequence[Classes], context: Context) -> Merged:
    """Return the class most people chose; with several classes allowed, each that more than half chose."""
    return _several(values, context) if context.settings.multiple else _single(values, context)


def _single(values: Sequence[Classes], context: Context) -> Merged:
    marks = [one for value in values for one in value]
    if 2 * len(marks) <= len(values) and not context.settings.required:
        return Merged([], 1 - len(marks) / len(values))
    if not marks:
        return Merged([], 1.0)
    label = majority_label(marks, context.label_order)
    chosen = [one for one in marks if one.label == label]
    return Merged([_voted(chosen)], len(chosen) / len(values))


def _several(values: Sequence[Classes], context: Context) -> Merged:
    votes: dict[str, list[Classification]] = {}
    for one in (one for value in values for one in value):
        votes.setdefault(one.label, []).append(one)
    kept = [label for label, marks in votes.items() if 2 * len(marks) > len(values)]
    if not kept and votes and context.settings.required:
        kept = [majority_label((one for marks in votes.values() for one in marks), context.label_order)]
    kept.sort(key=lambda label: context.label_order.get(label, len(context.label_order)))
    shares = [len(marks) / len(values) for marks in votes.values()]
    sureness = [share if label in kept else 1 - share for label, share in zip(votes, shares, strict=True)]
    return Merged([_voted(votes[label]) for label in kept], mean_share(sureness))


def _voted(marks: list[Classification]) -> Classification:
    return msgspec.structs.replace(marks[0], attributes=majority_attributes(marks))
