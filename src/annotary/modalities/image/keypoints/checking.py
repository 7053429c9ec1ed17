"""Reads keypoints and checks them against their image, the ontology and the skeletons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import msgspec

from annotary.kernel.limits import SKELETON_POINTS_MAX
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.geometry import check_point_count, fit_coordinate, frame_size
from annotary.modalities.image.keypoints.skeletons import KeypointsSettings, Skeleton, check_skeletons
from annotary.modalities.label_type import Item
from annotary.modalities.marks import LabelRules, Mark, in_order
from annotary.ontology.pointers import escape
from annotary.ontology.values import Definition

# x, y, visibility: 1 marked though hidden, 2 visible.
Keypoint = tuple[float, float, int]
ABSENT, HIDDEN, VISIBLE = 0, 1, 2
_POINT = {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}


class Keypoints(Mark, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """The marked points of one thing, by name; the check sees to what each holds, so as to name it."""

    points: Annotated[dict[str, Any], msgspec.Meta(min_length=1, max_length=SKELETON_POINTS_MAX)]


def by_place(mark: Keypoints) -> tuple[Any, ...]:
    """Return what canonical keypoints are ordered by."""
    return tuple((name, tuple(point)) for name, point in sorted(mark.points.items())), mark.label


def narrow_keypoints(schema: dict[str, Any], definition: Definition, settings: KeypointsSettings) -> None:
    """Narrow the schema of keypoints to each label's skeleton."""
    schema["items"]["properties"]["label"] = {"enum": list(settings.skeletons)}
    for label, skeleton in settings.skeletons.items():
        points = {
            "properties": dict.fromkeys(skeleton.points, _POINT),
            "additionalProperties": False,
        }
        schema["items"]["allOf"].append(
            {"if": {"properties": {"label": {"const": label}}}, "then": {"properties": {"points": points}}}
        )


def compile_keypoints(
    definition: Definition, settings: KeypointsSettings
) -> Callable[[list[Keypoints], Item], list[Keypoints]]:
    """Return the check of this tool's values against one definition."""
    rules = LabelRules(definition, "keypoints")
    check_skeletons(definition, settings.skeletons)

    def check(value: list[Keypoints], item: Item) -> list[Keypoints]:
        size = frame_size(item)
        check_point_count((mark.points for mark in value), "keypoints")
        fitted = []
        for index, mark in enumerate(rules.check(value)):
            path = f"/answer/keypoints/{index}"
            skeleton = settings.skeletons.get(mark.label)
            if skeleton is None:
                expected = f"a label with a skeleton: {', '.join(settings.skeletons)}"
                raise InvalidAnswer(path=f"{path}/label", found=mark.label, expected=expected)
            points = _fit_points(mark.points, skeleton, size, f"{path}/points")
            fitted.append(msgspec.structs.replace(mark, points=points))
        return in_order(fitted, by_place)

    return check


def _fit_points(
    points: Mapping[str, Any], skeleton: Skeleton, size: tuple[int, int], path: str
) -> dict[str, Keypoint]:
    fitted = {}
    for name, given in sorted(points.items()):
        if name not in skeleton.points:
            expected = f"a point of the skeleton: {', '.join(skeleton.points)}"
            raise InvalidAnswer(path=f"{path}/{escape(name)}", found=name, expected=expected)
        x, y, visibility = _read(given, f"{path}/{escape(name)}")
        if visibility != ABSENT:
            across = fit_coordinate(x, size[0], f"{path}/{escape(name)}/0")
            down = fit_coordinate(y, size[1], f"{path}/{escape(name)}/1")
            fitted[name] = (across, down, visibility)
    if not fitted:
        raise InvalidAnswer(path=path, found=dict(points), expected="at least one point that is marked")
    return fitted


def _read(given: Any, path: str) -> Keypoint:
    if not isinstance(given, list | tuple) or len(given) != 3:
        raise InvalidAnswer(path=path, found=given, expected="[x, y, visibility]")
    for at, number in enumerate(given[:2]):
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise InvalidAnswer(path=f"{path}/{at}", found=number, expected="a number of pixels")
    visibility = given[2]
    if isinstance(visibility, bool) or not isinstance(visibility, int) or visibility not in (0, 1, 2):
        expected = "0 (not marked), 1 (hidden) or 2 (visible)"
        raise InvalidAnswer(path=f"{path}/2", found=visibility, expected=expected)
    return given[0], given[1], visibility
