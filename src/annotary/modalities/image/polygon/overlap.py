"""The area that two simple polygons share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Above this many corners in both together the area is sampled along evenly spaced lines instead of computed
# exactly.
_EXACT_CORNERS_MAX = 1_000
_SAMPLED_LINES = 2_048
_CELLS_MAX = 1 << 20


class Outline(NamedTuple):
    """A polygon's sides as rows of x, y, next x, next y; its bounds as left, top, right, bottom; its area."""

    sides: Array
    bounds: tuple[float, float, float, float]
    area: float


def outline_of(points: Sequence[tuple[float, float]]) -> Outline:
    """Return what is needed to measure a simple polygon."""
    corners = np.array(points, dtype=np.float64)
    sides = np.hstack((corners, np.roll(corners, -1, axis=0)))
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    # Measured from the polygon's own corner: far from the origin the products would lose digits.
    x, y, next_x, next_y = (sides - (left, top, left, top)).T
    area = abs(float((x * next_y - next_x * y).sum())) / 2
    return Outline(sides, (float(left), float(top), float(right), float(bottom)), area)


def iou(first: Outline, second: Outline) -> float:
    """Return the intersection over union of two simple polygons, 0 to 1.

    The area that only one covers is that of both outlines together under the even-odd rule, and the shared
    area follows as (A + B - A xor B) / 2. Cut at all corners and crossings, the even-odd area is a sum of
    trapezoids, each as wide as its slab and as high as in the slab's middle: exact. Larger outlines are
    sampled (error about 1 / _SAMPLED_LINES).
    """
    if first is second or np.array_equal(first.sides, second.sides):
        return 1.0
    sides = np.vstack((first.sides, second.sides))
    if len(sides) <= _EXACT_CORNERS_MAX:
        cuts = np.unique(np.concatenate((sides[:, 0], crossings(first.sides, second.sides))))
    else:
        cuts = np.linspace(sides[:, 0].min(), sides[:, 0].max(), _SAMPLED_LINES + 1)
    apart = _even_odd_area(sides, cuts)
    shared = max(0.0, (first.area + second.area - apart) / 2)
    total = first.area + second.area - shared
    return min(1.0, shared / total) if total > 0 else 0.0


def crossings(first: Array, second: Array) -> Array:
    """Return the x of every point where a side of one crosses a side of the other."""
    x, y, next_x, next_y = (column[:, None] for column in first.T)
    other_x, other_y, other_next_x, other_next_y = (column[None, :] for column in second.T)
    dx, dy = next_x - x, next_y - y
    other_dx, other_dy = other_next_x - other_x, other_next_y - other_y
    determinant = dx * other_dy - dy * other_dx
    with np.errstate(divide="ignore", invalid="ignore"):
        along = ((other_x - x) * other_dy - (other_y - y) * other_dx) / determinant
        other_along = ((other_x - x) * dy - (other_y - y) * dx) / determinant
        meet = (along >= 0) & (along <= 1) & (other_along >= 0) & (other_along <= 1)
        crossed = x + along * dx
    found: Array = crossed[meet]
    return found


def _even_odd_area(sides: Array, cuts: Array) -> float:
    """Sum over the slabs between cuts: width times the length covered an odd number of times midway."""
    middles, widths = (cuts[1:] + cuts[:-1]) / 2, np.diff(cuts)
    low, high = np.minimum(sides[:, 0], sides[:, 2]), np.maximum(sides[:, 0], sides[:, 2])
    span = sides[:, 2] - sides[:, 0]
    slope = np.divide(sides[:, 3] - sides[:, 1], span, out=np.zeros_like(span), where=span != 0)
    total = 0.0
    rows = max(1, _CELLS_MAX // len(sides))
    for start in range(0, len(middles), rows):
        middle = middles[start : start + rows, None]
        heights = sides[:, 1] + (middle - sides[:, 0]) * slope
        # Sides that do not reach the line go to the top end of the sorted row, in pairs that cancel out.
        heights = np.where((low <= middle) & (middle < high), heights, np.finfo(np.float64).max)
        heights.sort(axis=1)
        if heights.shape[1] % 2:
            heights = np.hstack((heights, np.full((len(heights), 1), np.finfo(np.float64).max)))
        lengths = (heights[:, 1::2] - heights[:, ::2]).sum(axis=1)
        total += float((lengths * widths[start : start + rows]).sum())
    return total
