"""Prompts with several candidates to rank, as rows and as items: what goes in, and what is refused where."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from annotary.catalog.payloads import read_payload
from annotary.formats.jsonl_import import decoder
from annotary.formats.payloads import Preparer
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import new_id
from annotary.modalities.answers import AnswerValidator
from annotary.ontology.values import Definition

RANKED = {"prompt": "Why?", "candidates": ["Because.", "", "Nobody knows."]}


def prepared(row: Any, tool: str = "ranking") -> Any:
    """What an import makes of a row, in a project with one tool."""
    labels = [{"name": "person"}] if tool == "spans" else []
    definition = msgspec.convert({"tools": {tool: {}}, "labels": labels}, Definition)
    preparer = Preparer(new_id(0), "text", AnswerValidator("text", definition))
    return preparer.prepare([(1, decoder("text")(msgspec.json.encode(row)))], {}, {})


def test_a_row_becomes_the_same_payload_as_an_item() -> None:
    (one,) = prepared({"unique_id": "u", **RANKED}).prepared
    assert msgspec.json.decode(one.item.payload) == RANKED
    assert msgspec.to_builtins(read_payload("text", RANKED)) == RANKED


def test_a_prediction_is_checked_against_the_candidates() -> None:
    def predicted(*tiers: list[int]) -> Any:
        answer = {"ranking": {"tiers": tiers}}
        return prepared({**RANKED, "predictions": [{"model": "m", "version": "1", "answer": answer}]})

    assert predicted([1], [0, 2]).prepared[0].suggested
    (refusal,) = predicted([1], [0]).refusals
    assert refusal.path == "/predictions/0/answer/ranking/tiers"


@pytest.mark.parametrize(
    ("row", "tool", "path"),
    [
        ({"candidates": ["x", "y"]}, "ranking", "/prompt"),
        ({**RANKED, "a": "x"}, "ranking", "/a"),
        ({**RANKED, "text": "x"}, "ranking", "/text"),
        ({"prompt": "?", "a": "x", "b": "y"}, "ranking", "/candidates"),
        (RANKED, "preference", "/a"),
        (RANKED, "spans", "/text"),
        ({**RANKED, "candidates": ["x", "NUL\0"]}, "ranking", "/"),
    ],
)
def test_a_row_of_another_shape_is_refused(row: Any, tool: str, path: str) -> None:
    (refusal,) = prepared(row, tool).refusals
    assert refusal.path == path


@pytest.mark.parametrize(
    ("candidates", "path"),
    [
        (["x"], "/payload/candidates"),
        (["x"] * 51, "/payload/candidates"),
        (["x", "\0"], "/payload/candidates/1"),
    ],
)
def test_an_item_needs_several_candidates(candidates: list[str], path: str) -> None:
    with pytest.raises(Invalid) as raised:
        read_payload("text", {"prompt": "?", "candidates": candidates})
    assert raised.value.path == path
