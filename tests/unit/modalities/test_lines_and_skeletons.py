"""Rotated boxes, polylines and keypoints: worked examples, odd input, and the measures' own promises."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.modalities.answers import agreement, check_definition, merge_answers
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.image.polyline.distance import closest_places, frechet, sampled
from annotary.modalities.image.rotated_box.checking import RotatedBox, canonical_angle
from annotary.modalities.image.rotated_box.clipping import corners_of, iou
from annotary.modalities.registry import label_types
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.rules import read_definition

from .strategies import ITEMS, TOOLS, encode, rotated_boxes, spots, validator_of

ITEM = ITEMS["image"]
BOX: dict[str, Any] = {"label": "plain", "x": 100.0, "y": 100.0, "width": 60.0, "height": 20.0, "angle": 30.0}
LINE: dict[str, Any] = {"label": "plain", "points": [[10, 10], [200, 40], [300, 300]]}
KEYPOINTS = TOOLS["image"]["keypoints"]


def answers(tools: dict[str, Any], *values: Any) -> tuple[Any, list[Any]]:
    """A validator of one tool, and the answers that say these values."""
    (tool,) = tools
    validator = validator_of("image", tools)
    return validator, [validator.validate(encode({tool: value}), ITEM).answer for value in values]


def merged(tools: dict[str, Any], *values: Any) -> Any:
    """Return the merged value as JSON."""
    (tool,) = tools
    validator, read = answers(tools, *values)
    outcome = validator.canonical(merge_answers(validator, read, ITEM).value).encoded
    assert validator.validate(outcome, ITEM).encoded == outcome
    return msgspec.json.decode(outcome).get(tool, [])


def rotated(**changes: Any) -> RotatedBox:
    return RotatedBox(**{**BOX, **changes})


@pytest.mark.parametrize(
    ("angle", "canonical"),
    [(0, 0.0), (360, 0.0), (-90, 270.0), (725.5, 5.5), (-0.0, 0.0), (-1e-300, 0.0), (1e300, 1e300 % 360)],
)
def test_angles_wrap_to_one_turn(angle: float, canonical: float) -> None:
    assert canonical_angle(angle) == canonical
    assert math.copysign(1.0, canonical_angle(angle)) == 1.0
    assert 0.0 <= canonical_angle(canonical_angle(angle)) < 360.0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("field", ["x", "y", "width", "height", "angle"])
def test_a_rotated_box_of_no_numbers_is_refused_even_without_json(field: str, value: float) -> None:
    definition = read_definition({"tools": {"rotated_box": {}}, "labels": [{"name": "plain"}]})
    label_type = label_types("image")["rotated_box"]
    check = label_type.compile(definition, label_type.settings_type())
    with pytest.raises(InvalidAnswer) as raised:
        check([rotated(**{field: value})], ITEM)
    assert raised.value.path == f"/answer/rotated_box/0/{field}"


@given(rotated_boxes(), rotated_boxes())
def test_overlap_of_rotated_boxes_does_not_depend_on_how_they_are_told(one: Any, other: Any) -> None:
    first, second = (RotatedBox(label="l", **{**box, "angle": box["angle"] % 360}) for box in (one, other))
    found = iou(first, second)
    assert found == iou(second, first)
    assert 0.0 <= found <= 1.0
    assert iou(first, first) == pytest.approx(1.0)
    turned = msgspec.structs.replace(
        second, width=second.height, height=second.width, angle=(second.angle + 90) % 360
    )
    assert iou(first, turned) == pytest.approx(found, abs=1e-6)
    area = sum(x * v - u * y for (x, y), (u, v) in zip(*_around(corners_of(first)), strict=True)) / 2
    assert area == pytest.approx(first.width * first.height, rel=1e-6, abs=1e-6)


def _around(points: Any) -> tuple[Any, Any]:
    return points, [*points[1:], points[0]]


def test_rotated_boxes_are_merged_whichever_side_is_called_the_width() -> None:
    on_its_side = {**BOX, "width": 20.0, "height": 60.0, "angle": 122.0}
    turned = {**BOX, "angle": 208.0}
    tools: dict[str, Any] = {"rotated_box": {}}
    [box] = merged(tools, [BOX], [on_its_side], [BOX])
    assert box == BOX
    [box] = merged(tools, [{**BOX, "angle": 1.0}], [{**BOX, "angle": 359.0}], [{**BOX, "angle": 0.5}])
    assert (box["angle"], box["width"]) == (0.5, 60.0)
    [box] = merged(tools, [BOX], [turned], [turned])
    assert (box["angle"], box["width"], box["height"]) == (208.0, 60.0, 20.0)
    # The most central one looks the other way than most.
    [box] = merged(tools, [BOX], [{**BOX, "angle": 200.0}], [{**BOX, "angle": 220.0}])
    assert (box["angle"], box["width"], box["height"]) == (210.0, 60.0, 20.0)
    validator, read = answers(tools, [BOX], [on_its_side], [{**BOX, "angle": 75.0}])
    assert agreement(validator, read[0], read[1], ITEM) == 1.0
    assert agreement(validator, read[0], read[2], ITEM) == 0.0


def reference_frechet(first: list[Any], second: list[Any]) -> float:
    """Eiter and Mannila's recursion as they wrote it."""
    apart = math.dist(first[-1], second[-1])
    shorter = [
        (one, other)
        for one, other in ((first[:-1], second[:-1]), (first[:-1], second), (first, second[:-1]))
        if one and other
    ]
    return max(apart, min((reference_frechet(*pair) for pair in shorter), default=0.0))


@given(st.lists(spots(), min_size=1, max_size=4), st.lists(spots(), min_size=1, max_size=4))
def test_distance_of_lines_is_that_of_eiter_and_mannila(first: Any, second: Any) -> None:
    found = frechet(np.array(first), np.array(second))
    assert found == pytest.approx(reference_frechet(first, second))
    assert found == frechet(np.array(second), np.array(first))


def test_places_along_and_beside_a_line() -> None:
    bent = sampled([(0.0, 0.0), (31.0, 0.0), (31.0, 31.0)])
    assert bent[[0, 1, -1]].tolist() == [[0.0, 0.0], [2.0, 0.0], [31.0, 31.0]]
    line = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]])
    points = np.array([[4.0, 3.0], [12.0, -2.0], [11.0, 5.0]])
    assert closest_places(points, line).tolist() == [[4.0, 0.0], [10.0, 0.0], [10.0, 5.0]]


def test_a_line_turned_round_is_another_one_only_where_direction_counts() -> None:
    turned = {**LINE, "points": LINE["points"][::-1]}
    for directed, alike in ((True, 0.0), (False, 1.0)):
        validator, read = answers({"polyline": {"directed": directed}}, [LINE], [turned])
        assert agreement(validator, read[0], read[1], ITEM) == alike
        assert (read[0] == read[1]) == (not directed)
    # Beginnings that are almost one above the other sort either way; the lines agree all the same.
    up, down = [[100, 10], [100.5, 400]], [[100, 400], [100.5, 10]]
    validator, read = answers(
        {"polyline": {"directed": False}}, [{**LINE, "points": up}], [{**LINE, "points": down}]
    )
    assert agreement(validator, read[0], read[1], ITEM) == 1.0
    assert (
        len(merged({"polyline": {"directed": False}}, [{**LINE, "points": up}], [{**LINE, "points": down}]))
        == 1
    )


def test_lines_within_the_tolerance_agree_and_merge_to_their_middle() -> None:
    tools: dict[str, Any] = {"polyline": {"tolerance": 0.02}}  # 16 of the diagonal's 800 pixels

    def below(pixels: float) -> list[dict[str, Any]]:
        return [{**LINE, "points": [[x, y + pixels] for x, y in ([10, 10], [300, 10])]}]

    validator, read = answers(tools, below(0), below(15.9), below(16.1))
    assert agreement(validator, read[0], read[1], ITEM) == 1.0
    assert agreement(validator, read[0], read[2], ITEM) == 0.0
    [line] = merged(tools, below(0), below(4), below(10))
    assert line["points"] == [[10.0, 14.0], [300.0, 14.0]]
    # Another drawing of the same line, with a corner more, takes part; who drew alike is taken as it is.
    more = [{**LINE, "points": [[10, 16], [150, 16], [300, 16]]}]
    [line] = merged(tools, below(0), more, below(6))
    assert line["points"] == [[10.0, 16.0], [150.0, 16.0], [300.0, 16.0]]
    assert merged(tools, below(0), more, more)[0]["points"] == [[10.0, 16.0], [150.0, 16.0], [300.0, 16.0]]
    assert merged(tools, below(0), below(100), below(200)) == []


def test_keypoints_that_nobody_marked_are_the_same_as_none() -> None:
    one = {"label": "plain", "points": {"tail": [3, 4, 2], "nose": [1, 2, 1]}}
    other = {"label": "plain", "points": {"nose": [1.0, 2, 1], "tail": [3, 4, 2], "left eye": [-9, 1e308, 0]}}
    _, read = answers({"keypoints": KEYPOINTS}, [one], [other])
    assert read[0] == read[1]


def thing(x: float, **points: tuple[float, float, int]) -> list[dict[str, Any]]:
    """A nose and a tail 100 pixels apart, moved by x, and other points."""
    both = {"nose": (100 + x, 100, 2), "tail": (200 + x, 200, 2)}
    named = {name.replace("_", " "): point for name, point in points.items()}
    return [{"label": "plain", "points": {name: list(at) for name, at in {**both, **named}.items() if at[2]}}]


def test_similarity_of_keypoints_is_that_of_coco() -> None:
    tools = {"keypoints": KEYPOINTS}
    label_type, read = label_types("image")["keypoints"], {}
    assert label_type.example.value
    from annotary.modalities.image.keypoints.similarity import similarity
    from annotary.modalities.image.keypoints.skeletons import Skeleton

    skeleton = msgspec.convert(KEYPOINTS["skeletons"]["plain"], Skeleton)
    validator, read = answers(tools, thing(0), thing(5), thing(0, left_eye=(110, 100, 1)), thing(60))
    marks = [one.keypoints[0] for one in read]
    area = 105 * 100  # of the rectangle around both
    expected = [math.exp(-25 / (2 * area * (2 * sigma) ** 2)) for sigma in (0.026, 0.2)]
    assert similarity(marks[0], marks[1], (skeleton, skeleton), 800) == pytest.approx(sum(expected) / 2)
    assert similarity(marks[0], marks[2], (skeleton, skeleton), 800) == pytest.approx(2 / 3)
    assert agreement(validator, read[0], read[2], ITEM) == 1.0
    assert agreement(validator, read[0], read[3], ITEM) == 0.0
    assert skeleton.sigma("left eye") == 0.025
    assert skeleton.sigma("tail") == 0.2
    assert skeleton.sigma("a/b~c") == 0.067


def test_each_keypoint_is_voted_on_by_itself() -> None:
    tools = {"keypoints": KEYPOINTS}
    eye, hidden = (110.0, 100.0, 2), (112.0, 101.0, 1)
    [mark] = merged(tools, thing(0, left_eye=eye), thing(2, left_eye=hidden), thing(1))
    assert mark["points"] == {
        "left eye": [111.0, 100.5, 1],
        "nose": [101.0, 100.0, 2],
        "tail": [201.0, 200.0, 2],
    }
    [mark] = merged(tools, thing(0, left_eye=eye), thing(2), thing(1))
    assert list(mark["points"]) == ["nose", "tail"]


def test_labels_without_a_skeleton_are_not_used() -> None:
    labels = [{"name": "hand"}, {"name": "car"}]
    hand = {"points": ["wrist"]}
    validator = validator_of("image", {"keypoints": {"skeletons": {"hand": hand}}}, labels)
    with pytest.raises(InvalidAnswer) as raised:
        mark = {"label": "car", "points": {"wrist": [1, 1, 2]}}
        validator.validate(encode({"keypoints": [mark]}), ITEM)
    assert raised.value.path == "/answer/keypoints/0/label"


@pytest.mark.parametrize(
    ("skeletons", "path"),
    [
        ({}, "/skeletons"),
        ({"dog": {"points": ["a"]}}, "/skeletons/dog"),
        ({"plain": {"points": []}}, "/skeletons/points"),
        ({"plain": {"points": ["a", "a"]}}, "/skeletons"),
        ({"plain": {"points": ["a"], "edges": [["a", "b"]]}}, "/skeletons"),
        ({"plain": {"points": ["a"], "sigmas": {"b": 0.1}}}, "/skeletons"),
        ({"plain": {"points": ["a"], "sigmas": {"a": 0}}}, "/skeletons/sigmas"),
    ],
)
def test_skeletons_that_cannot_hold_are_refused(skeletons: Any, path: str) -> None:
    document = {"tools": {"keypoints": {"skeletons": skeletons}}, "labels": [{"name": "plain"}]}
    with pytest.raises(InvalidOntology) as raised:
        check_definition("image", read_definition(document))
    assert raised.value.path == f"/definition/tools/keypoints{path}"


@settings(deadline=None, max_examples=20)
@given(tool=st.sampled_from(["rotated_box", "polyline", "keypoints"]), data=st.data())
def test_marks_of_one_annotator_are_never_merged_together(tool: str, data: st.DataObject) -> None:
    """Two marks in one place, by each of three people, stay two."""
    mark = {"rotated_box": BOX, "polyline": LINE, "keypoints": thing(0)[0]}[tool]
    twice = [mark, {**mark, "label": data.draw(st.sampled_from(["plain", "other"]))}]
    assert len(merged({tool: TOOLS["image"][tool]}, twice, twice, twice)) == 2


def test_many_marks_on_one_spot_are_compared_in_time() -> None:
    crowd = {
        "rotated_box": [{**BOX, "angle": number / 10} for number in range(80)],
        "polyline": [{**LINE, "points": [[10, 10], [200, number / 10]]} for number in range(80)],
        "keypoints": [mark for number in range(80) for mark in thing(number / 50)],
    }
    for tool, marks in crowd.items():
        validator, read = answers({tool: TOOLS["image"][tool]}, marks, marks[::2], marks[1::2])
        assert 0.6 < agreement(validator, read[0], read[1], ITEM) < 0.7
        for one, other in combinations(read, 2):
            assert agreement(validator, one, other, ITEM) == agreement(validator, other, one, ITEM)
