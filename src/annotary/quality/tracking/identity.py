"""Identity measures: how much of the tracks keeps one identity through the whole clip."""

from __future__ import annotations

import numpy as np

from annotary.modalities.assignment import assign
from annotary.quality.tracking.values import Identity, Overlap


def identity(overlapping: Overlap, iou_min: float = 0.5) -> Identity:
    """Return the identity measures at an IoU of `iou_min`.

    IDTP is the largest number of boxes that overlap by `iou_min` under a one-to-one pairing of whole tracks;
    IDP = IDTP / boxes predicted, IDR = IDTP / boxes of the truth, IDF1 = 2 IDTP / (all boxes of both).
    Source: Ristani et al. (2016), "Performance measures and a data set for multi-target, multi-camera
    tracking", ECCV workshops. Leaving two tracks unpaired costs the boxes of both, pairing them spares two
    for each box that overlaps: the cheapest pairing is the one with the most overlapping boxes.
    """
    together = np.zeros((len(overlapping.truth_lengths), len(overlapping.predicted_lengths)))
    for truth, predicted, ious in overlapping.frames:
        mine, theirs = np.nonzero(ious >= iou_min)
        together[truth[mine], predicted[theirs]] += 1
    # Tracks that meet nobody cannot gain by a pairing.
    together = together[together.any(axis=1)][:, together.any(axis=0)]
    matched = int(together[assign(-together)].sum())
    truth_boxes, predicted_boxes = overlapping.truth_boxes, overlapping.predicted_boxes
    return Identity(
        matched=matched,
        precision=matched / max(1, predicted_boxes),
        recall=matched / max(1, truth_boxes),
        f1=2 * matched / max(1, truth_boxes + predicted_boxes),
    )
