"""How spans are compared and merged: compared by exact position and label, merged by overlap."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.matching import merge_marks
from annotary.modalities.text.covering import extent_pairs, median_extent
from annotary.modalities.text.extents import extent_of
from annotary.modalities.text.items import text_of
from annotary.modalities.text.spans.checking import Place, Span, by_place
from annotary.modalities.voting import Weights, leaders, majority_attributes, tally


def agreement(first: Sequence[Span], second: Sequence[Span], context: Context) -> float:
    """Return the F1 of exact matches: 2 |A & B| / (|A| + |B|) over (start, end, parts, label)."""
    if not first and not second:
        return 1.0
    same = set(map(by_place, first)) & set(map(by_place, second))
    return 2 * len(same) / (len(first) + len(second))


def merge(values: Sequence[Sequence[Span]], context: Context, weights: Weights) -> Merged:
    """Return the spans that more than half marked, each from its median start to its median end.

    Spans of several annotators are one where they overlap by 0.3 of their union and the best pairing says so.
    Where any of them is in parts, the span is what at least half of them cover.
    """
    merged = merge_marks(
        values, weights, context, lambda a, b: extent_pairs(values[a], values[b]), median_extent
    )
    distinct = {by_place(span): span for span in merged.value}
    return Merged(in_order(list(distinct.values()), by_place), merged.confidence)


def chosen(
    values: Sequence[Sequence[Span]], context: Context, weights: Weights, places: Sequence[Place]
) -> list[Span]:
    """Return the spans at these places, each with the attributes that most of those gave who marked it.

    Whoever marked white space around it as well marked it too. It is in parts where most of them say so.
    """
    text = text_of(context.item)
    marked: dict[Place, list[tuple[Span, float]]] = {}
    for value, weight in zip(values, weights, strict=True):
        for span in value:
            marked.setdefault(_without_space(span, text), []).append((span, weight))
    return [_voted(place, marked.get(place, [])) for place in places]


def _without_space(span: Span, text: str) -> Place:
    inside = text[span.start : span.end]
    end = span.end - len(inside) + len(inside.rstrip())
    return (end - len(inside.strip()), end, span.label)


def _voted(place: Place, votes: Sequence[tuple[Span, float]]) -> Span:
    marks, weights = [mark for mark, _ in votes], [weight for _, weight in votes]
    start, end, label = place
    span = Span(label=label, attributes=majority_attributes(marks, weights), start=start, end=end)
    parts = leaders(tally((extent_of(mark)[2] for mark in marks), weights))[0] if marks else ()
    # White space beside the outer parts went with that beside the whole.
    inner = [(max(start, low), min(end, high)) for low, high in parts if low < end and high > start]
    whole = bool(inner) and (inner[0][0], inner[-1][1]) == (start, end)
    return msgspec.structs.replace(span, parts=inner) if whole and len(inner) > 1 else span
