"""Traced outlines become simple polygons of the same area, or none at all."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.formats.coco_outlines import simple_polygons
from annotary.modalities.image.polygon.outline import Point, crossing

points = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda p: (float(p[0]), float(p[1])))


def _area(ring: list[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]])) / 2


@given(st.lists(points, min_size=3, max_size=14))
def test_what_comes_out_is_simple_and_encloses_the_same(outline: list[Point]) -> None:
    found = simple_polygons(outline)
    if found is None:
        return
    for ring in found:
        assert len(set(ring)) == len(ring) >= 3 and crossing(ring) is None
    assert sum(map(_area, found)) == pytest.approx(_area(outline))


SQUARE = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]


@pytest.mark.parametrize(
    ("outline", "rings"),
    [
        (SQUARE, 1),
        ([*SQUARE, SQUARE[0]], 1),
        ([*SQUARE[:2], (9.0, 0.0), *SQUARE[1:]], 1),
        ([*SQUARE[:3], (8.0, 4.0), (8.0, 8.0), (4.0, 8.0), (4.0, 4.0), SQUARE[3]], 2),
        ([(0.0, 0.0), (8.0, 0.0), (8.0, 4.0), (4.0, 0.0), (0.0, 4.0)], 2),
        ([(0.0, 0.0), (4.0, 0.0), (2.0, 0.0)], 0),
    ],
)
def test_spikes_go_and_touching_rings_come_apart(outline: list[Point], rings: int) -> None:
    found = simple_polygons(outline)
    assert found is not None and len(found) == rings


def test_a_bow_tie_is_left_out() -> None:
    assert simple_polygons([(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)]) is None
