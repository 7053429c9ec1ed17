"""How time segments are compared and merged: by overlap in frames."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.marks import in_order
from annotary.modalities.matching import MATCHING_IOU, box_pairs, f1, merge_marks
from annotary.modalities.video.segments.checking import Segment, by_place
from annotary.modalities.video.timeline import Timeline
from annotary.modalities.voting import Weights, median_low


def agreement(first: Sequence[Segment], second: Sequence[Segment], context: Context) -> float:
    """Return the F1 of segments with equal labels and a temporal IoU of at least 0.5."""
    if not first and not second:
        return 1.0
    return f1(first, second, box_pairs(_as_boxes(first), _as_boxes(second)))


def merge(values: Sequence[Sequence[Segment]], context: Context, weights: Weights) -> Merged:
    """Return the segments that more than half marked, each from its median start to its median end."""
    boxes = [_as_boxes(value) for value in values]
    timeline = Timeline.from_item(context.item)
    merged = merge_marks(
        values,
        weights,
        context,
        lambda a, b: box_pairs(boxes[a], boxes[b], MATCHING_IOU),
        lambda segments, heard: _median_segment(segments, heard, timeline),
    )
    distinct = {by_place(segment): segment for segment in merged.value}
    return Merged(in_order(list(distinct.values()), by_place), merged.confidence)


def _as_boxes(segments: Sequence[Segment]) -> NDArray[np.float64]:
    """A segment is a box one pixel high, whose IoU is the temporal IoU."""
    rows = [(segment.start_frame, 0.0, segment.end_frame, 1.0) for segment in segments]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def _median_segment(segments: list[Segment], weights: Weights, timeline: Timeline) -> Segment:
    # Each start lies below its own end, so the median start lies below the median end.
    start = median_low([segment.start_frame for segment in segments], weights)
    end = median_low([segment.end_frame for segment in segments], weights)
    return msgspec.structs.replace(
        segments[0],
        start_frame=start,
        end_frame=end,
        start_time=timeline.time_seconds(start),
        end_time=timeline.time_seconds(end),
    )
