"""How alike two sets of keypoints are: COCO's object keypoint similarity, the same in both directions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotary.modalities.image.keypoints.skeletons import Skeleton

# A thing is at least this large, as a share of the image's diagonal: one point alone has no size.
_SIZE_MIN = 0.01
# A thing seen from its side is no line: it is taken to be a quarter as wide as it is long.
_WIDTH_MIN = 0.25


def similarity(first: Any, second: Any, skeletons: tuple[Skeleton, Skeleton], diagonal: float) -> float:
    """Return the object keypoint similarity of two marks, 0 to 1.

    The mean over the points of exp(-d² / (2 s² k²)), with k = 2 sigma and s² the area of the thing (COCO
    2016, cocoeval.py `computeOks`). COCO knows the truth, with its area and its points; here either may be
    right: the area is that of the rectangle around both, and a point that only one marked counts as 0.
    """
    if len(first.points) == len(second.points) and first.points == second.points:
        return 1.0
    area = _area((*first.points.values(), *second.points.values()), diagonal)
    total = 0.0
    for name, (x, y, _) in first.points.items():
        if name not in second.points:
            continue
        other_x, other_y, _ = second.points[name]
        sigma = (skeletons[0].sigma(name) + skeletons[1].sigma(name)) / 2
        total += math.exp(-((x - other_x) ** 2 + (y - other_y) ** 2) / (2 * area * (2 * sigma) ** 2))
    return total / len(first.points.keys() | second.points.keys())


def bounds(marks: Sequence[Any], margin: float) -> NDArray[np.float64]:
    """Return the rectangles around marks (left, top, right, bottom), wider by a margin on each side."""
    rows = []
    for mark in marks:
        across, down, _ = zip(*mark.points.values(), strict=True)
        rows.append((min(across) - margin, min(down) - margin, max(across) + margin, max(down) + margin))
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def _area(points: Sequence[tuple[float, float, int]], diagonal: float) -> float:
    across, down, _ = zip(*points, strict=True)
    width, height = max(across) - min(across), max(down) - min(down)
    longest, least = max(width, height), diagonal * _SIZE_MIN
    area: float = max(width * height, longest * longest * _WIDTH_MIN, least * least)
    return area
