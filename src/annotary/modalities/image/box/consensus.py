"""How boxes are compared and merged: by overlap."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from annotary.modalities.geometry import fit_box, frame_size
from annotary.modalities.image.box.checking import Box, by_place
from annotary.modalities.label_type import Context, Item, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.matching import MATCHING_IOU, box_array, box_pairs, f1, merge_marks
from annotary.modalities.robust import weighted_median
from annotary.modalities.voting import Weights


def agreement(first: Sequence[Box], second: Sequence[Box], context: Context) -> float:
    """Return the F1 of boxes with equal labels and an IoU of at least 0.5."""
    if not first and not second:
        return 1.0
    return f1(first, second, box_pairs(box_array(first), box_array(second)))


def merge(values: Sequence[Sequence[Box]], context: Context, weights: Weights) -> Merged:
    """Return the boxes that more than half of the votes are for, each with the medians of its four sides.

    The medians of left, top, right and bottom overlap a left-out reader of lung nodules more than those of x,
    y, width and height, or of centre and size, and more than means (docs/consensus-of-shapes.md).
    """
    arrays = [box_array(value) for value in values]
    merged = merge_marks(
        values,
        weights,
        context,
        lambda a, b: box_pairs(arrays[a], arrays[b], MATCHING_IOU),
        lambda boxes, heard: _median_box(boxes, heard, context.item),
    )
    return Merged(in_order(merged.value, by_place), merged.confidence)


def _median_box(boxes: list[Box], weights: Weights, item: Item) -> Box:
    sides = box_array(boxes)
    left, top, right, bottom = weighted_median(sides, [[weight] for weight in weights]).tolist()
    # Right minus left may be rounded: a box that has both medians says its width exactly.
    widths = (box.width for box, row in zip(boxes, sides, strict=True) if row[0] == left and row[2] == right)
    heights = (
        box.height for box, row in zip(boxes, sides, strict=True) if row[1] == top and row[3] == bottom
    )
    width, height = next(widths, right - left), next(heights, bottom - top)
    merged = msgspec.structs.replace(boxes[0], x=left, y=top, width=width, height=height)
    return fit_box(merged, *frame_size(item), "/answer/box")
