"""The overlap of polygons, against the exact areas of rectangles and against counting points."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.modalities.image.polygon.overlap import iou, outline_of
from annotary.modalities.matching import box_ious

from .strategies import boxes, stars

Points = list[list[float]]


def corners(box: dict[str, float]) -> Points:
    """Return a box as a polygon."""
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    return [[box["x"], box["y"]], [right, box["y"]], [right, bottom], [box["x"], bottom]]


def inside(points: Points, x: float, y: float) -> bool:
    """Count the sides that a ray to the right crosses."""
    crossings = 0
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True):
        crossings += (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax)
    return crossings % 2 == 1


def area_of(points: Points) -> float:
    """Return the area by the shoelace formula."""
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


@given(first=boxes(), second=boxes())
def test_boxes_as_polygons_overlap_as_boxes(first: dict[str, float], second: dict[str, float]) -> None:
    ends = [
        (box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]) for box in (first, second)
    ]
    expected = float(box_ious(np.array(ends[0]), np.array(ends[1])))
    polygons = [outline_of([(x, y) for x, y in corners(box)]) for box in (first, second)]
    # Slivers lose their area to rounding of coordinates: what counts is pixels' worth of area.
    if min(polygon.area for polygon in polygons) > 1e-3:
        assert iou(*polygons) == pytest.approx(expected, abs=1e-6)


@given(first=stars(), second=stars())
def test_concave_polygons_overlap_as_their_points_do(first: Points, second: Points) -> None:
    source = random.Random(1)
    places = [(source.uniform(0, 600), source.uniform(0, 450)) for _ in range(1_500)]
    both = sum(inside(first, x, y) and inside(second, x, y) for x, y in places) / len(places)
    outlines = [outline_of([(x, y) for x, y in points]) for points in (first, second)]
    assert [outline.area for outline in outlines] == pytest.approx([area_of(first), area_of(second)])
    measured = iou(*outlines)
    shared = measured / (1 + measured) * (area_of(first) + area_of(second))
    assert shared / (600 * 450) == pytest.approx(both, abs=0.06)
    assert iou(*reversed(outlines)) == pytest.approx(measured, abs=1e-9)


@settings(max_examples=25)
@given(points=stars(), seed=st.integers(0, 9))
def test_large_outlines_are_sampled_closely(points: Points, seed: int) -> None:
    shifted = [[x + seed * 4, y + seed] for x, y in points]
    dense = [
        [outline_of(tuple((x, y) for x, y in each)) for each in (points, shifted)],
        [outline_of(tuple((x, y) for x, y in refine(each, 200))) for each in (points, shifted)],
    ]
    assert iou(*dense[1]) == pytest.approx(iou(*dense[0]), abs=0.01)


def refine(points: Points, parts: int) -> Points:
    """Return the same outline with every side cut into parts."""
    return [
        [ax + (bx - ax) * part / parts, ay + (by - ay) * part / parts]
        for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True)
        for part in range(parts)
    ]
