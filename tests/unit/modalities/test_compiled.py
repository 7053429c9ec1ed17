"""The compiled decoder says nothing else than the general way: the same bytes, the same refusals."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from bench.made_answers import made
from hypothesis import given
from hypothesis import strategies as st

from annotary.modalities.answers import AnswerValidator, compile_ontology
from annotary.modalities.errors import InvalidAnswer
from annotary.ontology.rules import content_hash, read_definition

from .strategies import Case, another_notation, cases

NUMBERS = [{"name": "n", "kind": "number", "minimum": 0}, {"name": "t", "kind": "text", "default": ""}]
SEVERAL = [{"name": "s", "kind": "choice", "choices": ["b", "a"], "multiple": True}]
DEFINITION = {
    "tools": {"box": {}},
    "labels": [{"name": "one", "attributes": NUMBERS}, {"name": "two", "attributes": SEVERAL}],
}
IMAGE = {"asset": "a", "width": 9, "height": 9}
# What each of these says of the way it goes: by the compiled decoder, or by the general one.
CORNERS: list[tuple[str, dict[str, Any], bool]] = [
    ("one", {"n": 0}, True),
    ("one", {"n": -0.0}, False),
    ("one", {"n": 3, "t": "a"}, True),
    ("one", {"t": ""}, False),
    ("two", {}, False),
    ("two", {"s": []}, False),
    ("two", {"s": ["b", "a"]}, True),
    ("two", {"s": ["a", "b"]}, False),
    ("two", {"s": ["a", "a"]}, False),
    ("two", {"s": "a"}, False),
]


def general(validator: AnswerValidator) -> AnswerValidator:
    """The same validator without its compiled decoder."""
    other = AnswerValidator.__new__(AnswerValidator)
    other.__dict__.update(validator.__dict__, _compiled=None)
    return other


def judged(validator: AnswerValidator, raw: bytes, item: Any) -> Any:
    """What becomes of an answer: its bytes, or where it is refused and why."""
    try:
        canonical = validator.validate(raw, item)
    except InvalidAnswer as error:
        return error.path, error.detail
    return canonical.encoded, canonical.content_hash


def test_made_answers_are_judged_alike() -> None:
    compiled = 0
    for one in made(3_000, seed=8):
        validator = compile_ontology(one.modality, one.definition, content_hash(one.definition))
        raw = json.dumps(one.answer).encode()
        assert judged(validator, raw, one.item) == judged(general(validator), raw, one.item)
        assert validator._compiled is not None
        compiled += validator._compiled.load(raw) is not None
    assert compiled > 500


@given(case=cases(), seed=st.integers())
def test_other_notations_are_judged_alike(case: Case, seed: int) -> None:
    raw = another_notation(case.answer, random.Random(seed)).encode()
    assert judged(case.validator, raw, case.item) == judged(general(case.validator), raw, case.item)


@pytest.mark.parametrize(("label", "attributes", "compiled"), CORNERS)
def test_corners(label: str, attributes: dict[str, Any], compiled: bool) -> None:
    definition = read_definition(DEFINITION)
    validator = compile_ontology("image", definition, content_hash(definition))
    mark = {"label": label, "attributes": attributes, "x": 1, "y": 1, "width": 1, "height": 1}
    raw = json.dumps({"box": [mark]}).encode()
    assert validator._compiled is not None
    assert (validator._compiled.load(raw) is not None) is compiled
    assert judged(validator, raw, IMAGE) == judged(general(validator), raw, IMAGE)


def test_a_mark_without_a_label_is_refused_where_there_is_but_one() -> None:
    definition = read_definition({**DEFINITION, "labels": DEFINITION["labels"][:1]})
    validator = compile_ontology("image", definition, content_hash(definition))
    with pytest.raises(InvalidAnswer) as raised:
        validator.validate(b'{"box":[{"x":1,"y":1,"width":1,"height":1}]}', IMAGE)
    assert raised.value.path == "/answer/box/0/label"
