"""The sweep decides as the definition does: every pair of sides, in exact arithmetic."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from annotary.modalities.image.polygon.outline import Point, crossing, is_clockwise, turn

SMALL = st.lists(st.tuples(*[st.integers(0, 6).map(float)] * 2), min_size=3, max_size=9, unique=True)
FINE = st.lists(st.tuples(*[st.floats(0, 1, width=32)] * 2), min_size=3, max_size=9, unique=True)


def exact_turn(a: Point, b: Point, c: Point) -> int:
    """The sign of a cross product, in fractions."""
    (ax, ay), (bx, by), (cx, cy) = (tuple(map(Fraction, point)) for point in (a, b, c))
    cross = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    return (cross > 0) - (cross < 0)


def on_side(a: Point, b: Point, c: Point) -> bool:
    """Whether c lies on the side from a to b, ends included."""
    inside = min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
    return inside and exact_turn(a, b, c) == 0


def meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two sides without a common corner share a point."""
    if on_side(a, b, c) or on_side(a, b, d) or on_side(c, d, a) or on_side(c, d, b):
        return True
    return exact_turn(a, b, c) * exact_turn(a, b, d) < 0 and exact_turn(c, d, a) * exact_turn(c, d, b) < 0


def wrong_pairs(points: list[Point]) -> set[tuple[int, int]]:
    """All pairs of sides that meet where they should not, by definition."""
    size = len(points)
    wrong = set()
    for i, j in combinations(range(size), 2):
        a, b, c, d = points[i], points[(i + 1) % size], points[j], points[(j + 1) % size]
        if j == i + 1 or (i == 0 and j == size - 1):
            first, corner, last = (a, b, d) if j == i + 1 else (c, d, b)
            if on_side(first, corner, last) or on_side(corner, last, first):
                wrong.add((i, j))
        elif meet(a, b, c, d):
            wrong.add((i, j))
    return wrong


@settings(max_examples=1_000)
@given(points=SMALL | FINE)
@example(points=[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 0.0)])
@example(points=[(0.0, 0.0), (0.0, 4.0), (0.0, 2.0)])
def test_the_sweep_finds_a_crossing_exactly_when_there_is_one(points: list[Point]) -> None:
    wrong = wrong_pairs(points)
    found = crossing(points)
    assert (found is None) == (not wrong), (found, wrong)


@given(a=st.tuples(*[st.floats(0, 4)] * 2), b=st.tuples(*[st.floats(0, 4)] * 2), share=st.floats(0, 1))
@example(a=(5e-324, 1e-320), b=(1e-310, 3e-308), share=0.5)
def test_turns_are_exact_near_a_line(a: Point, b: Point, share: float) -> None:
    c = (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
    sign = turn(a, b, c)
    assert (sign > 0) - (sign < 0) == exact_turn(a, b, c)


@given(points=SMALL)
def test_clockwise_agrees_with_the_area(points: list[Point]) -> None:
    assume(not wrong_pairs(points))
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1], strict=True))
    assert is_clockwise(points) == (area > 0)
    assert is_clockwise(points[::-1]) != is_clockwise(points)


def test_ten_thousand_corners_are_swept() -> None:
    size = 10_000
    teeth = [(i * 0.1, 900.0 if i % 2 else 100.0) for i in range(size - 2)] + [
        (size * 0.1, 1000.0),
        (-1.0, 1000.0),
    ]
    assert crossing(teeth) is None
    teeth[size // 2], teeth[size // 2 + 2] = teeth[size // 2 + 2], teeth[size // 2]
    assert crossing(teeth) is not None
