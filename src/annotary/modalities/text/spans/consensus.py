"""How spans are compared and merged: compared by exact position and label, merged by overlap."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.matching import MATCHING_IOU, Pair, merge_marks
from annotary.modalities.text.items import text_of
from annotary.modalities.text.spans.checking import Place, Span, by_place
from annotary.modalities.voting import Weights, majority_attributes, median_low


def agreement(first: Sequence[Span], second: Sequence[Span], context: Context) -> float:
    """Return the F1 of exact matches: 2 |A & B| / (|A| + |B|) over (start, end, label)."""
    if not first and not second:
        return 1.0
    same = set(map(by_place, first)) & set(map(by_place, second))
    return 2 * len(same) / (len(first) + len(second))


def merge(values: Sequence[Sequence[Span]], context: Context, weights: Weights) -> Merged:
    """Return the spans that more than half marked, each from its median start to its median end.

    Spans of several annotators are one where they overlap by 0.3 of their union and the best pairing says so.
    """
    merged = merge_marks(values, weights, context, lambda a, b: _pairs(values[a], values[b]), _median_span)
    distinct = {by_place(span): span for span in merged.value}
    return Merged(in_order(list(distinct.values()), by_place), merged.confidence)


def chosen(
    values: Sequence[Sequence[Span]], context: Context, weights: Weights, places: Sequence[Place]
) -> list[Span]:
    """Return the spans at these places, each with the attributes that most of those gave who marked it.

    Whoever marked white space around it as well marked it too.
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
    return Span(label=label, attributes=majority_attributes(marks, weights), start=start, end=end)


def _pairs(first: Sequence[Span], second: Sequence[Span]) -> list[Pair]:
    """Return the overlapping pairs; both are sorted by start, so one pass over the second is enough."""
    pairs = []
    longest = max((span.end - span.start for span in second), default=0)
    begin = 0
    for i, one in enumerate(first):
        while begin < len(second) and second[begin].start + longest <= one.start:
            begin += 1
        for j in range(begin, len(second)):
            other = second[j]
            if other.start >= one.end:
                break
            shared = min(one.end, other.end) - max(one.start, other.start)
            iou = shared / (max(one.end, other.end) - min(one.start, other.start))
            if iou >= MATCHING_IOU:
                pairs.append(Pair(iou, i, j))
    return pairs


def _median_span(spans: list[Span], weights: Weights) -> Span:
    # Each start lies below its own end, so the median start lies below the median end.
    start = median_low([span.start for span in spans], weights)
    return msgspec.structs.replace(
        spans[0], start=start, end=median_low([span.end for span in spans], weights)
    )
