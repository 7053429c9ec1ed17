"""Reads polygons and checks them against their image and the ontology."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import msgspec

from annotary.kernel.limits import POLYGON_POINTS_MAX
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.geometry import check_point_count, fit_coordinate, frame_size
from annotary.modalities.image.polygon.outline import Point, crossing, is_clockwise
from annotary.modalities.label_type import Item, Settings
from annotary.modalities.marks import LabelRules, Mark, in_order
from annotary.ontology.values import Definition

Points = Annotated[list[tuple[float, float]], msgspec.Meta(min_length=3, max_length=POLYGON_POINTS_MAX)]


class Polygon(Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """A simple polygon: its corners in pixels, the first not repeated."""

    points: Points


def by_place(polygon: Polygon) -> tuple[list[Point], str]:
    """Return what polygons are ordered by."""
    return polygon.points, polygon.label


def compile_polygons(
    definition: Definition, settings: Settings
) -> Callable[[list[Polygon], Item], list[Polygon]]:
    """Return the check of this tool's values against one definition."""
    rules = LabelRules(definition, "polygon")

    def check(value: list[Polygon], item: Item) -> list[Polygon]:
        width, height = frame_size(item)
        check_point_count((polygon.points for polygon in value), "polygon")
        fitted = []
        for index, polygon in enumerate(rules.check(value)):
            points = _check_outline(polygon.points, width, height, f"/answer/polygon/{index}/points")
            fitted.append(msgspec.structs.replace(polygon, points=points))
        return in_order(fitted, by_place)

    return check


def _check_outline(points: list[Point], width: int, height: int, path: str) -> list[Point]:
    fitted = [
        (fit_coordinate(x, width, f"{path}/{index}/0"), fit_coordinate(y, height, f"{path}/{index}/1"))
        for index, (x, y) in enumerate(points)
    ]
    seen: dict[Point, int] = {}
    for index, point in enumerate(fitted):
        if seen.setdefault(point, index) != index:
            expected = f"a corner of its own: corner {seen[point]} is at the same place"
            raise InvalidAnswer(path=f"{path}/{index}", found=list(point), expected=expected)
    crossed = crossing(fitted)
    if crossed is not None:
        one, other = crossed
        found = f"the side from corner {one} meets the side from corner {other}"
        raise InvalidAnswer(
            path=path, found=found, expected="an outline that neither crosses nor touches itself"
        )
    return canonical_outline(fitted)


def canonical_outline(points: list[Point]) -> list[Point]:
    """Return a simple outline clockwise on the screen, from its leftmost (then topmost) corner."""
    turned = points if is_clockwise(points) else points[::-1]
    start = turned.index(min(turned))
    return turned[start:] + turned[:start]
