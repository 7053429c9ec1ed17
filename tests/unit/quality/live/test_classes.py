"""Which answers are classes, and that the class an answer gives does not hang on what is said beside it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from annotary.modalities.answers import compile_ontology
from annotary.ontology.rules import content_hash, read_definition
from annotary.projects.quality import AGGREGATORS
from annotary.quality.aggregators import METHODS
from annotary.quality.live.classes import (
    ABSTAINED,
    NO_CLASS,
    NOT_APPLICABLE,
    NotAClass,
    class_name,
    class_of,
    class_tool,
    foreseen,
    in_order,
)

LABELS = [{"name": "b"}, {"name": "a", "attributes": [{"name": "sure", "kind": "boolean"}]}]
ITEM = {"text": "x", "prompt": "p", "a": "a", "b": "b"}


def of(**tools: Any) -> Any:
    needs_none = set(tools) == {"preference"}
    return read_definition({"tools": tools, "labels": [] if needs_none else LABELS})


@pytest.mark.parametrize(
    ("definition", "tool"),
    [
        (of(classification={}), "classification"),
        (of(classification={"multiple": True}), None),
        (of(preference={"strength_max": 3}), "preference"),
        (of(classification={}, spans={}), None),
        (of(spans={}), None),
        (of(ordinal={}), None),
    ],
)
def test_which_projects_answers_are_classes(definition: Any, tool: str | None) -> None:
    assert class_tool(definition) == tool


def test_a_rating_of_one_label_is_a_class() -> None:
    one = read_definition({"tools": {"ordinal": {"maximum": 3}}, "labels": [{"name": "tone"}]})
    assert class_tool(one) == "ordinal"
    assert [class_name(key) for key in foreseen(one, "ordinal")] == ["1", "2", "3"]
    assert class_of('{"ordinal":[{"label":"tone","level":2}]}', "ordinal") == foreseen(one, "ordinal")[1]


@pytest.mark.parametrize(
    ("answer", "tool", "key"),
    [
        ({"classification": [{"label": "a"}]}, "classification", '{"classification":[{"label":"a"}]}'),
        (
            {"classification": [{"label": "a", "attributes": {"sure": True}}], "justification": "so"},
            "classification",
            '{"classification":[{"label":"a"}]}',
        ),
        ({"preference": {"choice": "b", "strength": 3}}, "preference", '{"preference":{"choice":"b"}}'),
        ({"cannot_assess": True, "classification": [{"label": "a"}]}, "classification", ABSTAINED),
        ({"not_applicable": True, "justification": "empty"}, "classification", NOT_APPLICABLE),
        ({"justification": "none fits"}, "classification", NO_CLASS),
    ],
)
def test_the_class_of_an_answer(answer: dict[str, Any], tool: str, key: str) -> None:
    assert class_of(msgspec.json.encode(answer).decode(), tool) == key


@pytest.mark.parametrize(
    "answer",
    ['{"classification":[{"label":"a"},{"label":"b"}]}', '{"classification":[{"label":"a"}],"spans":[]}'],
)
def test_what_says_more_is_no_class(answer: str) -> None:
    with pytest.raises(NotAClass):
        class_of(answer, "classification")


@pytest.mark.parametrize(("tool", "settings"), [("classification", {}), ("preference", {"strength_max": 2})])
def test_the_name_of_a_class_is_itself_an_answer_of_that_class(tool: str, settings: dict[str, Any]) -> None:
    definition = of(**{tool: settings})
    validator = compile_ontology("text", definition, content_hash(definition))
    keys = foreseen(definition, tool)
    assert len(keys) == (3 if tool == "preference" else 2)
    for key in keys:
        canonical = validator.validate(key.encode(), ITEM).encoded.decode()
        assert class_of(canonical, tool) == key


def test_classes_are_in_the_order_of_aggregators() -> None:
    keys = [f'{{"classification":[{{"label":"{name}"}}]}}' for name in ("10", "9", "-2")]
    assert [class_name(key) for key in in_order(keys)] == ["-2", "9", "10"]
    assert [class_name(key) for key in in_order([*keys, NO_CLASS])] == ["-2", "10", "9", "none"]


def test_a_project_can_ask_for_every_aggregator_there_is() -> None:
    assert set(AGGREGATORS) == set(METHODS)
