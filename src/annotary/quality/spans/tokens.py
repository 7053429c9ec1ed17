"""Tokens of a text, and spans over its code points as spans over its tokens; tags in BIO notation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from annotary.kernel.errors import Invalid
from annotary.quality.spans.values import Span

_WORD = re.compile(r"\w+|[^\w\s]")
_TAG = re.compile(r"O|([BI])-(.+)", re.DOTALL)


class Tokens:
    """The tokens of a text: words and marks, cut further wherever some span begins or ends.

    So every span is a whole number of tokens. White space belongs to none: a span loses it at both ends.
    """

    def __init__(self, text: str, spans: Iterable[Span]) -> None:
        edges = sorted({edge for span in spans for edge in (span.start, span.end)})
        self.places: list[tuple[int, int]] = []
        at = 0
        for word in _WORD.finditer(text):
            start, end = word.span()
            while at < len(edges) and edges[at] <= start:
                at += 1
            while at < len(edges) and edges[at] < end:
                self.places.append((start, edges[at]))
                start = edges[at]
                at += 1
            self.places.append((start, end))
        self._starts = {start: number for number, (start, _) in enumerate(self.places)}
        self._ends = {end: number for number, (_, end) in enumerate(self.places, 1)}
        self._text = text

    def of(self, span: Span) -> Span | None:
        """Return a span of code points as one of tokens; None where it holds nothing but white space."""
        start, end = span.start, span.end
        while start < end and start not in self._starts:
            start += 1
        while end > start and end not in self._ends:
            end -= 1
        return Span(self._starts[start], self._ends[end], span.label) if start < end else None

    def place(self, span: Span) -> Span:
        """Return a span of tokens as one of code points."""
        return Span(self.places[span.start][0], self.places[span.end - 1][1], span.label)


class Tokenised(NamedTuple):
    """What annotators marked in a text, and what is known of it, as spans over its tokens."""

    tokens: Tokens
    answers: dict[str, list[Span]]
    known: list[list[Span] | None]


def tokenised(text: str, answers: Mapping[str, Sequence[Span]], *known: Sequence[Span] | None) -> Tokenised:
    """Return spans of code points as spans over tokens that all of them are made of."""
    everything = [span for spans in (*answers.values(), *(one or () for one in known)) for span in spans]
    tokens = Tokens(text, everything)

    def moved(spans: Sequence[Span]) -> list[Span]:
        return [found for span in spans if (found := tokens.of(span)) is not None]

    return Tokenised(
        tokens,
        {who: moved(spans) for who, spans in answers.items()},
        [None if one is None else moved(one) for one in known],
    )


def spans_of_tags(tags: Sequence[str], path: str) -> list[Span]:
    """Return the spans of BIO tags; a lone I- begins a span too. Raises Invalid for another tag."""
    found: list[Span] = []
    start, label = 0, ""
    for at, tag in enumerate([*tags, "O"]):
        read = _TAG.fullmatch(tag)
        if read is None:
            raise Invalid(path=f"{path}/{at}", found=tag, expected="O, B-LABEL or I-LABEL")
        if label and (read[1] != "I" or read[2] != label):
            found.append(Span(start, at, label))
            label = ""
        if read[1] and not label:
            start, label = at, read[2]
    return found
