"""CLEAR MOT: misses, false boxes and identity switches, frame by frame."""

from __future__ import annotations

import numpy as np

from annotary.modalities.assignment import assign
from annotary.quality.tracking.values import Clear, Overlap

_NOBODY = -1
# Larger than any sum of IoUs in a frame that decides between two ways to go on: staying matched comes first.
_STAYS = 1000.0
_ROUNDING = float(np.finfo(np.float64).eps)


def clear(overlapping: Overlap, iou_min: float = 0.5) -> Clear:
    """Return the CLEAR MOT measures at an IoU of `iou_min`.

    MOTA = 1 - (misses + false boxes + identity switches) / boxes of the truth.

    In each frame the pairs that were matched in the frame before come first, then the largest total IoU. A
    switch is counted where a track of the truth is matched with another track than when it was last matched.
    Sources: Bernardin & Stiefelhagen (2008), "Evaluating multiple object tracking performance: the CLEAR MOT
    metrics", EURASIP JIVP 2008; the matching as in the MOT challenge's TrackEval, where a frame that lacks
    boxes of the truth or of the prediction does not end what was matched before it.
    """
    last = np.full(len(overlapping.truth_lengths), _NOBODY)
    before = last.copy()
    matched = switches = 0
    for truth, predicted, ious in overlapping.frames:
        if not ious.size:
            continue
        scores = np.where(before[truth][:, None] == predicted, _STAYS, 0.0) + ious
        scores[ious < iou_min - _ROUNDING] = 0
        rows, columns = assign(-scores)
        kept = scores[rows, columns] > _ROUNDING
        mine, theirs = truth[rows[kept]], predicted[columns[kept]]
        switches += int(np.count_nonzero((last[mine] != _NOBODY) & (last[mine] != theirs)))
        matched += len(mine)
        last[mine] = theirs
        before[:] = _NOBODY
        before[mine] = theirs
    missed = overlapping.truth_boxes - matched
    false = overlapping.predicted_boxes - matched
    mota = 1 - (missed + false + switches) / overlapping.truth_boxes
    return Clear(matched, missed, false, switches, mota)
