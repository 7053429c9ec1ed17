"""Discontinuous spans, and relations between spans: what is refused, and what becomes of them in a merge."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.modalities.answers import AnswerValidator, agreement, merge_answers
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.migration import Migration
from annotary.modalities.text.covering import covered
from annotary.modalities.text.extents import overlap, parts_of
from annotary.modalities.text.relations.checking import End
from annotary.modalities.text.spans.consensus import chosen
from annotary.ontology.rules import read_definition
from annotary.ontology.steps.reading import read_steps

from .strategies import ITEMS, encode, extents, relations, validator_of

ITEM = ITEMS["text"]
BOTH: dict[str, Any] = {"spans": {}, "relations": {}}


def place(start: int, end: int, *inner: int) -> dict[str, Any]:
    """A place from start to end; `inner` are the ends and starts of parts between them."""
    turns = [start, *inner, end]
    parts = [list(part) for part in zip(turns[::2], turns[1::2], strict=True)]
    return {"start": start, "end": end} | ({"parts": parts} if inner else {})


def span(*where: int, label: str = "plain") -> dict[str, Any]:
    return {"label": label, **place(*where)}


def relation(source: Any, target: Any, label: str = "plain") -> dict[str, Any]:
    return {"label": label, "source": place(*source), "target": place(*target)}


def refusal(tools: dict[str, Any], **answer: Any) -> str | None:
    with pytest.raises(InvalidAnswer) as raised:
        validator_of("text", tools).validate(encode(answer), ITEM)
    return raised.value.path


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"start": 1, "end": 9, "parts": [[2, 4], [6, 9]]}, "start"),
        ({"start": 1, "end": 9, "parts": [[1, 4], [6, 8]]}, "end"),
        ({"start": 1, "end": 9, "parts": [[1, 4], [3, 9]]}, "parts/1/0"),
        ({"start": 1, "end": 9, "parts": [[1, 4], [1, 4], [6, 9]]}, "parts/1/0"),
        ({"start": 1, "end": 9, "parts": [[1, 4], [7, 6], [8, 9]]}, "parts/1"),
        ({"start": 1, "end": 9, "parts": [[1, 4], [6, 6], [8, 9]]}, "parts/1"),
        ({"start": 1, "end": 9, "parts": [[1, -4], [6, 9]]}, "parts/0"),
        ({"start": 1, "end": 9, "parts": [[6, 9], [1, 4]]}, "start"),
        ({"start": 1, "end": 99, "parts": [[1, 4], [6, 99]]}, "end"),
    ],
)
def test_parts_ascend_apart_within_their_span(wrong: dict[str, Any], path: str) -> None:
    tools: dict[str, Any] = {"spans": {}}
    assert refusal(tools, spans=[{"label": "plain", **wrong}]) == f"/answer/spans/0/{path}"
    one = {"label": "plain", "source": place(0, 2), "target": wrong}
    assert refusal({"relations": {}}, relations=[one]) == f"/answer/relations/0/target/{path}"


def test_parts_that_touch_are_one_and_one_part_is_none() -> None:
    validator = validator_of("text", BOTH)
    plain = {"spans": [span(1, 9), span(10, 12)], "relations": [relation((1, 9), (10, 12))]}
    odd = {
        "spans": [span(10, 12, 11, 11), span(1, 9) | {"parts": [[1, 9]]}],
        "relations": [relation((1, 9, 4, 4, 5, 5), (10, 12))],
    }
    expected = validator.validate(encode(plain), ITEM)
    assert validator.validate(encode(odd), ITEM).encoded == expected.encoded
    assert refusal(BOTH, spans=[span(1, 9), span(1, 9, 4, 4)]) == "/answer/spans/1"


def test_relations_end_at_two_spans_of_the_answer_and_are_given_once() -> None:
    spans = [span(0, 3), span(8, 11, 9, 10), span(0, 3, label="other")]
    good = relation((0, 3), (8, 11, 9, 10))
    validator_of("text", BOTH).validate(encode({"spans": spans, "relations": [good]}), ITEM)
    at = "/answer/relations"
    assert refusal(BOTH, spans=spans, relations=[good, relation((0, 3), (0, 3))]) == f"{at}/1/target"
    assert refusal(BOTH, spans=spans, relations=[good, relation((8, 11), (0, 3))]) == f"{at}/1/source"
    assert refusal(BOTH, spans=spans, relations=[relation((0, 3), (8, 10))]) == f"{at}/0/target"
    assert refusal(BOTH, relations=[good]) == f"{at}/0/source"
    assert refusal(BOTH, spans=spans, relations=[good, good]) == f"{at}/1"
    assert refusal(BOTH, spans=spans, relations=[good] * 10_001) == at
    alone = {"relations": [relation((0, 3), (8, 11, 9, 10)), relation((8, 11, 9, 10), (0, 3))]}
    validator_of("text", {"relations": {}}).validate(encode(alone), ITEM)
    # Where an answer has wrong ends, the place is the one in the answer as it was sent.
    unordered = [relation((8, 11, 9, 10), (0, 3)), relation((0, 3), (8, 10))]
    assert refusal(BOTH, spans=spans, relations=unordered) == f"{at}/1/target"


def test_ten_thousand_spans_and_relations_are_checked_in_time() -> None:
    item = {"text": "x" * 20_000}
    spans = [span(at, at + 2) for at in range(5_000)]
    links = [relation((at, at + 2), (at + 1, at + 3)) for at in range(4_999)]
    validator = validator_of("text", BOTH)
    canonical = validator.validate(encode({"spans": spans, "relations": links}), item)
    assert len(canonical.answer.relations) == 4_999
    merged = merge_answers(validator, [canonical.answer] * 2, item)
    assert validator.canonical(merged.value).encoded == canonical.encoded


@given(extents(), extents())
def test_overlap_and_votes_are_those_of_sets_of_code_points(one: Any, other: Any) -> None:
    first, second = (msgspec.convert(place, End) for place in (one, other))
    ours, theirs = ({at for low, high in parts_of(end) for at in range(low, high)} for end in (first, second))
    assert overlap(first, second) == pytest.approx(len(ours & theirs) / len(ours | theirs))
    either = {at for low, high in covered([first, second], [1.0, 1.0]) for at in range(low, high)}
    assert either == ours | theirs
    heavier = {at for low, high in covered([first, second], [2.0, 1.0]) for at in range(low, high)}
    assert heavier == ours


def merged(validator: AnswerValidator, *answers: dict[str, Any]) -> dict[str, Any]:
    read = [validator.validate(encode(answer), ITEM).answer for answer in answers]
    outcome = merge_answers(validator, read, ITEM)
    encoded = validator.canonical(outcome.value).encoded
    assert validator.validate(encoded, ITEM).encoded == encoded
    document: dict[str, Any] = msgspec.json.decode(encoded)
    return document


def test_a_merged_span_keeps_the_gap_that_most_left() -> None:
    validator = validator_of("text", {"spans": {}})
    gap, whole = {"spans": [span(0, 12, 4, 8)]}, {"spans": [span(0, 12)]}
    assert merged(validator, gap, gap, whole) == gap
    assert merged(validator, gap, whole, whole) == whole
    other = {"spans": [span(1, 12, 4, 9)]}
    assert merged(validator, gap, other, other) == other


def test_a_span_found_over_the_project_gets_back_the_parts_that_most_gave() -> None:
    validator = validator_of("text", {"spans": {}})
    context = validator.context(validator.tools[0][1], {"text": "ab cd ef gh"})
    gap, whole = span(0, 8, 2, 6), span(0, 8)
    spaced = {"label": "plain", "start": 0, "end": 9, "parts": [[0, 3], [6, 9]]}
    for marks, parts in (
        ([gap, gap, whole], [(0, 2), (6, 8)]),
        ([gap, whole, whole], None),
        ([spaced], [(0, 3), (6, 8)]),
    ):
        values = [validator.validate(encode({"spans": [one]}), context.item).answer.spans for one in marks]
        (found,) = chosen(values, context, [1.0] * len(values), [(0, 8, "plain")])
        assert found.parts == parts


def test_merged_relations_end_at_merged_spans() -> None:
    validator = validator_of("text", BOTH)
    one = {"spans": [span(0, 4), span(10, 20)], "relations": [relation((0, 4), (10, 20))]}
    two = {"spans": [span(0, 5), span(11, 20)], "relations": [relation((0, 5), (11, 20))]}
    three = {"spans": [span(0, 5), span(10, 19)]}
    assert merged(validator, one, two, three) == {
        "spans": [span(0, 5), span(10, 20)],
        "relations": [relation((0, 5), (10, 20))],
    }
    lone = {"spans": [span(22, 25)]}
    assert merged(validator, one, lone, lone, lone) == lone


@st.composite
def texts_with_relations(draw: Any) -> dict[str, Any]:
    """An answer whose relations end at its spans."""
    places = draw(st.lists(extents(), min_size=2, max_size=5))
    links = draw(relations(places))
    ends = [link[name] for link in links for name in ("source", "target")]
    spans = {tuple(sorted(parts_of(msgspec.convert(end, End)))): end for end in ends}
    validator = validator_of("text", {"spans": {}})
    marks = [{"label": draw(st.sampled_from(["plain", "other"])), **end} for end in spans.values()]
    unique = {}
    for mark in marks:
        unique[validator.validate(encode({"spans": [{**mark, "label": "plain"}]}), ITEM).encoded] = mark
    return {"spans": list(unique.values()), "relations": links}


@settings(deadline=None)
@given(st.lists(texts_with_relations(), min_size=1, max_size=4))
def test_any_merge_of_relations_is_valid_and_measures_are_symmetric(answers: list[dict[str, Any]]) -> None:
    validator = validator_of("text", BOTH)
    outcome = merged(validator, *answers)
    given_labels = {link["label"] for answer in answers for link in answer["relations"]}
    assert {link["label"] for link in outcome.get("relations", [])} <= given_labels
    first, second = (validator.validate(encode(answers[at]), ITEM).answer for at in (0, -1))
    assert agreement(validator, first, second, ITEM) == agreement(validator, second, first, ITEM)


LABELS = [
    {"name": "person", "tools": ["spans"]},
    {"name": "city", "tools": ["spans"]},
    {"name": "town", "tools": ["spans"]},
    {"name": "lives in", "tools": ["relations"]},
]
LIVES = {
    "spans": [span(0, 3, label="person"), span(8, 14, label="city"), span(20, 22, label="town")],
    "relations": [
        relation((0, 3), (8, 14), "lives in"),
        relation((0, 3), (20, 22), "lives in"),
    ],
}


def migrated(*steps: dict[str, Any], tools: dict[str, Any] = BOTH, answer: Any = LIVES) -> Any:
    """Bring an answer through steps; where people have to decide, return the places."""
    before = read_definition(
        {"tools": tools, "labels": LABELS if tools == BOTH else [LABELS[3] | {"tools": []}]}
    )
    migration = Migration("text", before, read_steps(list(steps)))
    validator = validator_of("text", tools, [msgspec.to_builtins(label) for label in before.labels])
    found = migration.rewrite(validator.validate(encode(answer), ITEM).encoded, ITEM)
    if found.ambiguous:
        return found.ambiguous
    assert migration.validator.validate(found.encoded, ITEM).encoded == found.encoded
    return msgspec.json.decode(found.encoded), {loss.path for loss in found.losses}


def test_relations_go_with_the_spans_they_end_at() -> None:
    spans, links = LIVES["spans"], LIVES["relations"]
    left = {"spans": [spans[0], spans[2]], "relations": [links[1]]}
    assert migrated({"step": "remove_label", "label": "city"}) == (left, {"/spans/1", "/relations/0"})
    away = {"step": "change_shapes", "label": "person", "tools": ["relations"], "remove_marks": True}
    nobody = ({"spans": spans[1:]}, {"/spans/0", "/relations/0", "/relations/1"})
    assert migrated(away) == nobody
    gone = {"step": "remove_tool", "tool": "spans"}
    free = [{**away, "label": name} for name in ("person", "city", "town")]
    assert migrated(*free, gone) == ({"relations": links}, {"/spans"})


def test_labels_of_spans_and_relations_are_renamed_and_merged_where_they_are() -> None:
    renamed = {"step": "rename_label", "label": "lives in", "to": "resides in"}
    answer, losses = migrated(renamed, {"step": "merge_labels", "labels": ["town"], "into": "city"})
    assert [one["label"] for one in answer["spans"]] == ["person", "city", "city"]
    assert [one["label"] for one in answer["relations"]] == ["resides in"] * 2
    assert [one["source"] for one in answer["relations"]] == [one["source"] for one in LIVES["relations"]]
    assert losses == {"/spans/2/label"}


def test_people_are_asked_where_relations_come_to_need_spans() -> None:
    add = {"step": "add_tool", "tool": "spans"}
    answer = {"relations": LIVES["relations"]}
    assert migrated(add, tools={"relations": {}}, answer=answer) == ("/relations/0/source",)
