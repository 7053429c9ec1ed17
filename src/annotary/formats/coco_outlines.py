"""COCO outlines as simple polygons: tools that trace pixels leave spikes, and rings that touch themselves at
a corner.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from annotary.kernel.limits import COCO_CORNERS_SEARCHED_MAX
from annotary.modalities.image.polygon.outline import Point, crossing, turn

CORNERS_FEWEST = 3


def simple_polygons(points: Sequence[Point]) -> list[list[Point]] | None:
    """Return the simple polygons an outline consists of, or None where it truly crosses itself.

    A ring that touches itself becomes the rings it consists of; a part that encloses nothing goes.
    """
    outline = _without_spikes(points)
    if len(outline) <= COCO_CORNERS_SEARCHED_MAX:
        outline = _with_touches(outline)
    found = []
    for ring in map(_without_spikes, _rings(outline)):
        if len(ring) < CORNERS_FEWEST or not any(turn(ring[0], ring[1], point) for point in ring[2:]):
            continue
        if len(set(ring)) < len(ring) or crossing(ring) is not None:
            return None
        found.append(ring)
    return found


def _with_touches(points: list[Point]) -> list[Point]:
    """Return an outline that has a corner wherever one of its corners lies on one of its sides."""
    corners = set(points)
    found: list[Point] = []
    for start, end in zip(points, [*points[1:], *points[:1]], strict=True):
        low_x, high_x = sorted((start[0], end[0]))
        low_y, high_y = sorted((start[1], end[1]))
        on_side = [
            one
            for one in corners
            if low_x <= one[0] <= high_x
            and low_y <= one[1] <= high_y
            and one not in (start, end)
            and turn(start, end, one) == 0
        ]
        on_side.sort(key=lambda one: abs(one[0] - start[0]) + abs(one[1] - start[1]))
        found += (start, *on_side)
    return found


def _without_spikes(points: Sequence[Point]) -> list[Point]:
    """Return an outline without the corners from which it runs straight back."""
    kept: list[Point] = []
    for point in points:
        while kept and (kept[-1] == point or (len(kept) > 1 and _is_spike(kept[-2], kept[-1], point))):
            kept.pop()
        kept.append(point)
    while len(kept) > 1:  # where the last corner meets the first
        if kept[-1] == kept[0] or _is_spike(kept[-2], kept[-1], kept[0]):
            kept.pop()
        elif _is_spike(kept[-1], kept[0], kept[1]):
            del kept[0]
        else:
            break
    return kept


def _is_spike(before: Point, tip: Point, after: Point) -> bool:
    if turn(before, tip, after) != 0:
        return False
    there = tip[0] - before[0], tip[1] - before[1]
    back = after[0] - tip[0], after[1] - tip[1]
    return there[0] * back[0] + there[1] * back[1] < 0


def _rings(points: Iterable[Point]) -> list[list[Point]]:
    """Cut an outline where it comes back to a corner: every ring has each of its corners once."""
    rings: list[list[Point]] = []
    open_ring: list[Point] = []
    places: dict[Point, int] = {}
    for point in points:
        if point in places:
            start = places[point]
            rings.append(open_ring[start:])
            for gone in open_ring[start + 1 :]:
                del places[gone]
            del open_ring[start + 1 :]
        else:
            places[point] = len(open_ring)
            open_ring.append(point)
    return [*rings, open_ring]
