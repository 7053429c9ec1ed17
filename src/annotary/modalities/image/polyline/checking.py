"""Reads polylines and checks them against their image and the ontology."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Annotated

import msgspec

from annotary.kernel.limits import POLYLINE_POINTS_MAX
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.geometry import check_point_count, fit_coordinate, frame_size
from annotary.modalities.label_type import Item, Settings
from annotary.modalities.marks import LabelRules, Mark, in_order
from annotary.ontology.values import Definition

Point = tuple[float, float]
Points = Annotated[list[Point], msgspec.Meta(min_length=2, max_length=POLYLINE_POINTS_MAX)]


class Polyline(Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """An open line: its corners in pixels."""

    points: Points


class PolylineSettings(Settings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`directed`: a line turned round is another line. `tolerance`: how far apart two that agree may be."""

    directed: bool = True
    tolerance: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.02


def by_place(line: Polyline) -> tuple[list[Point], str]:
    """Return what polylines are ordered by."""
    return line.points, line.label


def compile_polylines(
    definition: Definition, settings: PolylineSettings
) -> Callable[[list[Polyline], Item], list[Polyline]]:
    """Return the check of this tool's values against one definition."""
    rules = LabelRules(definition, "polyline")

    def check(value: list[Polyline], item: Item) -> list[Polyline]:
        width, height = frame_size(item)
        check_point_count((line.points for line in value), "polyline")
        fitted = []
        for index, line in enumerate(rules.check(value)):
            points = _fit_points(line.points, width, height, f"/answer/polyline/{index}/points")
            if not settings.directed:
                points = min(points, points[::-1])
            fitted.append(msgspec.structs.replace(line, points=points))
        return in_order(fitted, by_place)

    return check


def _fit_points(points: list[Point], width: int, height: int, path: str) -> list[Point]:
    fitted = [
        (fit_coordinate(x, width, f"{path}/{index}/0"), fit_coordinate(y, height, f"{path}/{index}/1"))
        for index, (x, y) in enumerate(points)
    ]
    for index, (before, after) in enumerate(pairwise(fitted), 1):
        if before == after:
            raise InvalidAnswer(
                path=f"{path}/{index}", found=list(after), expected="another place than the point before it"
            )
    return fitted
