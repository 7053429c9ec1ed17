"""What several annotators' marks of a text have in common: which overlap, and what their votes cover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from annotary.kernel.limits import SPAN_PARTS_MAX
from annotary.modalities.matching import MATCHING_IOU, Pair, most_central
from annotary.modalities.text.extents import Part, Placed, overlap, parts_of
from annotary.modalities.voting import ROUNDING, Weights, median_low

P = TypeVar("P", bound=msgspec.Struct)


def extent_pairs(first: Sequence[Placed], second: Sequence[Placed]) -> list[Pair]:
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
            iou = overlap(one, other)
            if iou >= MATCHING_IOU:
                pairs.append(Pair(iou, i, j))
    return pairs


def median_extent(placed: Sequence[P], weights: Weights) -> P:
    """Return the first struct with the place that a vote gives it: the median start to the median end.

    Where any of them is in parts, the place is the code points that at least half of the weight covers.
    """
    marks: Sequence[Any] = placed
    first = placed[0]
    if all(one.parts is None for one in marks):
        # Each start lies below its own end, so the median start lies below the median end.
        start = median_low([one.start for one in marks], weights)
        return msgspec.structs.replace(
            first, start=start, end=median_low([one.end for one in marks], weights)
        )
    parts = covered(marks, weights)
    if not 0 < len(parts) <= SPAN_PARTS_MAX:
        # Spans in a chain, of which no half shares a code point: the one closest to all.
        central = marks[most_central(marks, weights, overlap)]
        parts = list(parts_of(central))
    start, end = parts[0][0], parts[-1][1]
    return msgspec.structs.replace(first, start=start, end=end, parts=parts if len(parts) > 1 else None)


def covered(placed: Sequence[Placed], weights: Weights) -> list[Part]:
    """Return the stretches that marks of at least half of the weight cover; it may be none."""
    turns: dict[int, float] = {}
    for one, weight in zip(placed, weights, strict=True):
        for start, end in parts_of(one):
            turns[start] = turns.get(start, 0.0) + weight
            turns[end] = turns.get(end, 0.0) - weight
    half = sum(weights) * (0.5 - ROUNDING)
    found: list[Part] = []
    heard, since = 0.0, -1
    for place in sorted(turns):
        heard += turns[place]
        if heard >= half and since < 0:
            since = place
        elif heard < half and since >= 0:
            found.append((since, place))
            since = -1
    return found
