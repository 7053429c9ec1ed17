"""Spans over tokens, what people marked in each task, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Span(NamedTuple):
    """A stretch of a task's tokens, half open, with its label."""

    start: int
    end: int
    label: str


class SpanTask(NamedTuple):
    """A text of so many tokens, with the spans that each annotator marked; `gold` where they are known."""

    tokens: int
    answers: Mapping[str, Sequence[Span]]
    gold: Sequence[Span] | None = None


class ScoredSpan(NamedTuple):
    """A span of the outcome, and how probable the model finds exactly it."""

    span: Span
    confidence: float


class Annotator(NamedTuple):
    """How far one annotator's spans are those of the outcome: expected precision, recall and F1."""

    answers: int
    spans: int
    precision: float
    recall: float
    f1: float


class Aggregated(NamedTuple):
    """The spans of each task in the order of the text, and what is known of the annotators.

    `certainty` is, for each task, the mean probability of being right about each span that somebody marked,
    taken or not; 1 where nobody marked any.
    `threshold` is the least confidence of a span that was taken, `f1_expected` the F1 that the model expects
    of itself; `overlapping` counts marks left aside because a longer one of the same answer overlaps them.
    """

    spans: list[list[ScoredSpan]]
    certainty: list[float]
    annotators: dict[str, Annotator]
    threshold: float
    f1_expected: float
    iterations: int
    overlapping: int
