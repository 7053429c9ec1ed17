"""Boxes in pixels from the top left: their check against the frame they lie in."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from typing import Any, TypeVar

import msgspec

from annotary.kernel.limits import BORDER_TOLERANCE_PIXELS, POINTS_PER_ANSWER_MAX
from annotary.modalities.errors import NOTHING, InvalidAnswer, InvalidItem
from annotary.modalities.label_type import Item

B = TypeVar("B", bound=msgspec.Struct)


def frame_size(item: Item) -> tuple[int, int]:
    """Return an item's width and height in pixels; raises InvalidItem where it has none."""
    width, height = item.get("width", NOTHING), item.get("height", NOTHING)
    for name, value in (("width", width), ("height", height)):
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            raise InvalidItem(path=f"/item/{name}", found=value, expected="a whole number of pixels above 0")
    return width, height


def check_point_count(points: Iterable[Sized], tool: str) -> None:
    """Raise InvalidAnswer where the marks of a tool have more points together than one answer may."""
    count = sum(map(len, points))
    if count > POINTS_PER_ANSWER_MAX:
        expected = f"at most {POINTS_PER_ANSWER_MAX} points in one answer"
        raise InvalidAnswer(path=f"/answer/{tool}", found=f"{count} points", expected=expected)


def fit_coordinate(value: float, end: int, path: str) -> float:
    """Return a coordinate inside an image; what is barely outside is cut off, more raises InvalidAnswer."""
    if not -BORDER_TOLERANCE_PIXELS <= value <= end + BORDER_TOLERANCE_PIXELS:
        raise InvalidAnswer(path=path, found=value, expected=f"0 to {end}, inside the image")
    return min(max(value, 0.0), float(end)) + 0.0  # turns -0.0 into 0.0


def fit_box(box: B, frame_width: int, frame_height: int, path: str) -> B:
    """Return a struct with x, y, width and height clamped to its frame.

    Up to BORDER_TOLERANCE_PIXELS outside is rounding and is cut off; more, or no area, raises InvalidAnswer
    at `path`.
    """
    shape: Any = box
    x, width = _fit_side(shape.x, shape.width, frame_width, path, ("x", "width"))
    y, height = _fit_side(shape.y, shape.height, frame_height, path, ("y", "height"))
    return msgspec.structs.replace(box, x=x, y=y, width=width, height=height)


def _fit_side(start: float, size: float, end: int, path: str, names: tuple[str, str]) -> tuple[float, float]:
    tolerance = BORDER_TOLERANCE_PIXELS
    if not (start >= -tolerance and start <= end + tolerance):
        expected = f"0 to {end}, the {names[1]} of the frame"
        raise InvalidAnswer(path=f"{path}/{names[0]}", found=start, expected=expected)
    if not (size > 0.0 and start + size <= end + tolerance):
        expected = f"above 0 and at most {end - start:g}, or it leaves the frame of {end}"
        raise InvalidAnswer(path=f"{path}/{names[1]}", found=size, expected=expected)
    start = max(start, 0.0) + 0.0  # turns -0.0 into 0.0
    size = min(size, end - start)
    if not size > 0.0:
        raise InvalidAnswer(
            path=f"{path}/{names[0]}", found=start, expected=f"below {end}: nothing is left inside"
        )
    return start, size
