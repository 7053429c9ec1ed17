"""Lays two sets of tracks side by side, frame by frame."""

from __future__ import annotations

import numpy as np

from annotary.kernel.errors import TooLarge
from annotary.kernel.limits import ASSIGNMENT_CELLS_MAX
from annotary.modalities.matching import box_ious
from annotary.quality.tracking.values import Frame, Integers, Overlap, Tracks


def overlap(truth: Tracks, predicted: Tracks) -> Overlap:
    """Return the overlap of two sets of tracks; frames with boxes of neither are left out.

    Raises `TooLarge` where the tracks, or the boxes of one frame, are too many to be held against each other.
    """
    truth_ids, truth_of, truth_lengths = _numbered(truth.ids)
    predicted_ids, predicted_of, predicted_lengths = _numbered(predicted.ids)
    _limit("tracks", len(truth_ids), len(predicted_ids))
    numbers = np.union1d(truth.frames, predicted.frames)
    frames = []
    for mine, theirs in zip(_places(truth.frames, numbers), _places(predicted.frames, numbers), strict=True):
        _limit("boxes in one frame", len(mine), len(theirs))
        ious = box_ious(truth.boxes[mine, None], predicted.boxes[None, theirs])
        frames.append(Frame(truth_of[mine], predicted_of[theirs], ious))
    return Overlap(frames, truth_lengths, predicted_lengths)


def _numbered(ids: Integers) -> tuple[Integers, Integers, Integers]:
    """Return the distinct ids, the number of each box's track, and the boxes of each track."""
    return np.unique(ids, return_inverse=True, return_counts=True)


def _places(frames: Integers, numbers: Integers) -> list[Integers]:
    """Return where the boxes of each of the numbered frames stand."""
    order = np.argsort(frames, kind="stable")
    return np.split(order, np.searchsorted(frames[order], numbers[1:]))


def _limit(what: str, truth: int, predicted: int) -> None:
    if truth * predicted > ASSIGNMENT_CELLS_MAX:
        raise TooLarge(
            f"{what}: found {truth:,} of the truth and {predicted:,} of the prediction, expected a product "
            f"of at most {ASSIGNMENT_CELLS_MAX:,}. Evaluate parts of the clip."
        )
