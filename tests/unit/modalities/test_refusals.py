"""What must not get in: every mutation of a valid answer is refused with a path that points at it."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.modalities.errors import InvalidAnswer, InvalidItem
from annotary.modalities.image.box.checking import Box
from annotary.modalities.registry import label_types
from annotary.ontology.rules import read_definition

from .faults import ANY_MARK, RICH, TOOL, VALID, Mutation, is_told, mutate
from .strategies import ITEMS, TOOLS, Case, cases, encode, validator_of


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
    assert is_told(raised.value.path, tool, index, mutation), raised.value
    assert raised.value.extra["expected"] and raised.value.extra["found"]


FAULTS = [
    (modality, tool, fault)
    for modality, tools in TOOLS.items()
    for tool in tools
    for fault in (*ANY_MARK, *TOOL[tool])
]


@pytest.mark.parametrize(("modality", "tool", "fault"), FAULTS)
def test_every_fault_is_refused_where_it_is(modality: str, tool: str, fault: Mutation) -> None:
    validator = validator_of(modality, {tool: TOOLS[modality][tool]})
    mark = {"label": "plain", **VALID[tool]}
    validator.validate(encode({tool: [mark]}), ITEMS[modality])
    with pytest.raises(InvalidAnswer) as raised:
        validator.validate(encode({tool: [mutate(mark, fault)]}), ITEMS[modality])
    assert is_told(raised.value.path, tool, 0, fault), raised.value


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
