"""Whether an outline is simple, decided exactly in O(n log n), and which way round it runs."""

from __future__ import annotations

from fractions import Fraction

Point = tuple[float, float]

# Rounding error of the float determinant, relative to the sum of its terms' sizes (Shewchuk 1997, "Adaptive
# Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates": (3 + 16e)e with e = 2**-53).
_ERROR_BOUND = (3.0 + 16.0 * 2.0**-53) * 2.0**-53
_UNDERFLOW_BOUND = 1e-300


def turn(a: Point, b: Point, c: Point) -> float:
    """Return a number whose sign is exactly that of (b - a) x (c - a): 0 where the three lie on one line."""
    left = (a[0] - c[0]) * (b[1] - c[1])
    right = (a[1] - c[1]) * (b[0] - c[0])
    determinant = left - right
    if abs(determinant) > _ERROR_BOUND * (abs(left) + abs(right)) + _UNDERFLOW_BOUND:
        return determinant
    if c in (a, b):
        return 0.0
    ax, ay, bx, by, cx, cy = map(Fraction, (*a, *b, *c))
    exact = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx)
    return (exact > 0) - (exact < 0)


def is_clockwise(points: list[Point]) -> bool:
    """Say whether a simple outline runs clockwise on a screen, where y grows downwards.

    The leftmost corner is convex, so the turn there is the turn of the whole; exact, unlike a summed area.
    """
    corner = points.index(min(points))
    return turn(points[corner - 1], points[corner], points[(corner + 1) % len(points)]) > 0


def crossing(points: list[Point]) -> tuple[int, int] | None:
    """Return two sides that meet where they should not, by their first corners; None for a simple outline.

    Takes at least three distinct points. A line sweeps over the corners from left to right (Shamos and Hoey
    1976, "Geometric intersection problems") and keeps the sides it cuts in their order along it; sides that
    meet become neighbours in that order before they meet, so it is enough to look at new neighbours.
    """
    size = len(points)
    sides = [_side(points[i], points[(i + 1) % size]) for i in range(size)]
    cut: list[int] = []
    for corner in sorted(range(size), key=points.__getitem__):
        point = points[corner]
        both = ((corner - 1) % size, corner)
        place = _place(cut, sides, point)
        through = place
        while through < len(cut) and turn(*sides[cut[through]], point) == 0:
            if cut[through] not in both:
                return _ordered(cut[through], corner)
            through += 1
        starting = [side for side in both if sides[side][0] == point]
        if len(starting) == 2:
            bend = turn(point, sides[starting[0]][1], sides[starting[1]][1])
            if bend == 0:
                return _ordered(*starting)
            if bend < 0:
                starting.reverse()
        cut[place:through] = starting
        for upper in {place, place + len(starting)}:
            if 0 < upper < len(cut) and _meet(cut[upper - 1], cut[upper], sides, size):
                return _ordered(cut[upper - 1], cut[upper])
    return None


def _side(a: Point, b: Point) -> tuple[Point, Point]:
    return (a, b) if a < b else (b, a)


def _place(cut: list[int], sides: list[tuple[Point, Point]], point: Point) -> int:
    """Return how many of the sides that the line cuts pass below a point."""
    low, high = 0, len(cut)
    while low < high:
        middle = (low + high) // 2
        if turn(*sides[cut[middle]], point) > 0:
            low = middle + 1
        else:
            high = middle
    return low


def _meet(one: int, other: int, sides: list[tuple[Point, Point]], size: int) -> bool:
    """Say whether two sides share a point, other than the corner between adjacent ones."""
    if (one - other) % size in (1, size - 1):
        return False
    a, b = sides[one]
    c, d = sides[other]
    if b[0] < c[0] or d[0] < a[0]:
        return False
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    return _straddles(turn(a, b, c), turn(a, b, d)) and _straddles(turn(c, d, a), turn(c, d, b))


def _straddles(first: float, second: float) -> bool:
    return first <= 0 <= second or second <= 0 <= first


def _ordered(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
