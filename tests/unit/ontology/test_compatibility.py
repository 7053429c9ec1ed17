"""What is called compatible is; suggested steps lead where they say; differences are told in words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.migration import Migration, compatibility
from annotary.ontology.compatibility import check
from annotary.ontology.diff import describe
from annotary.ontology.errors import InvalidStep
from annotary.ontology.rules import read_definition
from annotary.ontology.steps.apply import to_definition
from annotary.ontology.steps.reading import read_steps
from annotary.ontology.suggestion import suggest
from annotary.ontology.values import Definition
from unit.modalities.strategies import Case
from unit.ontology.chains import definition_of
from unit.ontology.test_steps import SLOW, changes


@SLOW
@given(changes())
def test_answers_are_valid_under_what_is_called_compatible(change: tuple[Case, bytes, Any]) -> None:
    case, answer, chain = change
    definition = definition_of(case.modality)
    migration = Migration(case.modality, definition, chain)
    verdict = compatibility(case.modality, definition, migration.after, chain)
    if not verdict.needs_migration:
        migration.validator.validate(answer, case.item)
    migrated = migration.rewrite(answer, case.item)
    if verdict.kind in ("full", "forward") and not migrated.ambiguous:
        case.validator.validate(migrated.encoded, case.item)


@SLOW
@given(changes())
def test_suggested_steps_lead_to_the_definition_or_say_what_is_open(change: tuple[Case, bytes, Any]) -> None:
    case, _, chain = change
    before = definition_of(case.modality)
    after = to_definition(before, chain)
    found = suggest(before, after)
    reached = to_definition(before, found.steps)
    gone = [one for one in describe(before, after) if one.kind == "removed"]
    assert all(one in found.undecided for one in gone)
    if not found.undecided:
        assert reached == after
        assert describe(reached, after) == ()
    else:
        assert describe(reached, after)


def definition(*labels: dict[str, Any], **tools: Any) -> Definition:
    """A definition of these labels, with boxes where no tools are named."""
    return read_definition({"tools": tools or {"box": {}}, "labels": list(labels)})


CAR = {"name": "car", "attributes": [{"name": "doors", "kind": "number", "minimum": 2, "maximum": 5}]}
WIDER = {"name": "car", "attributes": [{"name": "doors", "kind": "number", "minimum": 1, "maximum": 5}]}
WANTED = {"name": "car", "attributes": [{"name": "doors", "kind": "number", "required": True}]}
VERDICTS = [
    (CAR, {**CAR, "colour": "#ff0000", "hotkey": "c"}, "full"),
    (CAR, {**CAR, "retired": True}, "full"),
    (CAR, WIDER, "backward"),
    (WIDER, CAR, "forward"),
    (CAR, {"name": "automobile"}, "breaking"),
    (CAR, WANTED, "breaking"),
    (CAR, {**CAR, "tools": ["box"]}, "full"),
]


@pytest.mark.parametrize(("before", "after", "kind"), VERDICTS)
def test_verdicts(before: dict[str, Any], after: dict[str, Any], kind: str) -> None:
    assert check(definition(before), definition(after)).kind == kind


def test_a_reason_says_what_to_count() -> None:
    verdict = check(definition(CAR, {"name": "van"}), definition(WANTED))
    backward = [one for one in verdict.reasons if one.direction == "backward"]
    assert [(one.path, one.label, one.attribute) for one in backward] == [
        ("/labels/car/attributes/doors", "car", "doors"),
        ("/labels/van", "van", None),
    ]
    assert verdict.needs_migration


@SLOW
@given(changes())
def test_what_changed_is_told(change: tuple[Case, bytes, Any]) -> None:
    case, _, chain = change
    before = definition_of(case.modality)
    after = Migration(case.modality, before, chain).after
    assert (describe(before, after) == ()) == (before == after)


def test_a_retired_label_is_told() -> None:
    (told,) = describe(definition(CAR), definition({**CAR, "retired": True}))
    assert told.words == "car: retired is true, before false"


def test_differences_in_words() -> None:
    words = [
        one.words for one in describe(definition(CAR, {"name": "van"}), definition({"name": "bus"}, WANTED))
    ]
    assert words == [
        "the label bus is new",
        "car: minimum of doors is null, before 2.0",
        "car: maximum of doors is null, before 5.0",
        "car: required of doors is true, before false",
        "the label van is gone",
    ]


def test_steps_that_lead_elsewhere_are_refused() -> None:
    rename = read_steps([{"step": "rename_label", "label": "car", "to": "auto"}])
    with pytest.raises(InvalidStep) as raised:
        check(definition(CAR), definition({**CAR, "name": "automobile"}), rename)
    assert "automobile" in str(raised.value)


def test_a_rename_is_not_guessed() -> None:
    found = suggest(definition(CAR), definition({**CAR, "name": "automobile"}))
    assert [change.label for change in found.undecided] == ["car"]


def test_what_no_single_step_reaches_is_left_to_people_and_the_rest_is_suggested() -> None:
    """No step moves an attribute's values from whole tracks to their frames."""

    def tracks(per: str) -> Definition:
        seen = {"name": "seen", "kind": "boolean", "per": per}
        label = {"name": "car", "attributes": [seen], **({"colour": "#102030"} if per == "frame" else {})}
        return read_definition({"tools": {"tracks": {}}, "labels": [label]})

    before, after = tracks("mark"), tracks("frame")
    found = suggest(before, after)
    (left,) = found.undecided
    assert left.path == "/labels/car" and "no single step leads there" in left.words
    assert to_definition(before, found.steps).labels[0].colour == "#102030"


def test_an_ambiguous_answer_is_not_a_compatible_one() -> None:
    before, after = definition(CAR), definition(WANTED)
    validator = Migration(
        "image",
        before,
        read_steps(
            [
                {"step": "retype_attribute", "label": "car", "attribute": "doors", "to": {"kind": "number"}},
                {"step": "require", "label": "car", "attribute": "doors"},
            ]
        ),
    )
    assert validator.after == after
    item = {"asset": "a", "width": 9, "height": 9}
    answer = b'{"box":[{"label":"car","x":0.0,"y":0.0,"width":1.0,"height":1.0}]}'
    assert validator.rewrite(answer).ambiguous == ("/box/0/attributes/doors",)
    with pytest.raises(InvalidAnswer):
        validator.validator.validate(answer, item)
