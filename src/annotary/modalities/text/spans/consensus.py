"""How spans are compared and merged: by exact position and label."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.text.spans.checking import Span, by_place
from annotary.modalities.voting import majority_attributes, mean_share


def agreement(first: Sequence[Span], second: Sequence[Span], context: Context) -> float:
    """Return the F1 of exact matches: 2 |A & B| / (|A| + |B|) over (start, end, label)."""
    if not first and not second:
        return 1.0
    same = set(map(by_place, first)) & set(map(by_place, second))
    return 2 * len(same) / (len(first) + len(second))


def merge(values: Sequence[Sequence[Span]], context: Context) -> Merged:
    """Return the spans that more than half of the annotators marked, exactly."""
    votes: dict[tuple[int, int, str], list[Span]] = {}
    for span in (span for value in values for span in value):
        votes.setdefault(by_place(span), []).append(span)
    shares = {place: len(spans) / len(values) for place, spans in votes.items()}
    kept = [spans for place, spans in votes.items() if 2 * len(spans) > len(values)]
    merged = [msgspec.structs.replace(spans[0], attributes=majority_attributes(spans)) for spans in kept]
    sureness = [share if share > 0.5 else 1 - share for share in shares.values()]
    return Merged(in_order(merged, by_place), mean_share(sureness))
