"""Makes geometry.json: shapes with what exact arithmetic says of them."""

from __future__ import annotations

import math
import random
from typing import Any

from golden import exact

_SEED = 20_261_123
_Points = list[list[float]]


def geometry() -> dict[str, Any]:
    """Return the whole document."""
    source = random.Random(_SEED)
    return {
        "about": "Boxes are [x, y, width, height] from the top left; rotated boxes [x, y, width, height, "
        "angle] with the centre in x, y and degrees clockwise on the screen; corners start at the box's own "
        "top left. `where` is of the even-odd rule. Made in exact rational arithmetic by "
        "tests/golden/shapes.py.",
        "tolerance": 1e-9,
        "boxes": [_boxes(*pair) for pair in _box_pairs(source)],
        "rotated_boxes": [_rotated(*pair) for pair in _rotated_pairs(source)],
        "polygons": [_polygon(points) for points in _polygons(source)],
        "polygon_pairs": [_overlap(*pair) for pair in _polygon_pairs(source)],
        "outlines": [{"points": one, "crosses": _crosses(one)} for one in _outlines(source)],
        "places": [_place(points, point) for points, point in _places(source)],
    }


def _number(source: random.Random, low: float, high: float) -> float:
    return round(source.uniform(low, high), 3)


def _box_pairs(source: random.Random) -> list[tuple[list[float], list[float]]]:
    pairs = [
        ([0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, 10.0]),
        ([0.0, 0.0, 10.0, 10.0], [10.0, 0.0, 10.0, 10.0]),
        ([0.0, 0.0, 10.0, 10.0], [2.5, 2.5, 5.0, 5.0]),
        ([0.0, 0.0, 1.0, 1.0], [50.0, 50.0, 1.0, 1.0]),
    ]
    for _ in range(12):
        one, other = ([_number(source, 0, 50) for _ in range(2)] for _ in range(2))
        sizes = [_number(source, 5, 60) for _ in range(4)]
        pairs.append((one + sizes[:2], other + sizes[2:]))
    return pairs


def _corners(box: list[float]) -> list[exact.Point]:
    x, y, width, height = map(exact.Fraction, box)
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def _boxes(first: list[float], second: list[float]) -> dict[str, Any]:
    return {"first": first, "second": second, "iou": float(exact.iou(_corners(first), _corners(second)))}


def _rotated_pairs(source: random.Random) -> list[tuple[list[float], list[float]]]:
    square = [100.0, 100.0, 40.0, 40.0]
    pairs = [
        ([*square, 0.0], [*square, 45.0]),
        ([*square, 0.0], [*square, 90.0]),
        ([100.0, 100.0, 60.0, 20.0, 30.0], [100.0, 100.0, 20.0, 60.0, 120.0]),
        ([100.0, 100.0, 60.0, 20.0, 359.5], [100.0, 100.0, 60.0, 20.0, 0.5]),
        ([100.0, 100.0, 60.0, 20.0, 10.0], [100.0, 100.0, 60.0, 20.0, 190.0]),
        ([0.0, 0.0, 200.0, 2.0, 0.0], [0.0, 0.0, 200.0, 2.0, 90.0]),
        ([10.0, 10.0, 4.0, 4.0, 0.0], [90.0, 90.0, 4.0, 4.0, 33.0]),
        ([50.0, 50.0, 100.0, 80.0, 15.0], [52.0, 49.0, 10.0, 8.0, 200.0]),
    ]
    for _ in range(16):
        one, other = (
            [_number(source, 80, 120), _number(source, 80, 120), _number(source, 10, 90)] for _ in range(2)
        )
        rest = [_number(source, 10, 60), _number(source, 0, 360)]
        pairs.append((one + rest, [*other, _number(source, 10, 60), _number(source, 0, 360)]))
    return pairs


def _rotated(first: list[float], second: list[float]) -> dict[str, Any]:
    one, other = exact.rotated_corners(*first), exact.rotated_corners(*second)
    corners = [[float(x), float(y)] for x, y in one]
    return {"first": first, "second": second, "first_corners": corners, "iou": float(exact.iou(one, other))}


def _star(source: random.Random, centre: tuple[float, float], corners: int) -> _Points:
    """A simple outline: corners at ascending angles around a centre."""
    points = []
    for corner in range(corners):
        angle = math.tau * (corner + source.uniform(0.1, 0.9)) / corners
        radius = source.uniform(15, 60)
        points.append(
            [round(centre[0] + radius * math.cos(angle), 3), round(centre[1] + radius * math.sin(angle), 3)]
        )
    return points


def _polygons(source: random.Random) -> list[_Points]:
    fixed: list[_Points] = [
        [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]],
        [[0.0, 0.0], [0.0, 10.0], [10.0, 10.0], [10.0, 0.0]],
        [
            [0.0, 0.0],
            [30.0, 0.0],
            [30.0, 30.0],
            [20.0, 30.0],
            [20.0, 10.0],
            [10.0, 10.0],
            [10.0, 30.0],
            [0.0, 30.0],
        ],
        [[1e6, 1e6], [1e6 + 0.5, 1e6], [1e6, 1e6 + 0.25]],
    ]
    return fixed + [_star(source, (100.0, 100.0), corners) for corners in (3, 4, 5, 8, 13, 40)]


def _polygon(points: _Points) -> dict[str, Any]:
    area = exact.signed_area(exact.points_of(points))
    return {"points": points, "area": float(abs(area)), "clockwise": area > 0}


def _polygon_pairs(source: random.Random) -> list[tuple[_Points, _Points]]:
    square: _Points = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]]
    cup = _polygons(random.Random(0))[2]
    pairs = [
        (square, square[::-1]),
        (square, [[10.0, 0.0], [20.0, 0.0], [20.0, 10.0]]),
        (cup, [[5.0, 15.0], [25.0, 15.0], [25.0, 25.0], [5.0, 25.0]]),
        (cup, [[11.0, 12.0], [19.0, 12.0], [15.0, 28.0]]),
    ]
    for _ in range(10):
        centres = [(_number(source, 90, 110), _number(source, 90, 110)) for _ in range(2)]
        one, other = (_star(source, centre, source.randint(3, 12)) for centre in centres)
        pairs.append((one, other))
    return pairs


def _overlap(first: _Points, second: _Points) -> dict[str, Any]:
    found = exact.iou(exact.points_of(first), exact.points_of(second))
    return {"first": first, "second": second, "iou": float(found)}


def _crosses(points: _Points) -> bool:
    return exact.crosses_itself(exact.points_of(points))


def _outlines(source: random.Random) -> list[_Points]:
    """Outlines of distinct corners: simple ones, and such as cross, touch or fold back."""
    fixed: list[_Points] = [
        [[0.0, 0.0], [9.0, 9.0], [9.0, 0.0], [0.0, 9.0]],
        [[0.0, 0.0], [5.0, 0.0], [9.0, 0.0]],
        [[0.0, 0.0], [10.0, 0.0], [5.0, 0.0], [5.0, 5.0]],
        [[10.0, 0.0], [10.0, 20.0], [20.0, 20.0], [20.0, 10.0], [10.0, 10.0], [0.0, 10.0]],
        [[0.0, 0.0], [4.0, 0.0], [8.0, 0.0], [8.0, 8.0], [0.0, 8.0]],
        [[0.1, 0.1], [0.2, 0.2], [0.30000000000000004, 0.3], [0.5, 0.0]],
        [[0.0, 0.0], [20.0, 0.0], [20.0, 20.0], [10.0, 0.0], [0.0, 20.0]],
    ]
    wild = [
        [[float(source.randint(0, 12)), float(source.randint(0, 12))] for _ in range(source.randint(3, 7))]
        for _ in range(40)
    ]
    distinct = [points for points in wild if len({tuple(point) for point in points}) == len(points)]
    return fixed + distinct + [_star(source, (50.0, 50.0), 20)]


def _places(source: random.Random) -> list[tuple[_Points, list[float]]]:
    cup = _polygons(random.Random(0))[2]
    on_cup = [
        [5.0, 5.0],
        [15.0, 20.0],
        [15.0, 10.0],
        [10.0, 30.0],
        [0.0, 0.0],
        [25.0, 10.0],
        [31.0, 10.0],
        [-1.0, 30.0],
    ]
    star = _star(source, (50.0, 50.0), 9)
    around = [[_number(source, 0, 100), _number(source, 0, 100)] for _ in range(20)]
    return [(cup, point) for point in on_cup] + [(star, point) for point in around]


def _place(points: _Points, point: list[float]) -> dict[str, Any]:
    [at] = exact.points_of([point])
    return {"points": points, "point": point, "where": exact.where(exact.points_of(points), at)}
