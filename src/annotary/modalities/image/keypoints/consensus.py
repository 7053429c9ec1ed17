"""How keypoints are compared and merged: by their similarity, point by point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import msgspec

from annotary.modalities.geometry import frame_size
from annotary.modalities.image.keypoints.checking import Keypoint, Keypoints, by_place
from annotary.modalities.image.keypoints.similarity import bounds, similarity
from annotary.modalities.label_type import Context, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.matching import (
    AGREEING_IOU,
    MATCHING_IOU,
    Pair,
    f1,
    merge_marks,
    most_central,
    shape_pairs,
)
from annotary.modalities.robust import weighted_median
from annotary.modalities.voting import Weights, is_majority, majority_label, median_low

Marks = Sequence[Keypoints]
# Points this far apart, as a share of the image's diagonal, may still be those of one small thing.
_MARGIN = 0.01


def agreement(first: Marks, second: Marks, context: Context) -> float:
    """Return the F1 of marks with equal labels and an object keypoint similarity of at least 0.5."""
    if not first and not second:
        return 1.0
    return f1(first, second, _pairs(first, second, context, AGREEING_IOU))


def merge(values: Sequence[Marks], context: Context, weights: Weights) -> Merged:
    """Return the things that more than half marked; of each the points that more than half of those marked.

    A point stands at the weighted medians of x and y, and is visible where more than half saw it.
    """
    merged = merge_marks(
        values,
        weights,
        context,
        lambda a, b: _pairs(values[a], values[b], context, MATCHING_IOU),
        lambda marks, heard: _voted(marks, heard, context),
    )
    return Merged(in_order(merged.value, by_place), merged.confidence)


def _alike(context: Context, first: Keypoints, second: Keypoints) -> float:
    skeletons = context.settings.skeletons
    both = skeletons[first.label], skeletons[second.label]
    return similarity(first, second, both, _diagonal(context))


def _diagonal(context: Context) -> float:
    return math.hypot(*frame_size(context.item))


def _pairs(first: Marks, second: Marks, context: Context, least: float) -> list[Pair]:
    margin = _MARGIN * _diagonal(context)
    return shape_pairs(first, second, lambda marks: bounds(marks, margin), partial(_alike, context), least)


def _voted(marks: list[Keypoints], weights: Weights, context: Context) -> Keypoints:
    """Return the thing that those say who gave the winning label: others have another skeleton."""
    label = majority_label(marks, weights, context.label_order)
    votes = [(mark, weight) for mark, weight in zip(marks, weights, strict=True) if mark.label == label]
    members, heard = [mark for mark, _ in votes], [weight for _, weight in votes]
    names = sorted({name for mark in members for name in mark.points})
    points = {name: point for name in names if (point := _point(name, members, heard)) is not None}
    if not points:
        return members[most_central(members, heard, partial(_alike, context))]
    return msgspec.structs.replace(members[0], points=points)


def _point(name: str, marks: Marks, weights: Weights) -> Keypoint | None:
    given = [
        (mark.points[name], weight)
        for mark, weight in zip(marks, weights, strict=True)
        if name in mark.points
    ]
    heard = [weight for _, weight in given]
    if not is_majority(sum(heard), sum(weights)):
        return None
    x, y = weighted_median([point[:2] for point, _ in given], [[weight] for weight in heard]).tolist()
    return x, y, median_low([point[2] for point, _ in given], heard)
