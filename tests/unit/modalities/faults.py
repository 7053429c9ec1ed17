"""What can be wrong with a mark: for each label type the changes that must be refused, and where."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from annotary.kernel import limits

from .strategies import FRAMES, HEIGHT, TEXT, WIDTH

Step = str | int
Mutation = tuple[tuple[Step, ...], Any]
ABSENT = object()
ANY_MARK: list[Mutation] = [
    (("label",), "unheard of"),
    (("label",), 3),
    (("label",), ABSENT),
    (("attributes", "colour"), "red"),
    (("attributes",), []),
    (("extra",), 1),
]
RICH: list[Mutation] = [
    (("attributes", "kind"), "u"),
    (("attributes", "kind"), ABSENT),
    (("attributes", "kind"), ["x"]),
    (("attributes", "tags"), "q"),
    (("attributes", "tags", 0), "u"),
    (("attributes", "tags", 1), "q"),
    (("attributes", "certainty"), 1.5),
    (("attributes", "certainty"), True),
    (("attributes", "certainty"), 10**400),
    (("attributes", "certainty"), None),
    (("attributes", "a/b~c"), "NUL\0"),
    (("attributes", "a/b~c"), "x" * (limits.ATTRIBUTE_TEXT_CHARACTERS_MAX + 1)),
    (("attributes", "hidden"), 1),
]
BOX: list[Mutation] = [
    (("x",), -1.5),
    (("x",), WIDTH + 1),
    (("y",), -0.001),
    (("width",), 0),
    (("width",), -3.0),
    (("width",), WIDTH + 0.001),
    (("height",), HEIGHT * 2),
    (("height",), "12"),
    (("width",), None),
    (("y",), ABSENT),
]
TOOL: dict[str, list[Mutation]] = {
    "classification": [],
    "spans": [
        (("start",), -1),
        (("start",), len(TEXT)),
        (("end",), len(TEXT) + 1),
        (("end",), 0),
        (("end",), 2.5),
        (("start",), ABSENT),
        (("parts",), []),
        (("parts",), [[0.5, 1]]),
        (("parts",), [[0, 1, 2]]),
        (("parts",), [[0, 1]] * (limits.SPAN_PARTS_MAX + 1)),
    ],
    "relations": [
        (("source",), ABSENT),
        (("target",), None),
        (("source", "start"), -1),
        (("target", "end"), len(TEXT) + 1),
        (("target", "label"), "plain"),
        (("source", "parts"), "1-2"),
    ],
    "chat": [
        (("message",), -1),
        (("message",), 4),
        (("message",), 0),
        (("message",), 1.5),
        (("message",), ABSENT),
        (("level",), 99),
        (("level",), "2"),
        (("level",), 0.5),
    ],
    "box": BOX,
    "rotated_box": [
        (("x",), -1.5),
        (("y",), HEIGHT + 0.001),
        (("width",), 0),
        (("width",), -3.0),
        (("height",), math.hypot(WIDTH, HEIGHT) + 0.001),
        (("height",), None),
        (("angle",), "45"),
        (("angle",), ABSENT),
        (("angle",), 10**400),
    ],
    "polyline": [
        (("points", 1, 0), -1.0),
        (("points", 0, 1), HEIGHT + 0.1),
        (("points", 1), [1.0]),
        (("points",), [[1, 1]]),
        (("points",), [[1, 1], [2, 2], [2.0, 2]]),
        (("points",), [[0, 0], [1, 1]] * limits.POLYLINE_POINTS_MAX),
    ],
    "keypoints": [
        (("points",), {}),
        (("points",), {"nose": [1, 1, 0]}),
        (("points", "mouth"), [1, 1, 2]),
        (("points", "nose"), [1, 1]),
        (("points", "a/b~c"), {"x": 1}),
        (("points", "nose", 2), 3),
        (("points", "nose", 2), True),
        (("points", "nose", 2), 2.0),
        (("points", "tail", 0), -1),
        (("points", "tail", 1), 10**400),
        (("points", "tail", 1), "7"),
        (("points", "tail", 0), False),
    ],
    "polygon": [
        (("points", 1, 0), -1.0),
        (("points", 0, 1), HEIGHT + 0.1),
        (("points", 2), [1.0]),
        (("points", 1), "1,2"),
        (("points",), [[1, 1], [2, 2]]),
        (("points",), [[0, 0], [9, 9], [9, 0], [0, 9]]),
        (("points",), [[0, 0], [5, 0], [9, 0]]),
        (("points",), [[10, 0], [10, 20], [20, 20], [20, 10], [10, 10], [0, 10]]),
        (("points",), [[0, 0]] * (limits.POLYGON_POINTS_MAX + 1)),
    ],
    "tracks": [
        *[(("keyframes", 0, *steps), value) for steps, value in BOX],
        (("keyframes",), []),
        (("keyframes", 0, "frame"), FRAMES),
        (("keyframes", 0, "frame"), -1),
        (("keyframes", 0, "frame"), 1.5),
        (("keyframes", 0, "time"), 99.0),
        (("keyframes", 0, "visible"), "yes"),
        (("id",), ""),
        (("id",), "a\0"),
        (("id",), "x" * (limits.TRACK_ID_CHARACTERS_MAX + 1)),
    ],
    "mask": [
        (("counts",), [WIDTH * HEIGHT]),
        (("counts",), [5, 5]),
        (("counts",), [-1, WIDTH * HEIGHT + 1]),
        (("counts",), [0, WIDTH * HEIGHT, 1]),
        (("counts",), [1.5]),
        (("counts",), ""),
        (("counts",), "p"),
        (("counts",), "é"),
        (("counts",), "`"),
        (("counts",), "oooooooooo"),
        (("counts",), ABSENT),
        (("size",), [WIDTH, HEIGHT]),
        (("size",), [HEIGHT]),
    ],
    "ordinal": [
        (("level",), -2),
        (("level",), 10),
        (("level",), 1.5),
        (("level",), "2"),
        (("level",), ABSENT),
    ],
    "segments": [
        (("start_frame",), -1),
        (("start_frame",), FRAMES),
        (("end_frame",), 0),
        (("end_frame",), FRAMES + 1),
        (("start_time",), -9.0),
        (("end_time",), "1"),
    ],
}


def absent(step: Step, following: Step) -> Any:
    """Return what a mutation finds where nothing is."""
    if step in ("nose", "tail"):
        return [1, 1, 2]
    return ["q"] if following in (0, 1) else {}


def mutate(mark: dict[str, Any], mutation: Mutation) -> dict[str, Any]:
    """Return a copy of a mark with one thing wrong; parents that are not there are made."""
    steps, value = mutation
    changed = {**mark}
    at: Any = changed
    for step, following in pairwise(steps):
        inner = at[step] if not isinstance(at, dict) else at.get(step, absent(step, following))
        at[step] = inner.copy()
        at = at[step]
    if value is ABSENT:
        at.pop(steps[-1], None)
    elif isinstance(at, list) and steps[-1] == len(at):
        at.append(value)
    else:
        at[steps[-1]] = value
    return changed


def pointer(*steps: Step) -> str:
    """Return the JSON pointer of some steps."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def is_told(path: str | None, tool: str, index: int, fault: Mutation) -> bool:
    """Say whether a refusal points at a fault: at it, below it, or at the other end of the same side."""
    expected = pointer("answer", tool, index, *fault[0])
    siblings = {"start": "end", "x": "width", "y": "height", "start_frame": "end_frame"}
    moved = pointer("answer", tool, index, *[siblings.get(str(step), step) for step in fault[0]])
    return path in (expected, moved) or (path or "").startswith(expected + "/")


# A valid mark of each labelled tool, under the definitions of `strategies`.
VALID: dict[str, dict[str, Any]] = {
    "classification": {},
    "ordinal": {"level": 1},
    "spans": {"start": 1, "end": 5},
    "relations": {"source": {"start": 1, "end": 5}, "target": {"start": 6, "end": 9}},
    "chat": {"message": 1, "level": 1},
    "box": {"x": 1, "y": 1, "width": 9, "height": 9},
    "rotated_box": {"x": 1, "y": 1, "width": 9, "height": 9, "angle": 30},
    "polygon": {"points": [[1, 1], [9, 1], [9, 9]]},
    "polyline": {"points": [[1, 1], [9, 1], [1, 1]]},
    "keypoints": {"points": {"nose": [1, 1, 2], "tail": [9, 9, 1]}},
    "mask": {"counts": [5, 5, WIDTH * HEIGHT - 10]},
    "segments": {"start_frame": 1, "end_frame": 9},
    "tracks": {
        "id": "t",
        "keyframes": [{"frame": 3, "x": 1, "y": 1, "width": 9, "height": 9}],
    },
}
