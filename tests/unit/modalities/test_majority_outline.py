"""The outline of what at least half cover: by hand, and against counting points in random stars."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.modalities.answers import merge_answers
from annotary.modalities.image.polygon.majority import majority_outline
from annotary.modalities.image.polygon.outline import crossing
from annotary.modalities.image.polygon.overlap import outline_of

from .strategies import ITEMS, encode, stars, validator_of
from .test_overlap import area_of, inside

Points = list[list[float]]


def box(left: float, top: float, right: float, bottom: float) -> Points:
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


def covered(drawn: list[Points], weights: list[float] | None = None) -> list[tuple[float, float]]:
    found = majority_outline([outline_of(one) for one in drawn], weights or [1.0] * len(drawn))
    assert found is not None
    return found


U_SHAPE = [[0, 0], [9, 0], [9, 9], [6, 9], [6, 3], [3, 3], [3, 9], [0, 9]]
CASES: list[tuple[str, list[Points], list[float] | None, Any]] = [
    ("two of three", [box(0, 0, 8, 8), box(4, 0, 12, 8), box(6, 0, 20, 8)], None, box(4, 0, 12, 8)),
    ("half is enough", [box(0, 0, 6, 2), box(4, 0, 9, 2)], None, box(0, 0, 9, 2)),
    ("a third is not", [box(0, 0, 6, 2), box(4, 0, 9, 2), box(3, 0, 7, 2)], None, box(3, 0, 7, 2)),
    ("the heavier", [box(0, 0, 6, 2), box(4, 0, 9, 2)], [3.0, 1.0], box(0, 0, 6, 2)),
    ("a corner cut", [box(0, 0, 4, 4), box(2, 2, 6, 6)], None, None),
    ("two pieces", [U_SHAPE, box(1, 5, 9, 8), box(20, 0, 21, 1)], None, box(6, 5, 9, 8)),
    ("a shared side", [box(0, 0, 4, 4), box(4, 0, 8, 4), box(0, 0, 8, 4)], None, box(0, 0, 8, 4)),
    ("touching at a point", [box(0, 0, 4, 4), box(4, 4, 9, 9)], None, box(4, 4, 9, 9)),
]


@pytest.mark.parametrize(
    ("drawn", "weights", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_by_hand(drawn: list[Points], weights: list[float] | None, expected: Any) -> None:
    found = covered(drawn, weights)
    assert crossing(found) is None
    if expected is not None:
        assert set(found) == {tuple(map(float, point)) for point in expected}


def test_a_hole_is_filled() -> None:
    ring = [[0, 0], [9, 0], [9, 9], [0, 9], [0, 5], [3, 5], [3, 6], [6, 6], [6, 3], [3, 3], [3, 4], [0, 4]]
    assert area_of([list(point) for point in covered([ring, box(0, 4, 2, 5)])]) == 81, (
        "half is enough: the bridge closes it"
    )


def noisy(points: Points, source: random.Random) -> Points:
    """The same star drawn by another hand: a little larger or smaller, and elsewhere."""
    (x, y), scale = (source.uniform(-9, 9) for _ in range(2)), source.uniform(0.9, 1.1)
    middle_x, middle_y = (sum(side) / len(points) for side in zip(*points, strict=True))
    return [[middle_x + x + scale * (a - middle_x), middle_y + y + scale * (b - middle_y)] for a, b in points]


@settings(max_examples=150, deadline=None)
@given(star=stars(), people=st.integers(2, 5), seed=st.integers(0, 1 << 20))
def test_it_holds_the_points_that_half_hold(star: Points, people: int, seed: int) -> None:
    source = random.Random(seed)
    drawn = [noisy(star, source) for _ in range(people)]
    weights = [source.choice([0.5, 1.0, 1.5]) for _ in drawn]
    found = covered(drawn, weights)
    assert crossing(found) is None and len(set(found)) == len(found)
    outline = [list(point) for point in found]
    wrong, looked = 0, 400
    for _ in range(looked):
        x, y = source.uniform(0, 640), source.uniform(0, 480)
        votes = sum(weight for one, weight in zip(drawn, weights, strict=True) if inside(one, x, y))
        wrong += (2 * votes >= sum(weights)) != inside(outline, x, y)
    # Small pieces beside the largest, and small holes, are given up.
    assert wrong <= 0.03 * looked


@settings(max_examples=60, deadline=None)
@given(star=stars(), people=st.integers(2, 4), seed=st.integers(0, 1 << 20))
def test_the_merged_polygon_is_one_that_could_have_been_drawn(star: Points, people: int, seed: int) -> None:
    source = random.Random(seed)
    validator = validator_of("image", {"polygon": {}})
    marks = [[{"label": "plain", "points": noisy(star, source)}] for _ in range(people)]
    answers = [validator.validate(encode({"polygon": one}), ITEMS["image"]).answer for one in marks]
    merged = merge_answers(validator, answers, ITEMS["image"]).value
    encoded = validator.canonical(merged).encoded
    assert validator.validate(encoded, ITEMS["image"]).encoded == encoded


def test_too_many_sides_are_given_up() -> None:
    many = [[float(n), 0.0] for n in range(1_100)] + [[float(n), 9.0] for n in range(1_100)][::-1]
    assert majority_outline([outline_of(many), outline_of(many)], [1.0, 1.0]) is None
