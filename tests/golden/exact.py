"""Plane geometry in exact rational numbers, slow and simple: what the code's own geometry is held against."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

Point = tuple[Fraction, Fraction]
Outline = Sequence[Point]
_TERMS = 40
_NONE, _ONE = Fraction(0), Fraction(1)
_PI = Fraction("3.14159265358979323846264338327950288419716939937510")


def points_of(points: Sequence[Sequence[float]]) -> list[Point]:
    """Return the points of an outline, each coordinate exactly the float that it is."""
    return [(Fraction(x), Fraction(y)) for x, y in points]


def sides_of(points: Outline) -> list[tuple[Point, Point]]:
    """Return the sides of a closed outline."""
    return list(zip(points, [*points[1:], points[0]], strict=True))


def signed_area(points: Outline) -> Fraction:
    """Return the area by the shoelace formula: above 0 for clockwise on a screen, where y grows downwards."""
    return sum((a[0] * b[1] - b[0] * a[1] for a, b in sides_of(points)), Fraction(0)) / 2


def turn(a: Point, b: Point, c: Point) -> int:
    """Return 1, 0 or -1 as c lies to the right, ahead or to the left of the way from a to b, on a screen."""
    product = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (product > 0) - (product < 0)


def _on_side(a: Point, b: Point, point: Point) -> bool:
    within = all(min(a[i], b[i]) <= point[i] <= max(a[i], b[i]) for i in (0, 1))
    return within and turn(a, b, point) == 0


def meet(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Say whether two closed sides share a point."""
    (a, b), (c, d) = one, other
    if turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0:
        return True
    return any((_on_side(a, b, c), _on_side(a, b, d), _on_side(c, d, a), _on_side(c, d, b)))


def crosses_itself(points: Outline) -> bool:
    """Say whether an outline of distinct corners crosses or touches itself: looks at all pairs of sides."""
    sides = sides_of(points)
    for i, one in enumerate(sides):
        for j in range(i + 1, len(sides)):
            other = sides[j]
            if j - i == 1 or (i == 0 and j == len(sides) - 1):
                far = (one[0], other[1]) if j - i == 1 else (one[1], other[0])
                if _on_side(*one, far[1]) or _on_side(*other, far[0]):
                    return True
            elif meet(one, other):
                return True
    return False


def where(points: Outline, point: Point) -> str:
    """Return `inside`, `outside` or `border`, by the even-odd rule."""
    inside = False
    for a, b in sides_of(points):
        if _on_side(a, b, point):
            return "border"
        if (a[1] > point[1]) != (b[1] > point[1]):
            x = a[0] + (point[1] - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
            inside ^= x > point[0]
    return "inside" if inside else "outside"


def _covered(points: Outline, x: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Return the stretches of a vertical line that lie inside a simple outline; no corner is on the line."""
    heights = sorted(
        a[1] + (x - a[0]) * (b[1] - a[1]) / (b[0] - a[0])
        for a, b in sides_of(points)
        if (a[0] > x) != (b[0] > x)
    )
    return list(zip(heights[::2], heights[1::2], strict=True))


def _crossing_x(one: tuple[Point, Point], other: tuple[Point, Point]) -> list[Fraction]:
    (a, b), (c, d) = one, other
    determinant = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
    if determinant == 0:
        return []
    along = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / determinant
    return [a[0] + along * (b[0] - a[0])] if 0 <= along <= 1 else []


def shared_area(first: Outline, second: Outline) -> Fraction:
    """Return the area that two simple outlines share: between corners and crossings it is all trapezoids."""
    cuts = {point[0] for point in (*first, *second)}
    for one in sides_of(first):
        for other in sides_of(second):
            cuts.update(_crossing_x(one, other))
    total = Fraction(0)
    for left, right in pairwise(sorted(cuts)):
        middle = (left + right) / 2
        for low, high in _covered(first, middle):
            for other_low, other_high in _covered(second, middle):
                total += max(Fraction(0), min(high, other_high) - max(low, other_low)) * (right - left)
    return total


def iou(first: Outline, second: Outline) -> Fraction:
    """Return the intersection over union of two simple outlines."""
    shared = shared_area(first, second)
    return shared / (abs(signed_area(first)) + abs(signed_area(second)) - shared)


def direction(angle_degrees: float) -> Point:
    """Return cosine and sine of an angle to some 45 digits, by their series after a whole number of turns."""
    angle = Fraction(angle_degrees) % 360
    if angle % 90 == 0:
        return [(_ONE, _NONE), (_NONE, _ONE), (-_ONE, _NONE), (_NONE, -_ONE)][int(angle // 90)]
    radians = (angle - 360 if angle > 180 else angle) * _PI / 180
    term, series = Fraction(1), []
    for power in range(_TERMS):
        series.append(term)
        # Rounded to 60 digits: exact powers would grow without end.
        term = Fraction(round(term * radians / (power + 1) * 10**60), 10**60)
    cosine = sum(series[0::4], Fraction(0)) - sum(series[2::4], Fraction(0))
    return cosine, sum(series[1::4], Fraction(0)) - sum(series[3::4], Fraction(0))


def rotated_corners(x: float, y: float, width: float, height: float, angle_degrees: float) -> list[Point]:
    """Return the corners of a rotated box: its own top left, top right, bottom right, bottom left."""
    cosine, sine = direction(angle_degrees)
    half_width, half_height = Fraction(width) / 2, Fraction(height) / 2
    return [
        (Fraction(x) + across * cosine - down * sine, Fraction(y) + across * sine + down * cosine)
        for across, down in (
            (-half_width, -half_height),
            (half_width, -half_height),
            (half_width, half_height),
            (-half_width, half_height),
        )
    ]
