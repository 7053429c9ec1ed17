"""Rows of the text modality: which fields go together, and which label types can be used with each."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from annotary.formats.jsonl_import import decoder
from annotary.formats.payloads import Preparer, long_texts
from annotary.kernel.ids import new_id
from annotary.kernel.limits import TEXT_INLINE_BYTES_MAX
from annotary.modalities.answers import compile_ontology
from annotary.ontology.rules import content_hash, read_definition

read = decoder("text")
TURNS = [{"role": "user", "content": "?"}, {"role": "assistant", "content": "!"}]
TOOLS: dict[str, dict[str, Any]] = {
    "classification": {},
    "spans": {},
    "chat": {},
    "preference": {},
    "rewrite": {},
    "rubric": {"criteria": [{"name": "n", "scale": [0, 1]}]},
}


def prepared(tool: str, row: dict[str, Any]) -> Any:
    """Return the item's payload, or where the row is refused."""
    definition = read_definition({"tools": {tool: TOOLS[tool]}, "labels": [{"name": "l"}]})
    validator = compile_ontology("text", definition, content_hash(definition))
    found = Preparer(new_id(1), "text", validator).prepare([(1, read(msgspec.json.encode(row)))], {}, {})
    if found.refusals:
        return found.refusals[0].path
    return msgspec.json.decode(found.prepared[0].item.payload)


@pytest.mark.parametrize(
    ("row", "tools"),
    [
        ({"text": "x"}, {"classification", "spans", "rewrite", "rubric"}),
        ({"prompt": "?"}, {"classification", "rewrite", "rubric"}),
        ({"prompt": TURNS, "text": "x"}, {"classification", "spans", "rewrite", "rubric"}),
        ({"messages": TURNS}, {"classification", "chat", "rubric"}),
        ({"prompt": "?", "messages": TURNS}, {"classification", "chat", "rubric", "rewrite"}),
        ({"prompt": "?", "a": "x", "b": "y"}, {"classification", "preference", "rubric", "rewrite"}),
    ],
)
def test_rows_serve_the_tools_that_they_have_something_for(row: dict[str, Any], tools: set[str]) -> None:
    assert {tool for tool in TOOLS if prepared(tool, row) == row} == tools


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({}, "/prompt"),
        ({"prompt": ""}, "/prompt"),
        ({"prompt": []}, "/prompt"),
        ({"prompt": "?", "text": ""}, "/text"),
        ({"prompt": "?", "text": "x", "b": "y"}, "/a"),
        ({"prompt": "?", "messages": TURNS, "a": "x"}, "/a"),
        ({"messages": TURNS, "text": "x"}, "/text"),
        ({"messages": [{"role": "user", "content": "\0"}]}, "/"),
    ],
)
def test_fields_that_do_not_go_together_are_refused(row: dict[str, Any], path: str) -> None:
    assert prepared("rubric", row) == path


def test_only_a_text_by_itself_becomes_an_asset() -> None:
    long = "x" * (TEXT_INLINE_BYTES_MAX + 1)
    rows = [(1, read(msgspec.json.encode(row))) for row in ({"text": long}, {"prompt": "?", "text": long})]
    assert list(long_texts(rows[:1])) == [1]
    assert long_texts(rows[1:]) == {}
    assert prepared("rubric", {"prompt": "?", "text": long})["text"] == long
