"""Spans from files: tags, exports, tokens that every span is made of, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.cli.main import application
from annotary.kernel.errors import Invalid
from annotary.quality.spans.answers_text import read_tasks
from annotary.quality.spans.tokens import Tokens, spans_of_tags
from annotary.quality.spans.values import Span

TEXT = "Zoë 👩‍🚀 met Łukasz in Kraków, twice."
places = st.integers(0, len(TEXT))
stretches = st.lists(st.tuples(places, places).filter(lambda one: one[0] < one[1]), max_size=5)


@given(drawn=stretches)
def test_a_span_survives_its_tokens_but_for_white_space(drawn: list[tuple[int, int]]) -> None:
    spans = [Span(start, end, "x") for start, end in drawn]
    tokens = Tokens(TEXT, spans)
    for span in spans:
        moved = tokens.of(span)
        kept = TEXT[span.start : span.end].strip()
        if moved is None:
            assert not kept
        else:
            back = tokens.place(moved)
            assert TEXT[back.start : back.end] == kept
            assert span.start <= back.start < back.end <= span.end
    ordered = [edge for place in tokens.places for edge in place]
    assert ordered == sorted(ordered)
    assert "".join(TEXT[a:b] for a, b in tokens.places) == "".join(TEXT.split())


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("O B-A I-A O", [(1, 3, "A")]),
        ("B-A B-A I-B I-B", [(0, 1, "A"), (1, 2, "A"), (2, 4, "B")]),
        ("I-A I-A", [(0, 2, "A")]),
        ("", []),
    ],
)
def test_tags_are_read_as_conll_reads_them(tags: str, spans: Any) -> None:
    assert [tuple(one) for one in spans_of_tags(tags.split(), "x")] == spans


def export(**more: Any) -> dict[str, Any]:
    answers = [
        {"member": who, "answer": {"spans": [{"label": "person", "start": start, "end": 3}]}}
        for who, start in (("a", 0), ("b", 0), ("c", 1))
    ]
    unsure = {"member": "d", "answer": {"cannot_assess": True}}
    return {"task": "t", "unique_id": "u", "item": {"text": TEXT}, "answers": [*answers, unsure], **more}


def test_an_export_becomes_spans_of_its_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = [{"label": "person", "start": 0, "end": 3}]
    file, out = tmp_path / "export.jsonl", tmp_path / "out.jsonl"
    file.write_text("\n".join(json.dumps(export(truth=truth)) for _ in range(3)) + "\n\n", encoding="utf-8")
    arguments = ["spans", "aggregate", str(file), "--out", str(out), "--json"]
    application(arguments)(arguments, standalone_mode=False)
    said = json.loads(capsys.readouterr().out)
    assert (said["tasks"], said["annotators"], said["answers"], said["f1"]) == (3, 3, 9, 1.0)
    (mark,) = json.loads(out.read_text().splitlines()[0])["spans"]
    assert (mark["label"], mark["start"], mark["end"]) == ("person", 0, 3) and 0.5 < mark["confidence"] <= 1
    arguments.append("--no-truth")
    application(arguments)(arguments, standalone_mode=False)
    assert json.loads(capsys.readouterr().out)["f1"] is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[]", "line 1"),
        ("{", "line 1"),
        ("{}", "annotators"),
        ('{"workers": {"a": "O O", "b": "O"}}', "a tag for each token"),
        ('{"workers": {"a": "O X-PER"}}', "B-LABEL"),
        ('{"workers": {"a": "O B-"}}', "B-LABEL"),
        ('{"workers": {"a": "O"}, "truth": "O O"}', "a tag for each token"),
        (json.dumps(export(truth="O")), "code points"),
        (json.dumps(export(gold=[{"label": "x", "start": 3, "end": 99}])), "code points"),
        (json.dumps(export(item={})), "line 1/item/text"),
    ],
)
def test_a_line_that_is_none_is_refused_with_its_place(line: str, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        read_tasks(line)
