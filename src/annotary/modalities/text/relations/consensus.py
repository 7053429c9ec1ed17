"""How relations are compared and merged: compared by exact ends and label, merged by overlap of both ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.matching import MATCHING_IOU, Pair, merge_marks
from annotary.modalities.text.covering import extent_pairs, median_extent
from annotary.modalities.text.extents import Extent, Placed, extent_of, overlap
from annotary.modalities.text.relations.checking import SPANS, End, Relation, by_place
from annotary.modalities.voting import Weights


def agreement(first: Sequence[Relation], second: Sequence[Relation], context: Context) -> float:
    """Return the micro F1 of relations: 2 |A & B| / (|A| + |B|) over (label, source, target), ends exact.

    As relation extraction is scored where both ends must be right ("strict", Bekoulis et al. 2018, "Joint
    entity recognition and relation extraction as a multi-head selection problem").
    """
    if not first and not second:
        return 1.0
    same = set(map(by_place, first)) & set(map(by_place, second))
    return 2 * len(same) / (len(first) + len(second))


def merge(values: Sequence[Sequence[Relation]], context: Context, weights: Weights) -> Merged:
    """Return the relations that more than half gave, with the places that a vote gives their ends.

    Relations of several annotators are one where both ends overlap by 0.3 of their union.
    """
    merged = merge_marks(values, weights, context, lambda a, b: _pairs(values[a], values[b]), _voted)
    return Merged(_distinct(merged.value), merged.confidence)


def settle(value: Sequence[Relation], values: Mapping[str, Any]) -> list[Relation]:
    """Return merged relations with both ends at merged spans: the closest ones; without such they go."""
    if SPANS not in values:
        return list(value)
    held = []
    closest = _closest([end for one in value for end in (one.source, one.target)], values[SPANS])
    for relation in value:
        source, target = (closest.get(extent_of(end)) for end in (relation.source, relation.target))
        if source is not None and target is not None and source != target:
            held.append(msgspec.structs.replace(relation, source=source, target=target))
    return _distinct(held)


def _pairs(first: Sequence[Relation], second: Sequence[Relation]) -> list[Pair]:
    pairs = extent_pairs([one.source for one in first], [one.source for one in second])
    both = ((pair, overlap(first[pair.first].target, second[pair.second].target)) for pair in pairs)
    return [pair._replace(overlap=(pair.overlap + iou) / 2) for pair, iou in both if iou >= MATCHING_IOU]


def _voted(relations: list[Relation], weights: Weights) -> Relation:
    source = median_extent([one.source for one in relations], weights)
    target = median_extent([one.target for one in relations], weights)
    # Ends that overlap may have one median: then the first drawing stands.
    return (
        msgspec.structs.replace(relations[0], source=source, target=target)
        if source != target
        else relations[0]
    )


def _closest(ends: Sequence[End], spans: Sequence[Placed]) -> dict[Extent, End]:
    """Return the span that overlaps each end most, by where the end is; none where no span does."""
    places = sorted({extent_of(end): end for end in ends}.items())
    best: dict[Extent, tuple[float, End]] = {}
    for pair in extent_pairs([end for _, end in places], spans):
        span = spans[pair.second]
        extent = places[pair.first][0]
        if pair.overlap > best.get(extent, (0.0,))[0]:
            best[extent] = pair.overlap, End(span.start, span.end, list(span.parts) if span.parts else None)
    return {extent: span for extent, (_, span) in best.items()}


def _distinct(relations: Sequence[Relation]) -> list[Relation]:
    return in_order(list({by_place(one): one for one in relations}.values()), by_place)
