"""How far apart two lines are, and where one is closest to a point of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# Lines are compared at this many places, spread evenly along each.
_SAMPLES = 32


def sampled(points: Sequence[tuple[float, float]] | Array) -> Array:
    """Return places (x, y) spread evenly along a line, both ends included."""
    corners = np.array(points, dtype=np.float64)
    reached = np.concatenate(([0.0], np.hypot(*np.diff(corners, axis=0).T).cumsum()))
    places = np.linspace(0.0, reached[-1], _SAMPLES)
    return np.column_stack([np.interp(places, reached, column) for column in corners.T])


def frechet(first: Array, second: Array) -> Array:
    """Return the discrete Fréchet distances of pairs of lines, each as (..., places, 2).

    The shortest leash with which two can walk along both, neither ever back: Eiter and Mannila (1994),
    "Computing discrete Fréchet distance". The tables of all pairs are filled in by diagonals.
    """
    apart = np.hypot(*np.moveaxis(first[..., :, None, :] - second[..., None, :, :], -1, 0))
    rows, columns = apart.shape[-2:]
    leash = np.full((*apart.shape[:-2], rows + 1, columns + 1), np.inf)
    leash[..., 0, 0] = 0.0
    for diagonal in range(rows + columns - 1):
        i = np.arange(max(0, diagonal - columns + 1), min(rows, diagonal + 1))
        j = diagonal - i
        before = np.minimum(np.minimum(leash[..., i, j + 1], leash[..., i + 1, j]), leash[..., i, j])
        leash[..., i + 1, j + 1] = np.maximum(apart[..., i, j], before)
    found: Array = leash[..., -1, -1]
    return found


def closest_places(points: Array, line: Array) -> Array:
    """Return, for each of some points, the place of a line (its corners) that is closest to it."""
    start, along = line[None, :-1], np.diff(line, axis=0)[None]
    share = ((points[:, None] - start) * along).sum(axis=2) / (along**2).sum(axis=2)
    places = start + share.clip(0.0, 1.0)[..., None] * along
    off = ((places - points[:, None]) ** 2).sum(axis=2)
    found: Array = places[np.arange(len(points)), off.argmin(axis=1)]
    return found
