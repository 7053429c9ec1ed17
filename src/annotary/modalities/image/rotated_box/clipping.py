"""Corners of rotated boxes, and the area that two of them share."""

from __future__ import annotations

import math
from operator import attrgetter
from typing import Any

Point = tuple[float, float]
_PLACE = attrgetter("x", "y", "width", "height", "angle")
_QUARTERS = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), 270.0: (0.0, -1.0)}


def corners_of(box: Any) -> list[Point]:
    """Return a box's own top left, top right, bottom right and bottom left: clockwise on the screen."""
    # Quarter turns exactly: the cosine of 90 degrees in radians is not 0.
    angle = math.radians(box.angle)
    cosine, sine = _QUARTERS.get(box.angle) or (math.cos(angle), math.sin(angle))
    along = (box.width / 2 * cosine, box.width / 2 * sine)
    across = (-box.height / 2 * sine, box.height / 2 * cosine)
    return [
        (box.x + u * along[0] + v * across[0], box.y + u * along[1] + v * across[1])
        for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]


def iou(first: Any, second: Any) -> float:
    """Return the intersection over union of two rotated boxes, 0 to 1.

    The first is clipped at each side of the second (Sutherland and Hodgman 1974, "Reentrant polygon
    clipping"), which is exact for convex shapes.
    """
    # In one order, so that rounding is the same for both; and measured from one centre, because far from the
    # origin the products would lose digits.
    first, second = sorted((first, second), key=_PLACE)
    left, top = first.x, first.y
    ours, theirs = ([(x - left, y - top) for x, y in corners_of(box)] for box in (first, second))
    shared = area_of(clipped(ours, theirs))
    total = first.width * first.height + second.width * second.height - shared
    return min(1.0, shared / total) if total > 0 else 0.0


def clipped(shape: list[Point], clip: list[Point]) -> list[Point]:
    """Return the part of a convex shape that lies inside another one; both run clockwise on the screen."""
    for index, (x, y) in enumerate(clip):
        next_x, next_y = clip[(index + 1) % len(clip)]
        dx, dy = next_x - x, next_y - y
        depths = [dx * (py - y) - dy * (px - x) for px, py in shape]
        kept: list[Point] = []
        for at, (point, depth) in enumerate(zip(shape, depths, strict=True)):
            before, depth_before = shape[at - 1], depths[at - 1]
            if (depth >= 0) != (depth_before >= 0):
                share = depth_before / (depth_before - depth)
                kept.append(
                    (
                        before[0] + share * (point[0] - before[0]),
                        before[1] + share * (point[1] - before[1]),
                    )
                )
            if depth >= 0:
                kept.append(point)
        shape = kept
    return shape


def area_of(shape: list[Point]) -> float:
    """Return the area of a simple outline in square pixels."""
    turned = zip(shape, shape[1:] + shape[:1], strict=True)
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in turned)) / 2
