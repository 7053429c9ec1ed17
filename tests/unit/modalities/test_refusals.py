"""What must not get in: every mutation of a valid answer is refused with a path that points at it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.kernel import limits
from annotary.modalities.errors import InvalidAnswer, InvalidItem
from annotary.modalities.image.box.checking import Box
from annotary.modalities.registry import label_types
from annotary.ontology.rules import read_definition

from .strategies import FRAMES, HEIGHT, ITEMS, TEXT, WIDTH, Case, cases, encode, validator_of

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
    ],
    "box": BOX,
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


def mutate(mark: dict[str, Any], mutation: Mutation) -> dict[str, Any]:
    """Return a copy of a mark with one thing wrong; parents that are not there are made."""
    steps, value = mutation
    changed = {**mark}
    at: Any = changed
    for step, following in pairwise(steps):
        inner = at[step] if not isinstance(at, dict) else at.get(step, ["q"] if following in (0, 1) else {})
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


@given(case=cases(), data=st.data())
def test_every_mutated_answer_is_refused_at_the_mutation(case: Case, data: st.DataObject) -> None:
    marks = [(tool, index) for tool in TOOL for index in range(len(case.answer.get(tool, [])))]
    if not marks:
        return
    tool, index = data.draw(st.sampled_from(marks))
    mark = case.answer[tool][index]
    mutations = ANY_MARK + TOOL[tool] + (RICH if mark["label"] == "rich" else [])
    mutation = data.draw(st.sampled_from(mutations))
    if mutation[0] == ("attributes", "tags", 1):
        mark = {**mark, "attributes": {**mark["attributes"], "tags": ["q"]}}
    marks_now = [*case.answer[tool]]
    marks_now[index] = mutate(mark, mutation)
    with pytest.raises(InvalidAnswer) as raised:
        case.validator.validate(encode({**case.answer, tool: marks_now}), case.item)
    found, expected = raised.value.path or "", pointer("answer", tool, index, *mutation[0])
    siblings = {"start": "end", "x": "width", "y": "height", "start_frame": "end_frame"}
    moved = pointer(*[siblings.get(str(step), step) for step in expected.split("/")[1:]])
    assert found in (expected, moved) or found.startswith(expected + "/"), f"{found} instead of {expected}"
    assert raised.value.extra["expected"] and raised.value.extra["found"]


BOX_OF_ONE = {"label": "plain", "x": 1, "y": 1, "width": 1, "height": 1}
WRONG: list[tuple[str, Any, str]] = [
    ("image", {"masks": []}, "/answer/masks"),
    ("image", {"box": {}}, "/answer/box"),
    ("image", {"justification": "x" * 10_001}, "/answer/justification"),
    ("image", {"justification": "\0"}, "/answer/justification"),
    ("image", {"not_applicable": 1}, "/answer/not_applicable"),
    ("image", [], "/answer"),
    ("image", {"box": [BOX_OF_ONE] * 10_001}, "/answer/box"),
    ("image", {"box": [BOX_OF_ONE] * 10_000, "classification": [{"label": "plain"}]}, "/answer"),
    ("image", {"classification": [{"label": "plain"}, {"label": "plain"}]}, "/answer/classification/1/label"),
    ("text", {"spans": [{"label": "plain", "start": 0, "end": 2}] * 2}, "/answer/spans/1"),
    ("video", {"segments": [{"label": "plain", "start_frame": 0, "end_frame": 2}] * 2}, "/answer/segments/1"),
]


@pytest.mark.parametrize(("modality", "answer", "path"), WRONG)
def test_a_wrong_whole_is_refused(modality: str, answer: Any, path: str) -> None:
    tools = {"text": "spans", "image": "box", "video": "segments"}
    optional = {"classification": {"multiple": True, "required": False}} if modality == "image" else {}
    validator = validator_of(modality, {tools[modality]: {}, **optional})
    with pytest.raises(InvalidAnswer) as raised:
        validator.validate(encode(answer), ITEMS[modality])
    assert raised.value.path == path


def test_tracks_need_ascending_frames_and_ids_of_their_own() -> None:
    validator = validator_of("video", {"tracks": {}})
    place = {"x": 1, "y": 1, "width": 2, "height": 2}

    def path(*tracks: tuple[str, list[int]]) -> str | None:
        marks = [
            {"label": "plain", "id": name, "keyframes": [{"frame": frame, **place} for frame in frames]}
            for name, frames in tracks
        ]
        with pytest.raises(InvalidAnswer) as raised:
            validator.validate(encode({"tracks": marks}), ITEMS["video"])
        return raised.value.path

    assert path(("a", [0, 5, 5])) == "/answer/tracks/0/keyframes/2/frame"
    assert path(("b", [3]), ("a", [9, 2])) == "/answer/tracks/1/keyframes/1/frame"
    assert path(("a", [1]), ("b", [1]), ("a", [2])) == "/answer/tracks/2/id"


def test_a_label_kept_for_another_tool_is_refused() -> None:
    labels = [{"name": "roof", "tools": ["polygon"]}, {"name": "car", "tools": ["box"]}]
    validator = validator_of("image", {"box": {}, "polygon": {}}, labels)
    box = {"label": "roof", "x": 1, "y": 1, "width": 1, "height": 1}
    with pytest.raises(InvalidAnswer, match="allowed for this tool: car") as raised:
        validator.validate(encode({"box": [box]}), ITEMS["image"])
    assert raised.value.path == "/answer/box/0/label"


@pytest.mark.parametrize(
    ("settings", "value", "path"),
    [
        ({"ties": False}, {"choice": "tie"}, "choice"),
        ({}, {"choice": "c"}, "choice"),
        ({}, {"choice": "a", "strength": 2}, "strength"),
        ({"strength_max": 3}, {"choice": "a", "strength": 0}, "strength"),
        ({"strength_max": 3}, {"choice": "tie", "strength": 1}, "strength"),
        ({}, {"choice": "a", "why": ""}, "why"),
        ({}, {}, "choice"),
    ],
)
def test_preferences_keep_to_their_settings(settings: dict[str, Any], value: Any, path: str) -> None:
    validator = validator_of("text", {"preference": settings}, [])
    with pytest.raises(InvalidAnswer) as raised:
        validator.validate(encode({"preference": value}), ITEMS["text"])
    assert raised.value.path == f"/answer/preference/{path}"
    with pytest.raises(InvalidAnswer, match="found nothing"):
        validator.validate(b"{}", ITEMS["text"])
    with pytest.raises(InvalidAnswer, match="found None"):
        validator.validate(b'{"preference": null}', ITEMS["text"])


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("field", ["x", "y", "width", "height"])
def test_values_that_are_no_numbers_are_refused_even_without_json(field: str, value: float) -> None:
    definition = read_definition({"tools": {"box": {}}, "labels": [{"name": "plain"}]})
    label_type = label_types("image")["box"]
    check = label_type.compile(definition, label_type.settings_type())
    box = Box(**{"label": "plain", "x": 1.0, "y": 1.0, "width": 2.0, "height": 2.0, field: value})
    with pytest.raises(InvalidAnswer) as raised:
        check([box], ITEMS["image"])
    assert (raised.value.path or "").startswith("/answer/box/0/")


@pytest.mark.parametrize(
    ("modality", "tool", "item", "path"),
    [
        ("image", "box", {"asset": "a", "width": 10}, "/item/height"),
        ("image", "box", {"asset": "a", "width": 10, "height": 0}, "/item/height"),
        ("text", "spans", {"a": "?"}, "/item/text"),
        ("video", "segments", {**ITEMS["video"], "pts_runs": [[1, 0]]}, "/item/pts_runs/0/1"),
        ("video", "segments", {**ITEMS["video"], "time_base": [1, 0]}, "/item/time_base/1"),
    ],
)
def test_an_item_that_lacks_what_its_tools_need_is_refused(
    modality: str, tool: str, item: dict[str, Any], path: str
) -> None:
    validator = validator_of(modality, {tool: {}})
    validator.check_item(ITEMS[modality])
    with pytest.raises(InvalidItem) as raised:
        validator.check_item(item)
    assert raised.value.path == path
