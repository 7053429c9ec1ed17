"""Weights and the order of answers: what must change nothing, and what must decide."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.kernel.errors import Invalid
from annotary.modalities.answers import AnswerValidator, merge_answers
from annotary.modalities.label_type import Merged

from .strategies import FORMS, ITEMS, TOOLS, cases, encode, forms, validator_of

Drawn = tuple[AnswerValidator, dict[str, Any], list[Any]]


@st.composite
def several(draw: Any) -> Drawn:
    """One to four canonical answers to one item: marks of all kinds, or a form."""
    modality = draw(st.sampled_from([*sorted(TOOLS), *FORMS]))
    if modality in TOOLS:
        drawn = draw(st.lists(cases(modality=modality), min_size=1, max_size=4))
        documents, validator = [case.answer for case in drawn], drawn[0].validator
    else:
        drawn_forms = draw(st.lists(forms(modality), min_size=1, max_size=4))
        documents = [{modality: value} for value in drawn_forms]
        validator, modality = validator_of("text", {modality: FORMS[modality]}, []), "text"
    item = ITEMS[modality]
    return validator, item, [validator.validate(encode(one), item).answer for one in documents]


def same(validator: AnswerValidator, one: Merged, other: Merged) -> bool:
    """Whether two outcomes are the same to the byte, with the same confidence."""
    alike = validator.canonical(one.value).encoded == validator.canonical(other.value).encoded
    return alike and one.confidence == pytest.approx(other.confidence)


@settings(max_examples=200, deadline=None)
@given(drawn=several(), data=st.data())
def test_an_answer_of_weight_two_counts_as_two(drawn: Drawn, data: st.DataObject) -> None:
    validator, item, answers = drawn
    copies = data.draw(st.lists(st.integers(0, 3), min_size=len(answers), max_size=len(answers)).filter(any))
    weighted = merge_answers(validator, answers, item, [float(count) for count in copies])
    repeated = [one for one, count in zip(answers, copies, strict=True) for _ in range(count)]
    assert same(validator, weighted, merge_answers(validator, repeated, item))


@settings(max_examples=200, deadline=None)
@given(drawn=several(), seed=st.integers(0, 1 << 20), scale=st.sampled_from([0.01, 3.0, 1e6]))
def test_neither_order_nor_scale_matters(drawn: Drawn, seed: int, scale: float) -> None:
    validator, item, answers = drawn
    source = random.Random(seed)
    votes = [(one, source.choice([0.25, 0.5, 1.0])) for one in answers]
    first = merge_answers(validator, answers, item, [weight for _, weight in votes])
    source.shuffle(votes)
    again = merge_answers(validator, [one for one, _ in votes], item, [scale * weight for _, weight in votes])
    assert same(validator, first, again)


@settings(max_examples=100, deadline=None)
@given(drawn=several())
def test_who_outweighs_all_others_is_right(drawn: Drawn) -> None:
    validator, item, answers = drawn
    weights = [float(len(answers) + 1), *[1.0] * (len(answers) - 1)]
    merged = merge_answers(validator, answers, item, weights).value
    for tool, _ in validator.tools:
        # Geometry is averaged, and a class that the tool requires may come from others: labels must hold.
        if tool.name in ("classification", "ordinal", "preference"):
            assert getattr(merged, tool.name) == getattr(answers[0], tool.name)


@pytest.mark.parametrize("weights", [[1.0], [1.0, -1.0], [1.0, float("nan")], [float("inf"), 1.0]])
def test_weights_that_are_none_are_refused(weights: list[float]) -> None:
    validator = validator_of("text", {"preference": {}}, [])
    answers = [validator.validate(b'{"preference":{"choice":"a"}}', ITEMS["text"]).answer] * 2
    with pytest.raises(Invalid, match="/weights"):
        merge_answers(validator, answers, ITEMS["text"], weights)


def test_weights_of_nothing_count_as_one_each() -> None:
    validator = validator_of("text", {"preference": {}}, [])
    answers = [
        validator.validate(encode({"preference": {"choice": choice}}), ITEMS["text"]).answer
        for choice in "aab"
    ]
    merged = merge_answers(validator, answers, ITEMS["text"], [0.0, 0.0, 0.0])
    assert (merged.value.preference.choice, merged.confidence) == ("a", pytest.approx(2 / 3))


def test_each_class_has_a_confidence_of_its_own() -> None:
    validator = validator_of("text", {"classification": {"multiple": True}})
    given_classes = [("plain", "other"), ("plain",), ("plain", "third"), ("other",)]
    answers = [
        validator.validate(encode({"classification": [{"label": label} for label in labels]}), {}).answer
        for labels in given_classes
    ]
    merged = merge_answers(validator, answers, {}, [1.0, 1.0, 1.0, 2.0])
    assert merged.shares["classification"] == {"plain": 0.6, "other": 0.6, "third": 0.2}
    assert [one.label for one in merged.value.classification] == ["plain", "other"]
