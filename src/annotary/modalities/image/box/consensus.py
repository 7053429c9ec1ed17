"""How boxes are compared and merged: by overlap."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import msgspec

from annotary.modalities.geometry import fit_box, frame_size
from annotary.modalities.image.box.checking import Box, by_place
from annotary.modalities.label_type import Context, Item, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.matching import box_array, box_pairs, f1, merge_marks


def agreement(first: Sequence[Box], second: Sequence[Box], context: Context) -> float:
    """Return the F1 of boxes with equal labels and an IoU of at least 0.5."""
    if not first and not second:
        return 1.0
    return f1(first, second, box_pairs(box_array(first), box_array(second)))


def merge(values: Sequence[Sequence[Box]], context: Context) -> Merged:
    """Return the boxes that more than half of the annotators drew, each with median coordinates."""
    arrays = [box_array(value) for value in values]
    merged = merge_marks(
        values,
        context,
        lambda a, b: box_pairs(arrays[a], arrays[b]),
        lambda boxes: _median_box(boxes, context.item),
    )
    return Merged(in_order(merged.value, by_place), merged.confidence)


def _median_box(boxes: list[Box], item: Item) -> Box:
    middle = {name: median(getattr(box, name) for box in boxes) for name in ("x", "y", "width", "height")}
    width, height = frame_size(item)
    # Each side's median may come from another box, so that together they can stick out of the image.
    middle["width"] = min(middle["width"], width - middle["x"])
    middle["height"] = min(middle["height"], height - middle["y"])
    return fit_box(msgspec.structs.replace(boxes[0], **middle), width, height, "/answer/box")
