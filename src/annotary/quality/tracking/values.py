"""Tracks as arrays, the overlap of two sets of them frame by frame, and the scores."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Tracks(NamedTuple):
    """The boxes of all tracks of a clip: frame numbers (n), track ids (n), boxes (n, 4).

    A box is left, top, right, bottom in pixels. A track has at most one box in a frame.
    """

    frames: Integers
    ids: Integers
    boxes: Floats


class Frame(NamedTuple):
    """One frame: the tracks of truth (n) and prediction (m) that are there, and their IoU (n, m)."""

    truth: Integers
    predicted: Integers
    ious: Floats


class Overlap(NamedTuple):
    """Two sets of tracks side by side: frames with a box of either, and how many boxes each track has.

    Tracks are numbered from 0 in each set. Frames are in the order of time.
    """

    frames: list[Frame]
    truth_lengths: Integers
    predicted_lengths: Integers

    @property
    def truth_boxes(self) -> int:
        """How many boxes the truth has."""
        return int(self.truth_lengths.sum())

    @property
    def predicted_boxes(self) -> int:
        """How many boxes the prediction has."""
        return int(self.predicted_lengths.sum())


class Clear(NamedTuple):
    """Counts of CLEAR MOT: boxes matched, missed and false, changes of identity; `mota` as a fraction."""

    matched: int
    missed: int
    false: int
    id_switches: int
    mota: float


class Identity(NamedTuple):
    """Boxes that keep one identity through the clip; precision, recall and F1 as fractions."""

    matched: int
    precision: float
    recall: float
    f1: float


class Hota(NamedTuple):
    """Higher order tracking accuracy with its parts, detection and association; means, as fractions."""

    hota: float
    detection: float
    association: float


class TrackScores(NamedTuple):
    """All measures of one set of tracks against another."""

    clear: Clear
    identity: Identity
    hota: Hota
