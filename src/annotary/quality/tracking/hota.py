"""HOTA: detection and association weighed equally, over all strictnesses of overlap."""

from __future__ import annotations

import numpy as np

from annotary.modalities.assignment import assign
from annotary.quality.tracking.values import Floats, Hota, Integers, Overlap

IOU_MINIMA = np.arange(0.05, 0.99, 0.05)
_ROUNDING = float(np.finfo(np.float64).eps)


def hota(overlapping: Overlap) -> Hota:
    """Return HOTA, the mean of sqrt(DetA * AssA) over the minimal IoUs 0.05, 0.10, ... 0.95.

    DetA = TP / (TP + FN + FP) over boxes; AssA is the mean over the matched boxes of TPA / (TPA + FNA + FPA),
    where TPA counts the matches of the same two tracks, FNA and FPA the other boxes of either. Each frame is
    matched once, for the largest sum of IoU times the global alignment of the two tracks. Source: Luiten et
    al. (2021), "HOTA: a higher order metric for evaluating multi-object tracking", IJCV 129; details as in
    its reference implementation, TrackEval.
    """
    pairs, ious = _matches(overlapping)
    scores = np.array([_at(iou_min, pairs, ious, overlapping) for iou_min in IOU_MINIMA])
    detection, association = scores.mean(axis=0)
    return Hota(float(np.sqrt(scores.prod(axis=1)).mean()), float(detection), float(association))


def _at(iou_min: float, pairs: Integers, ious: Floats, overlapping: Overlap) -> tuple[float, float]:
    """Return DetA and AssA of the matches with at least this IoU."""
    together, counts = np.unique(pairs[ious >= iou_min - _ROUNDING], return_counts=True)
    matched = int(counts.sum())
    truth, predicted = np.divmod(together, max(1, len(overlapping.predicted_lengths)))
    either = overlapping.truth_lengths[truth] + overlapping.predicted_lengths[predicted] - counts
    boxes = overlapping.truth_boxes + overlapping.predicted_boxes
    return matched / max(1, boxes - matched), float((counts**2 / either).sum()) / max(1, matched)


def _matches(overlapping: Overlap) -> tuple[Integers, Floats]:
    """Return each match's pair of tracks, as one number, and its IoU."""
    alignment = _alignment(overlapping)
    pairs, kept = [np.empty(0, dtype=np.int64)], [np.empty(0)]
    for truth, predicted, ious in overlapping.frames:
        rows, columns = assign(-alignment[truth[:, None], predicted] * ious)
        pairs.append(truth[rows] * alignment.shape[1] + predicted[columns])
        kept.append(ious[rows, columns])
    return np.concatenate(pairs), np.concatenate(kept)


def _alignment(overlapping: Overlap) -> Floats:
    """Return how well whole tracks go together: a Jaccard index that counts each meeting by its share.

    A meeting counts IoU / (all IoU of either box in the frame), so a box that several others overlap is
    divided among them.
    """
    lengths = overlapping.truth_lengths[:, None] + overlapping.predicted_lengths
    together = np.zeros(lengths.shape)
    for truth, predicted, ious in overlapping.frames:
        total = ious.sum(axis=0) + ious.sum(axis=1)[:, None] - ious
        share = np.divide(ious, total, out=np.zeros_like(ious), where=total > _ROUNDING)
        together[truth[:, None], predicted] += share
    return together / (lengths - together)
