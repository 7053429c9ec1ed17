"""Ratings of messages: which messages and labels, what is complete, how they agree, merge, are migrated."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from annotary.modalities.answers import agreement, check_definition, merge_answers
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.migration import Migration, compatibility
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.rules import read_definition
from annotary.ontology.steps.apply import to_definition
from annotary.ontology.steps.reading import read_steps

from .strategies import encode, validator_of

ROLES = ("system", "user", "assistant", "user", "assistant")
ITEM = {"messages": [{"role": role, "content": "…"} for role in ROLES]}
LABELS = [{"name": "help"}, {"name": "tone"}, {"name": "made up"}]
SETTINGS: dict[str, Any] = {"scales": {"made up": None, "tone": {"minimum": -2, "maximum": 2}}}


def rated(*ratings: tuple[int, str, int | None]) -> dict[str, Any]:
    """An answer of (message, label, level)."""
    return {
        "chat": [
            {"label": label, "message": at} | ({} if level is None else {"level": level})
            for at, label, level in ratings
        ]
    }


def all_rated(first: int, second: int, *more: tuple[int, str, int | None]) -> dict[str, Any]:
    """An answer that helps so much in both replies, with an even tone."""
    return rated((2, "help", first), (2, "tone", 0), (4, "help", second), (4, "tone", 0), *more)


def read(*answers: dict[str, Any], **kept: Any) -> tuple[Any, list[Any]]:
    validator = validator_of("text", {"chat": {**SETTINGS, **kept}}, LABELS)
    return validator, [validator.validate(encode(answer), ITEM).answer for answer in answers]


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        (all_rated(1, 1, (1, "made up", None)), "/4/message"),
        (all_rated(1, 1, (5, "made up", None)), "/4/message"),
        (all_rated(1, 1, (2, "made up", 1)), "/4/level"),
        (all_rated(1, 1, (2, "help", 2)), "/4/label"),
        (all_rated(1, 6), "/2/level"),
        (rated((2, "help", None)), "/0/level"),
        (rated((2, "tone", -3)), "/0/level"),
        (rated((2, "help", 1), (2, "tone", 0), (4, "help", 1)), ""),
        (rated((2, "help", 1), (2, "tone", 0)), ""),
        (rated((2, "made up", None)), ""),
    ],
)
def test_ratings_keep_to_roles_scales_and_questions(answer: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidAnswer) as raised:
        read(answer)
    assert raised.value.path == f"/answer/chat{path}"


def test_what_need_not_be_rated() -> None:
    read(all_rated(1, 5, (2, "made up", None)))
    read(rated((2, "made up", None)), rated((4, "help", 1)), complete=False)
    read(rated((0, "help", 1), (1, "made up", None)), complete=False, roles=[])
    labels = [{**LABELS[0], "retired": True}, *LABELS[1:]]
    retired = validator_of("text", {"chat": SETTINGS}, labels)
    retired.validate(encode(rated((2, "tone", 0), (4, "tone", 1))), ITEM)


@pytest.mark.parametrize("scales", [{"nobody": None}, {"tone": {"minimum": 1, "maximum": 1}}, {"tone": 5}])
def test_scales_that_cannot_hold_are_refused(scales: Any) -> None:
    with pytest.raises(InvalidOntology):
        check_definition("text", read_definition({"tools": {"chat": {"scales": scales}}, "labels": LABELS}))


def test_messages_are_compared_one_by_one() -> None:
    validator, (one, other) = read(all_rated(1, 5), all_rated(3, 5, (2, "made up", None)))
    # In the first message two steps of four apart, the same tone, and one mark only; the second is the same.
    expected = ((0.5 + 1 + 0) / 3 + 1) / 2
    assert agreement(validator, one, other, ITEM) == pytest.approx(expected)
    assert agreement(validator, other, one, ITEM) == agreement(validator, one, other, ITEM)


def test_levels_are_medians_and_marks_are_voted_on() -> None:
    made_up: tuple[int, str, None] = (4, "made up", None)
    validator, answers = read(all_rated(1, 5, made_up), all_rated(4, 4), all_rated(5, 5, made_up))
    merged = merge_answers(validator, answers, ITEM)
    expected = validator.validate(encode(all_rated(4, 5, made_up)), ITEM).encoded
    assert validator.canonical(merged.value).encoded == expected
    third = pytest.approx(1 / 3)
    assert merged.shares["chat"] == [third, 1.0, pytest.approx(2 / 3), pytest.approx(2 / 3), 1.0]
    single = merge_answers(validator, [*answers[1:], answers[1]], ITEM).value
    assert not [one for one in single.chat if one.label == "made up"]


def migrated(*steps: dict[str, Any]) -> Any:
    before = read_definition({"tools": {"chat": SETTINGS}, "labels": LABELS})
    chain = read_steps(list(steps))
    migration = Migration("text", before, chain)
    validator, _ = read()
    encoded = validator.validate(encode(all_rated(1, 5, (4, "made up", None))), ITEM).encoded
    found = migration.rewrite(encoded, ITEM)
    kind = compatibility("text", before, to_definition(before, chain), chain).kind
    return found.ambiguous or msgspec.json.decode(found.encoded)["chat"], kind


def test_scales_follow_their_labels_and_new_questions_are_asked_of_people() -> None:
    renamed, _ = migrated({"step": "rename_label", "label": "made up", "to": "invented"})
    assert {"label": "invented", "message": 4} in renamed
    question = {"step": "add_label", "label": {"name": "brief"}}
    assert migrated(question) == (("/chat",), "breaking")
    flag = {**SETTINGS, "scales": {**SETTINGS["scales"], "brief": None}}
    unchanged, _ = migrated(question, {"step": "change_tool", "tool": "chat", "settings": flag})
    assert len(unchanged) == 5
