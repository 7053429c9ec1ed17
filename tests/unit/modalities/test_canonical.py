"""Valid answers get in, and answers that mean the same have the same bytes."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.modalities.errors import InvalidAnswer

from .strategies import Case, another_notation, cases, encode, validator_of


@given(case=cases())
def test_a_valid_answer_passes_and_its_canonical_form_is_a_fixed_point(case: Case) -> None:
    first = case.validator.validate(encode(case.answer), case.item)
    again = case.validator.validate(first.encoded, case.item)
    assert (again.encoded, again.content_hash) == (first.encoded, first.content_hash)
    assert case.validator.load(first.encoded) == first.answer
    for tool in case.answer.keys() - {"justification"}:
        labels = sorted(mark["label"] for mark in case.answer[tool])
        assert sorted(mark.label for mark in getattr(first.answer, tool)) == labels


@given(case=cases(), seed=st.integers())
def test_notation_and_order_do_not_matter(case: Case, seed: int) -> None:
    other = another_notation(case.answer, random.Random(seed)).encode()
    assert case.validator.validate(other, case.item) == case.validator.validate(
        encode(case.answer), case.item
    )


@given(case=cases(modality="image"), shift=st.integers(0, 11), backwards=st.booleans())
def test_where_an_outline_starts_and_which_way_it_runs_does_not_matter(
    case: Case, shift: int, backwards: bool
) -> None:
    turned: dict[str, Any] = {**case.answer, "polygon": []}
    for mark in case.answer.get("polygon", []):
        points = mark["points"][shift % len(mark["points"]) :] + mark["points"][: shift % len(mark["points"])]
        turned["polygon"].append({**mark, "points": points[::-1] if backwards else points})
    expected = case.validator.validate(encode(case.answer), case.item)
    assert case.validator.validate(encode(turned), case.item).encoded == expected.encoded


@pytest.mark.parametrize(
    ("x", "width", "canonical"),
    [(-9e-7, 10, (0.0, 10.0)), (-0.0, 640, (0.0, 640.0)), (600, 40.0000009, (600.0, 40.0))],
)
def test_rounding_at_the_border_is_cut_off(x: float, width: float, canonical: tuple[float, float]) -> None:
    validator = validator_of("image", {"box": {}})
    box = {"label": "plain", "x": x, "y": 1, "width": width, "height": 1}
    result = validator.validate(encode({"box": [box]}), {"width": 640, "height": 480})
    assert (result.answer.box[0].x, result.answer.box[0].width) == canonical
    assert b"-0" not in result.encoded


def test_what_may_be_left_out() -> None:
    optional = validator_of("image", {"box": {}})
    assert optional.validate(b" {} ", {}).encoded == b"{}"
    assert optional.validate(b'{"box": [], "not_applicable": false}', {}).encoded == b"{}"
    required = validator_of("image", {"box": {"required": True}, "classification": {}})
    item = {"width": 640, "height": 480}
    for flag in ("not_applicable", "cannot_assess"):
        assert (
            required.validate(b'{"%s": true}' % flag.encode(), item).encoded == b'{"%s":true}' % flag.encode()
        )
    with pytest.raises(InvalidAnswer) as raised:
        required.validate(b'{"classification": [{"label": "plain"}], "box": []}', item)
    assert raised.value.path == "/answer/box"


def test_attributes_are_stored_in_full() -> None:
    attributes = [
        {"name": "speed", "kind": "number", "default": 3},
        {"name": "tags", "kind": "choice", "choices": ["b", "a"], "multiple": True, "default": ["a"]},
        {"name": "note", "kind": "text"},
    ]
    validator = validator_of("text", {"classification": {}}, [{"name": "l", "attributes": attributes}])

    def canonical(given: dict[str, Any]) -> dict[str, Any]:
        answer = {"classification": [{"label": "l", "attributes": given}]}
        result: dict[str, Any] = validator.validate(encode(answer), {}).answer.classification[0].attributes
        return result

    assert canonical({}) == {"speed": 3.0, "tags": ["a"]}
    assert canonical({"note": "", "tags": [], "speed": -0.0}) == {"speed": 0.0, "tags": []}
    assert canonical({"tags": ["a", "b"]})["tags"] == ["b", "a"]
