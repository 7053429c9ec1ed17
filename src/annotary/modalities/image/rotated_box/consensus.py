"""How rotated boxes are compared and merged: by overlap, whichever side is called the width."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from annotary.modalities.geometry import frame_size
from annotary.modalities.image.rotated_box.checking import RotatedBox, by_place, fit_rotated_box
from annotary.modalities.image.rotated_box.clipping import corners_of, iou
from annotary.modalities.label_type import Context, Item, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.matching import (
    AGREEING_IOU,
    MATCHING_IOU,
    f1,
    merge_marks,
    most_central,
    shape_pairs,
)
from annotary.modalities.robust import weighted_median
from annotary.modalities.voting import Weights, leaders, tally

_QUARTER_DEGREES = 90


def agreement(first: Sequence[RotatedBox], second: Sequence[RotatedBox], context: Context) -> float:
    """Return the F1 of rotated boxes with equal labels and an IoU of at least 0.5, as in DOTA (Xia 2018)."""
    if not first and not second:
        return 1.0
    return f1(first, second, shape_pairs(first, second, _bounds, iou, AGREEING_IOU))


def merge(values: Sequence[Sequence[RotatedBox]], context: Context, weights: Weights) -> Merged:
    """Return the boxes that more than half drew, each with the medians of centre, sides and angle.

    A box can be said in four ways, with a quarter turn between them; all are told in the way that is closest
    to the most central one before the medians are taken, and the direction most of them chose is restored.
    """
    merged = merge_marks(
        values,
        weights,
        context,
        lambda a, b: shape_pairs(values[a], values[b], _bounds, iou, MATCHING_IOU),
        lambda boxes, heard: _median_box(boxes, heard, context.item),
    )
    return Merged(in_order(merged.value, by_place), merged.confidence)


def _bounds(boxes: Sequence[RotatedBox]) -> NDArray[np.float64]:
    corners = np.array([corners_of(box) for box in boxes], dtype=np.float64).reshape(-1, 4, 2)
    return np.concatenate((corners.min(axis=1), corners.max(axis=1)), axis=1)


def _median_box(boxes: list[RotatedBox], weights: Weights, item: Item) -> RotatedBox:
    central = boxes[most_central(boxes, weights, iou)]
    quarters = [round((box.angle - central.angle) / _QUARTER_DEGREES) % 4 for box in boxes]
    rows = [_turned(box, -quarter, central.angle) for box, quarter in zip(boxes, quarters, strict=True)]
    middle = weighted_median(rows, [[weight] for weight in weights]).tolist()
    x, y, width, height, angle = middle
    box = msgspec.structs.replace(central, x=x, y=y, width=width, height=height, angle=central.angle + angle)
    quarter = min(leaders(tally(quarters, weights)))
    _, _, width, height, turn = _turned(box, quarter, box.angle)
    box = msgspec.structs.replace(box, width=width, height=height, angle=box.angle + turn)
    return fit_rotated_box(box, *frame_size(item), "/answer/rotated_box")


def _turned(box: RotatedBox, quarters: int, reference_degrees: float) -> tuple[float, ...]:
    """Return centre, sides and angle (from a reference, -180 to 180) of a box, told so many quarters on."""
    width, height = (box.height, box.width) if quarters % 2 else (box.width, box.height)
    angle = box.angle + quarters * _QUARTER_DEGREES - reference_degrees
    return box.x, box.y, width, height, (angle + 180) % 360 - 180
