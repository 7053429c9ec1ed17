"""Agreement and majority merge: properties of every label type, and worked examples of each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.modalities.answers import agreement, merge_answers
from annotary.modalities.marks import Mark
from annotary.modalities.matching import Pair, f1

from .strategies import ITEMS, TOOLS, Case, cases, encode, validator_of, values


@st.composite
def several(draw: Any) -> tuple[Case, list[Any]]:
    """Two to four canonical answers to one item, some of them alike."""
    modality = draw(st.sampled_from(sorted(TOOLS)))
    drawn = draw(st.lists(cases(modality=modality), min_size=1, max_size=3))
    answers = [case.validator.validate(encode(case.answer), case.item).answer for case in drawn]
    return drawn[0], [*answers, draw(st.sampled_from(answers))]


@given(case=cases(), copies=st.integers(1, 5))
def test_identical_answers_merge_to_that_answer(case: Case, copies: int) -> None:
    answer = case.validator.validate(encode(case.answer), case.item).answer
    merged = merge_answers(case.validator, [answer] * copies, case.item)
    assert merged.confidence == 1.0
    assert case.validator.canonical(merged.value).encoded == case.validator.canonical(answer).encoded


@given(drawn=several())
def test_a_merge_invents_no_label_and_is_itself_a_canonical_answer(drawn: tuple[Case, list[Any]]) -> None:
    case, answers = drawn
    merged = merge_answers(case.validator, answers, case.item)
    assert 0.0 <= merged.confidence <= 1.0
    for tool in TOOLS[case.modality]:
        given_labels = {mark.label for answer in answers for mark in getattr(answer, tool)}
        assert {mark.label for mark in getattr(merged.value, tool)} <= given_labels
    encoded = case.validator.canonical(merged.value).encoded
    assert case.validator.validate(encoded, case.item).encoded == encoded


@given(drawn=several())
def test_agreement_is_symmetric_and_whole_for_equals(drawn: tuple[Case, list[Any]]) -> None:
    case, answers = drawn
    for first in answers:
        for second in answers:
            one = agreement(case.validator, first, second, case.item)
            assert one == agreement(case.validator, second, first, case.item)
            assert 0.0 <= one <= 1.0
        assert agreement(case.validator, first, first, case.item) == 1.0


@pytest.mark.parametrize(("modality", "tool"), [(m, t) for m in TOOLS for t in TOOLS[m]])
@given(data=st.data())
def test_each_measure_gives_one_for_equal_values(modality: str, tool: str, data: st.DataObject) -> None:
    """The whole-answer measure short-cuts equal values; the tools' own must say the same."""
    validator = validator_of(modality, {tool: TOOLS[modality][tool]})
    value = getattr(validator.validate(encode({tool: data.draw(values(tool))}), ITEMS[modality]).answer, tool)
    label_type, settings = validator.tools[0]
    assert label_type.agreement(value, value, validator.context(settings, ITEMS[modality])) == 1.0


def outcome(modality: str, tools: dict[str, Any], *answers: dict[str, Any]) -> tuple[dict[str, Any], float]:
    """Merge answers and return the outcome as JSON, with its confidence."""
    validator = validator_of(modality, tools)
    read = [validator.validate(encode(answer), ITEMS[modality]).answer for answer in answers]
    merged = merge_answers(validator, read, ITEMS[modality])
    return msgspec.json.decode(validator.canonical(merged.value).encoded), round(merged.confidence, 3)


def classes(*labels: str) -> dict[str, Any]:
    """An answer of these classes."""
    return {"classification": [{"label": label} for label in labels]}


def box(x: float, label: str = "plain", width: float = 10.0) -> dict[str, Any]:
    """A box, 10 pixels high."""
    return {"label": label, "x": x, "y": 5.0, "width": width, "height": 10.0}


def test_classes_are_voted_on() -> None:
    single: dict[str, Any] = {"classification": {}}
    assert outcome("text", single, classes("other"), classes("plain"), classes("other")) == (
        classes("other"),
        0.667,
    )
    assert outcome("text", single, classes("third"), classes("other")) == (classes("other"), 0.5)
    several = {"classification": {"multiple": True}}
    merged = outcome("text", several, classes("third", "plain"), classes("plain"), classes("plain", "other"))
    assert merged == (classes("plain"), 0.778)


def test_flags_are_voted_on_first() -> None:
    single: dict[str, Any] = {"classification": {}}
    away: dict[str, Any] = {"not_applicable": True}
    assert outcome("text", single, away, away, classes("plain")) == (away, 0.667)
    assert outcome("text", single, away, classes("plain")) == (classes("plain"), 0.5)
    assert outcome("text", single, away, {"cannot_assess": True}, away) == (away, 0.667)


def test_preferences_are_voted_on() -> None:
    def choose(settings: dict[str, Any], *choices: tuple[str, int]) -> tuple[dict[str, Any], float]:
        answers = [
            {"preference": {"choice": choice} | ({"strength": strength} if strength else {})}
            for choice, strength in choices
        ]
        merged, confidence = outcome("text", {"preference": settings}, *answers)
        return merged["preference"], confidence

    assert choose({"strength_max": 3}, ("a", 1), ("a", 3), ("b", 2), ("a", 3)) == (
        {"choice": "a", "strength": 3},
        0.75,
    )
    assert choose({}, ("a", 1), ("b", 1)) == ({"choice": "tie"}, 0.5)
    assert choose({"ties": False}, ("b", 1), ("a", 1)) == ({"choice": "a"}, 0.5)


def test_boxes_are_matched_across_annotators_only() -> None:
    tools: dict[str, Any] = {"box": {}}
    answers = [{"box": [box(10), box(11)]}, {"box": [box(10.5), box(12)]}, {"box": [box(11.5), box(300)]}]
    merged, confidence = outcome("image", tools, *answers)
    assert len(merged["box"]) == 2
    assert all(10 <= mark["x"] <= 12 for mark in merged["box"]), "the lone box is dropped"
    assert 0.5 < confidence < 1.0
    labels = [{"box": [box(10, "plain")]}, {"box": [box(10, "other")]}, {"box": [box(11, "other")]}]
    assert outcome("image", tools, *labels) == ({"box": [box(10, "other")]}, 0.667)


def test_a_median_box_stays_in_the_image() -> None:
    wide = [{"box": [box(0, width=640)]}, {"box": [box(200, width=440)]}, {"box": [box(150, width=470)]}]
    merged, _ = outcome("image", {"box": {}}, *wide)
    assert merged["box"][0]["x"] + merged["box"][0]["width"] <= 640


def test_tracks_are_merged_as_wholes() -> None:
    def track(name: str, *places: tuple[int, float]) -> dict[str, Any]:
        frames = [{"frame": frame, "x": x, "y": 10, "width": 50, "height": 50} for frame, x in places]
        return {"id": name, "label": "plain", "keyframes": frames}

    answers = [
        {"tracks": [track("1", (0, 0), (100, 100))]},
        {"tracks": [track("7", (0, 4), (50, 54), (100, 104)), track("8", (200, 5))]},
        {"tracks": [track("7", (0, 2), (80, 82))]},
    ]
    merged, confidence = outcome("video", {"tracks": {}}, *answers)
    (only,) = merged["tracks"]
    assert (only["id"], confidence) == ("7", 0.833)
    places = {keyframe["frame"]: keyframe["x"] for keyframe in only["keyframes"]}
    assert places == {0: 2, 100: 102}, "what lies on the way needs no keyframe"


def test_segments_are_merged_at_their_medians() -> None:
    def segment(start: int, end: int) -> dict[str, Any]:
        return {"segments": [{"label": "plain", "start_frame": start, "end_frame": end}]}

    merged, confidence = outcome("video", {"segments": {}}, segment(10, 50), segment(12, 60), segment(14, 52))
    (only,) = merged["segments"]
    assert (only["start_frame"], only["end_frame"], confidence) == (12, 52, 1.0)
    assert only["start_time"] == pytest.approx((7 + 12) * 1001 / 30000, abs=1e-6)


@pytest.mark.parametrize(
    ("modality", "tools", "first", "second", "expected"),
    [
        (
            "text",
            {"classification": {"multiple": True}},
            classes("plain", "other"),
            classes("other", "third"),
            1 / 3,
        ),
        ("text", {"preference": {}}, {"preference": {"choice": "a"}}, {"preference": {"choice": "tie"}}, 0.5),
        ("text", {"preference": {}}, {"preference": {"choice": "a"}}, {"preference": {"choice": "b"}}, 0.0),
        ("image", {"box": {}}, {"box": [box(0), box(50)]}, {"box": [box(3)]}, 2 / 3),
        ("image", {"box": {}}, {"box": [box(0)]}, {"box": [box(0, "other")]}, 0.0),
        ("image", {"box": {}}, {"box": [box(0)]}, {"box": [box(4)]}, 0.0),
        ("image", {"box": {}}, {"box": [box(0)]}, {}, 0.0),
        ("image", {"box": {}}, {"not_applicable": True}, {}, 0.0),
    ],
)
def test_agreement_by_hand(modality: str, tools: Any, first: Any, second: Any, expected: float) -> None:
    validator = validator_of(modality, tools)
    read = [validator.validate(encode(answer), ITEMS[modality]).answer for answer in (first, second)]
    assert agreement(validator, *read, ITEMS[modality]) == pytest.approx(expected)


@settings(max_examples=500)
@given(edges=st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14))
def test_the_matching_is_the_largest(edges: set[tuple[int, int]]) -> None:
    marks = [Mark(label="l") for _ in range(6)]
    largest = max(
        (size for size in range(7) for some in combinations(edges, size) if is_one_to_one(some)),
        default=0,
    )
    assert f1(marks, marks, [Pair(1.0, *edge) for edge in edges]) == pytest.approx(2 * largest / 12)


def is_one_to_one(edges: Sequence[tuple[int, int]]) -> bool:
    """Whether no mark is matched twice."""
    return len({one for one, _ in edges}) == len({other for _, other in edges}) == len(edges)


def test_thousands_of_marks_on_one_spot_are_merged() -> None:
    validator = validator_of("image", {"box": {}})
    answers = [
        validator.validate(encode({"box": [box(shift)] * 2_000}), ITEMS["image"]).answer
        for shift in (0, 1, 2)
    ]
    merged = merge_answers(validator, answers, ITEMS["image"])
    assert {mark.label for mark in merged.value.box} == {"plain"}
    assert agreement(validator, answers[0], answers[0], ITEMS["image"]) == 1.0
