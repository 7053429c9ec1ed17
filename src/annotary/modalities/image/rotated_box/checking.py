"""Reads rotated boxes and checks them against their image and the ontology."""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import attrgetter

import msgspec

from annotary.kernel.limits import BORDER_TOLERANCE_PIXELS
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.geometry import fit_coordinate, frame_size
from annotary.modalities.label_type import Item, Settings
from annotary.modalities.marks import LabelRules, Mark, in_order
from annotary.ontology.values import Definition

by_place = attrgetter("x", "y", "width", "height", "angle", "label")
_TURN_DEGREES = 360.0


class RotatedBox(Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """A box about its centre, turned clockwise by an angle in degrees."""

    x: float
    y: float
    width: float
    height: float
    angle: float


def compile_rotated_boxes(
    definition: Definition, settings: Settings
) -> Callable[[list[RotatedBox], Item], list[RotatedBox]]:
    """Return the check of this tool's values against one definition."""
    rules = LabelRules(definition, "rotated_box")

    def check(value: list[RotatedBox], item: Item) -> list[RotatedBox]:
        width, height = frame_size(item)
        fitted = [
            fit_rotated_box(box, width, height, f"/answer/rotated_box/{index}")
            for index, box in enumerate(rules.check(value))
        ]
        return in_order(fitted, by_place)

    return check


def fit_rotated_box(box: RotatedBox, frame_width: int, frame_height: int, path: str) -> RotatedBox:
    """Return a box with its centre in the frame and a canonical angle; raises InvalidAnswer at `path`."""
    diagonal = math.hypot(frame_width, frame_height)
    for name in ("width", "height"):
        size = getattr(box, name)
        if not 0.0 < size <= diagonal + BORDER_TOLERANCE_PIXELS:
            expected = f"above 0 and at most {diagonal:g}, the image's diagonal"
            raise InvalidAnswer(path=f"{path}/{name}", found=size, expected=expected)
    if not math.isfinite(box.angle):
        raise InvalidAnswer(path=f"{path}/angle", found=box.angle, expected="a finite number of degrees")
    return msgspec.structs.replace(
        box,
        x=fit_coordinate(box.x, frame_width, f"{path}/x"),
        y=fit_coordinate(box.y, frame_height, f"{path}/y"),
        angle=canonical_angle(box.angle),
    )


def canonical_angle(angle_degrees: float) -> float:
    """Return the same direction as an angle from 0 to below 360 degrees."""
    turned = angle_degrees % _TURN_DEGREES
    # What is a hair below 0 is rounded to a whole turn.
    return turned + 0.0 if turned < _TURN_DEGREES else 0.0
