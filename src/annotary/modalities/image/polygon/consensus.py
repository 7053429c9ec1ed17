"""How polygons are compared and merged: by overlap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from annotary.modalities.image.polygon.checking import Polygon, by_place
from annotary.modalities.image.polygon.overlap import Outline, iou, outline_of
from annotary.modalities.label_type import Context, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.matching import MATCHING_IOU, Pair, box_pairs, f1, merge_marks

_TOUCHING = 1e-9


def agreement(first: Sequence[Polygon], second: Sequence[Polygon], context: Context) -> float:
    """Return the F1 of polygons with equal labels and an IoU of at least 0.5."""
    if not first and not second:
        return 1.0
    return f1(first, second, _pairs(_outlines(first), _outlines(second)))


def merge(values: Sequence[Sequence[Polygon]], context: Context) -> Merged:
    """Return, of each polygon that more than half drew, the drawing closest to the others by mean IoU."""
    outlines = [_outlines(value) for value in values]
    merged = merge_marks(values, context, lambda a, b: _pairs(outlines[a], outlines[b]), _most_central)
    return Merged(in_order(merged.value, by_place), merged.confidence)


def _outlines(value: Sequence[Polygon]) -> list[Outline]:
    return [outline_of(polygon.points) for polygon in value]


def _bounds(outlines: list[Outline]) -> NDArray[np.float64]:
    return np.array([outline.bounds for outline in outlines], dtype=np.float64).reshape(-1, 4)


def _pairs(first: list[Outline], second: list[Outline]) -> list[Pair]:
    near = box_pairs(_bounds(first), _bounds(second), _TOUCHING)
    pairs = [Pair(iou(first[pair.first], second[pair.second]), pair.first, pair.second) for pair in near]
    return [pair for pair in pairs if pair.overlap >= MATCHING_IOU]


def _most_central(polygons: list[Polygon]) -> Polygon:
    outlines = _outlines(polygons)
    closeness = [sum(iou(one, other) for other in outlines) for one in outlines]
    return polygons[closeness.index(max(closeness))]
