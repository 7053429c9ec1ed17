"""What an amendment did is told mark by mark, and all of it is told."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annotary.ontology.pointers import value_at
from annotary.review.rules_diff import diff, likeness

BOX = {"label": "car", "x": 10.0, "y": 20.0, "width": 40.0, "height": 30.0}
marks = st.fixed_dictionaries(
    {"label": st.sampled_from(["car", "bus"]), "x": st.integers(0, 3), "y": st.integers(0, 3)},
    optional={"attributes": st.dictionaries(st.sampled_from("ab"), st.integers(0, 2), min_size=1)},
)
answers = st.fixed_dictionaries(
    {},
    optional={
        "box": st.lists(marks, min_size=1, max_size=6),
        "preference": st.fixed_dictionaries({"choice": st.sampled_from("ab")}),
        "cannot_assess": st.just(True),
        "justification": st.sampled_from(["because", "it is so"]),
    },
)


def test_a_moved_and_renamed_box_is_one_change() -> None:
    other = BOX | {"x": 300.0}
    found = diff({"box": [BOX, other]}, {"box": [BOX | {"label": "truck", "x": 11.0}, other]})
    (change,) = found.changes
    assert (found.added, found.removed, found.changed) == (0, 0, 1)
    assert (change.place, change.was, change.fields) == ("/box/0", "/box/0", ["label", "x"])
    assert change.text == 'box "car": label "car" → "truck", x 10 → 11'


def test_tracks_are_matched_by_their_id_however_much_they_changed() -> None:
    before = [{"label": "bus", "id": "1", "keyframes": [{"frame": n} for n in range(9)]}]
    after = [{"label": "car", "id": "1", "keyframes": [{"frame": 70}]}]
    (change,) = diff({"tracks": before}, {"tracks": after}).changes
    assert change.kind == "changed" and change.fields == ["label", "keyframes"]
    assert 'keyframes 9 entries → [{"frame":70}]' in change.text


def test_other_marks_are_removed_and_added() -> None:
    found = diff(
        {"spans": [{"label": "person", "start": 0, "end": 3}]},
        {"spans": [{"label": "place", "start": 90, "end": 99}], "cannot_assess": True},
    )
    assert [change.text for change in found.changes] == [
        "cannot_assess added: true",
        'spans removed: "person"',
        'spans added: "place"',
    ]


def in_order(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer whose boxes are in one order."""
    return answer | {"box": sorted(answer.get("box", []), key=lambda mark: json.dumps(mark, sort_keys=True))}


@given(answers)
def test_nothing_changed_is_nothing_told(answer: dict[str, Any]) -> None:
    assert diff(answer, answer).changes == []


@given(answers, answers)
def test_every_difference_is_told_and_points_at_what_it_tells_of(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    found = diff(before, after)
    assert (in_order(before) == in_order(after)) == (not found.changes)
    for change in found.changes:
        there = before if change.kind == "removed" else after
        assert value_at(there, change.place, "") is not None
        if change.kind == "changed":
            assert value_at(before, change.was or "", "") != value_at(after, change.place, "")
    boxes = len(after.get("box", [])) - len(before.get("box", []))
    of_boxes = [change.kind for change in found.changes if change.place.startswith("/box")]
    assert of_boxes.count("added") - of_boxes.count("removed") == boxes, "marks are told one by one"
    reverse = diff(after, before)
    assert (reverse.added, reverse.removed, reverse.changed) == (found.removed, found.added, found.changed)


@given(marks, marks)
def test_likeness_is_symmetric_and_whole_only_for_equals(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert (likeness(one, other) == 1.0) == (one == other)
    assert 0.0 <= likeness(one, other) <= 1.0
