"""Robust statistics of coordinates: one careless annotator among three moves nothing far."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from annotary.modalities.voting import ROUNDING

Floats = NDArray[np.float64]


def weighted_median(values: ArrayLike, weights: ArrayLike) -> Floats:
    """Return the weighted medians of (n, ...) values along the first axis.

    The lowest value that has, with all below it, half of the weight; where it has exactly half, the mean of
    it and the next (Edgeworth 1888, "On a new method of reducing observations"). `weights` broadcast to the
    values, and 0 leaves a value out; each median needs at least one above 0. Up to half of the weight may
    lie anywhere without moving the median beyond the other half's range.
    """
    rows = np.asarray(values, dtype=np.float64)
    share = np.broadcast_to(np.asarray(weights, dtype=np.float64), rows.shape)
    order = rows.argsort(axis=0, kind="stable")
    rows = np.take_along_axis(rows, order, axis=0)
    reached = np.take_along_axis(share, order, axis=0).cumsum(axis=0)
    half = reached[-1] / 2
    low = (reached >= half * (1 - ROUNDING)).argmax(axis=0)[None]
    high = (reached > half * (1 + ROUNDING)).argmax(axis=0)[None]
    # Halved first: the sum of two large numbers could overflow, and twice the half of one number is itself.
    middle = np.take_along_axis(rows, low, axis=0) / 2 + np.take_along_axis(rows, high, axis=0) / 2
    found: Floats = middle[0]
    return found
