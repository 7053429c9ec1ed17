"""Masks as runs of pixels: their overlap, and what a vote of several covers. No image is ever filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotary.modalities.voting import ROUNDING, Weights

Integers = NDArray[np.int64]


class Runs(NamedTuple):
    """The runs inside a mask: where each starts and ends, half open, column by column; and the area."""

    starts: Integers
    ends: Integers
    area: int


def runs_of(counts: Sequence[int]) -> Runs:
    """Return the runs of canonical counts."""
    reached = np.array(counts, dtype=np.int64).cumsum()
    starts, ends = reached[: len(counts) // 2 * 2 : 2], reached[1::2]
    return Runs(starts, ends, int((ends - starts).sum()))


def counts_of(runs: Runs, pixels: int) -> list[int]:
    """Return the counts of runs in an image of so many pixels."""
    edges = np.column_stack((runs.starts, runs.ends)).ravel()
    counts: list[int] = np.diff(edges, prepend=0, append=pixels).tolist()
    return counts if counts[-1] else counts[:-1]


def bounds(runs: Runs, height: int) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a mask in an image of this height."""
    first, last = runs.starts // height, (runs.ends - 1) // height
    left, right = int(first[0]), int(last[-1]) + 1
    if (first != last).any():
        return left, 0, right, height
    top, bottom = runs.starts - first * height, runs.ends - first * height
    return left, int(top.min()), right, int(bottom.max())


def iou(one: Runs, other: Runs) -> float:
    """Return the intersection over union of two masks, 0 to 1."""
    shared = int((_below(other, one.ends) - _below(other, one.starts)).sum())
    return shared / (one.area + other.area - shared)


def _below(runs: Runs, places: Integers) -> Integers:
    """Return how many pixels of a mask come before each place."""
    areas = np.concatenate(([0], (runs.ends - runs.starts).cumsum()))
    begun = np.searchsorted(runs.starts, places, "right")
    over = np.where(begun > 0, runs.ends[begun - 1] - places, 0)
    found: Integers = areas[begun] - np.maximum(over, 0)
    return found


def vote(masks: Sequence[Runs], weights: Weights) -> Runs:
    """Return the pixels that masks of at least half of the weight cover; it may be none.

    One pass over the sorted starts and ends of all runs.
    """
    lengths = [len(mask.starts) for mask in masks]
    heard = np.repeat(np.asarray(weights, dtype=np.float64), lengths)
    places = np.concatenate([mask.starts for mask in masks] + [mask.ends for mask in masks])
    distinct, where = np.unique(places, return_inverse=True)
    changes = np.bincount(where, np.concatenate((heard, -heard)), len(distinct))
    inside = changes.cumsum() >= sum(weights) * (0.5 - ROUNDING)
    turns = distinct[np.diff(inside, prepend=False)]
    return Runs(turns[::2], turns[1::2], int((turns[1::2] - turns[::2]).sum()))
