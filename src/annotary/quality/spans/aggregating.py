"""Spans of a whole project in the bounded process: found in all texts at once, then made an answer each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.text.spans.consensus import chosen
from annotary.quality.spans.aggregation import aggregate
from annotary.quality.spans.answers_text import Answer
from annotary.quality.spans.messages import AnsweredText, FoundSpans, SpansReply, SpansRequest
from annotary.quality.spans.tokens import Tokens, tokenised
from annotary.quality.spans.values import ScoredSpan, Span, SpanTask


class _Item(msgspec.Struct):
    text: str


_item = msgspec.json.Decoder(_Item).decode
_answer = msgspec.json.Decoder(Answer).decode


def find_spans(request: SpansRequest) -> SpansReply:
    """Aggregate, as the command `spans aggregate` does; raises what the model raises."""
    read = [_read(one) for one in request.texts]
    outcome = aggregate([task for task, _ in read])
    found = [
        _found(spans, certainty, tokens)
        for spans, certainty, (_, tokens) in zip(outcome.spans, outcome.certainty, read, strict=True)
    ]
    parameters = {
        "method_used": "spans",
        "threshold": outcome.threshold,
        "f1_expected": outcome.f1_expected,
        "overlapping": outcome.overlapping,
    }
    return SpansReply(found=found, parameters=msgspec.json.encode(parameters))


def merge_found(
    found: FoundSpans, values: Sequence[Sequence[Any]], context: Context, weights: Sequence[float]
) -> Merged:
    """Return the spans that were found in a text, with the attributes that people gave them."""
    return Merged(chosen(values, context, weights, found.places), found.certainty, found.confidences)


def _read(one: AnsweredText) -> tuple[SpanTask, Tokens]:
    given = {
        who: spans
        for who, answer in zip(one.members, one.answers, strict=True)
        if (spans := _spans(answer)) is not None
    }
    text = _item(one.item).text
    read = tokenised(text, given, _spans(one.gold) if one.gold else None)
    return SpanTask(len(read.tokens.places), read.answers, read.known[0]), read.tokens


def _spans(answer: str) -> list[Span] | None:
    """Return the spans of an answer; None for one that says the text has none to give."""
    read = _answer(answer)
    if read.is_excused:
        return None
    return [Span(mark.start, mark.end, mark.label) for mark in read.spans]


def _found(spans: list[ScoredSpan], certainty: float, tokens: Tokens) -> FoundSpans:
    places = [tokens.place(one.span) for one in spans]
    return FoundSpans(
        [(*one,) for one in places], [min(1.0, one.confidence) for one in spans], min(1.0, certainty)
    )
