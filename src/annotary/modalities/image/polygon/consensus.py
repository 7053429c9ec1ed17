"""How polygons are compared and merged: by overlap."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from annotary.kernel.limits import POLYGON_POINTS_MAX
from annotary.modalities.image.polygon.checking import Polygon, by_place, canonical_outline
from annotary.modalities.image.polygon.majority import majority_outline
from annotary.modalities.image.polygon.outline import Point, crossing
from annotary.modalities.image.polygon.overlap import Outline, iou, outline_of
from annotary.modalities.label_type import Context, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.matching import (
    AGREEING_IOU,
    MATCHING_IOU,
    f1,
    merge_marks,
    most_central,
    shape_pairs,
)
from annotary.modalities.voting import Weights, is_majority, tally


def agreement(first: Sequence[Polygon], second: Sequence[Polygon], context: Context) -> float:
    """Return the F1 of polygons with equal labels and an IoU of at least 0.5."""
    if not first and not second:
        return 1.0
    return f1(first, second, shape_pairs(_outlines(first), _outlines(second), _bounds, iou, AGREEING_IOU))


def merge(values: Sequence[Sequence[Polygon]], context: Context, weights: Weights) -> Merged:
    """Return, of each polygon that more than half drew, the outline of what at least half of them cover.

    The same outline drawn by more than half stays as it is, corner by corner. The drawing closest to the
    others by mean IoU stands where the covered area has no simple outline.
    """
    outlines = [_outlines(value) for value in values]
    merged = merge_marks(
        values,
        weights,
        context,
        lambda a, b: shape_pairs(outlines[a], outlines[b], _bounds, iou, MATCHING_IOU),
        lambda polygons, heard: msgspec.structs.replace(polygons[0], points=_points(polygons, heard)),
    )
    return Merged(in_order(merged.value, by_place), merged.confidence)


def _outlines(value: Sequence[Polygon]) -> list[Outline]:
    return [outline_of(polygon.points) for polygon in value]


def _bounds(outlines: Sequence[Outline]) -> NDArray[np.float64]:
    return np.array([outline.bounds for outline in outlines], dtype=np.float64).reshape(-1, 4)


def _points(polygons: list[Polygon], weights: Weights) -> list[Point]:
    votes = tally((tuple(polygon.points) for polygon in polygons), weights)
    favourite = max(votes, key=lambda points: votes[points])
    if is_majority(votes[favourite], sum(weights)):
        return list(favourite)
    outlines = _outlines(polygons)
    points = majority_outline(outlines, weights)
    if points and len(points) <= POLYGON_POINTS_MAX and _is_simple(points):
        return canonical_outline(points)
    return polygons[most_central(outlines, weights, iou)].points


def _is_simple(points: list[Point]) -> bool:
    """Say whether an outline is one that an annotator could have drawn: rounding may have spoiled it."""
    return len(set(points)) == len(points) and crossing(points) is None
