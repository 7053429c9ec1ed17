"""What is typed becomes the answer the platform takes, and every step can be taken back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.cli.typed_answer import NotUnderstood, TypedAnswer
from annotary.modalities.answers import AnswerValidator
from annotary.ontology.values import Definition

TEXT = "Ada Lovelace wrote to Babbage 👋 in London."
BOTH: dict[str, Any] = {
    "tools": {"classification": {}, "spans": {}},
    "labels": [
        {"name": "good", "tools": ["classification"], "attributes": [{"name": "sure", "kind": "number"}]},
        {"name": "bad", "tools": ["classification"]},
        {"name": "person", "tools": ["spans"]},
        {"name": "place", "tools": ["spans"]},
    ],
}


def typed(definition: dict[str, Any], *lines: str, text: str = TEXT) -> TypedAnswer:
    answer = TypedAnswer(definition, {"text": text})
    for line in lines:
        answer.type(line)
    return answer


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["1"], {"classification": [{"label": "good"}]}),
        (["1", "2"], {"classification": [{"label": "bad"}]}),
        (["b"], {"classification": [{"label": "bad"}]}),
        (["1 sure=0.5"], {"classification": [{"label": "good", "attributes": {"sure": 0.5}}]}),
        (["w1-2 person"], {"spans": [{"label": "person", "start": 0, "end": 12}]}),
        (["w6 2"], {"spans": [{"label": "place", "start": 30, "end": 31}]}),
        (["35-41 pl"], {"spans": [{"label": "place", "start": 35, "end": 41}]}),
        (["1", "x"], {"cannot_assess": True}),
        (["j too short", "n"], {"not_applicable": True, "justification": "too short"}),
    ],
)
def test_what_is_typed_is_what_is_submitted(lines: list[str], answer: dict[str, Any]) -> None:
    made = typed(BOTH, *lines).answer
    assert made == answer
    validator = AnswerValidator("text", msgspec.convert(BOTH, Definition))
    if "spans" not in made:
        validator.validate(msgspec.json.encode(made), {"text": TEXT})


@pytest.mark.parametrize(
    ("tools", "lines", "answer"),
    [
        ({"ranking": {}}, ["1>2>3", "2 > 3=1"], {"ranking": {"tiers": [[1], [2, 0]]}}),
        ({"ordinal": {}}, ["1 4", "tone 2", "helpful 5"], {"ordinal": [("tone", 2), ("helpful", 5)]}),
    ],
)
def test_rankings_and_ratings_are_typed(tools: Any, lines: list[str], answer: Any) -> None:
    labels = [{"name": "helpful"}, {"name": "tone"}] if "ordinal" in tools else []
    item = {"prompt": "?", "candidates": ["x", "y", "z"]}
    made = TypedAnswer({"tools": tools, "labels": labels}, item)
    for line in lines:
        made.type(line)
    if "ordinal" in answer:
        answer = {"ordinal": [{"label": label, "level": level} for label, level in answer["ordinal"]]}
    assert made.answer == answer
    validator = AnswerValidator("text", msgspec.convert({"tools": tools, "labels": labels}, Definition))
    validator.validate(msgspec.json.encode(made.answer), item)
    for wrong in ("1>2", "1>2>4", "tone 6", "4", "0>1>2"):
        with pytest.raises(NotUnderstood):
            made.type(wrong)


@pytest.mark.parametrize(
    "line",
    ["", "3", "q", "w9", "w2-1 person", "0-900 person", "4-4 person", "w1 p", "1 sure=very", "1 odd=1", "'"],
)
def test_what_fits_nothing_changes_nothing(line: str) -> None:
    answer = typed(BOTH, "1")
    with pytest.raises(NotUnderstood):
        answer.type(line)
    assert answer.answer == {"classification": [{"label": "good"}]}


def test_several_classes_are_switched_on_and_off() -> None:
    several = {**BOTH, "tools": {"classification": {"multiple": True}}}
    labels = [one["label"] for one in typed(several, "1", "2", "1").answer["classification"]]
    assert labels == ["bad"]


def test_preferences() -> None:
    plain = {"tools": {"preference": {"ties": False}}}
    strong = {"tools": {"preference": {"strength_max": 3}}}
    assert typed(strong, "b3").answer == {"preference": {"choice": "b", "strength": 3}}
    assert typed(strong, "t").answer == {"preference": {"choice": "tie"}}
    for definition, line in ((plain, "t"), (plain, "a2"), (strong, "a4"), (strong, "c")):
        with pytest.raises(NotUnderstood):
            typed(definition, line)


@given(st.lists(st.sampled_from(["1", "2", "w1 person", "0-3 place", "j why", "n", "x", "nonsense", "u"])))
def test_undo_goes_back_one_step(lines: list[str]) -> None:
    answer, history = TypedAnswer(BOTH, {"text": TEXT}), [{}]
    for line in lines:
        if line == "u":
            assert answer.undo() == (len(history) > 1)
            history = history[:-1] or [{}]
        else:
            try:
                answer.type(line)
                history.append(answer.answer)
            except NotUnderstood:
                assert line == "nonsense"
        assert answer.answer == history[-1]
    assert all(answer.undo() for _ in history[1:]) and answer.answer == {}
