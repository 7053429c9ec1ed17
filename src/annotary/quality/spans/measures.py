"""How right spans are, where the truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from annotary.quality.spans.values import ScoredSpan, Span

_BINS = 10


class SpanScores(NamedTuple):
    """Precision, recall and F1 over all tasks' spans together (micro), and the calibration error."""

    precision: float
    recall: float
    f1: float
    ece: float


def score(
    outcome: Sequence[Sequence[ScoredSpan]], truth: Sequence[Sequence[Span] | None]
) -> SpanScores | None:
    """Return how far an outcome is the truth: a span counts only with the same start, end and label.

    Tasks without a truth do not count; None where no task has one. The calibration error is the mean distance
    between confidence and share of right spans, over ten bins of confidence.
    """
    judged = [(spans, set(true)) for spans, true in zip(outcome, truth, strict=True) if true is not None]
    if not judged:
        return None
    taken = [(one.confidence, one.span in true) for spans, true in judged for one in spans]
    right = sum(hit for _, hit in taken)
    there = sum(len(true) for _, true in judged)
    gaps = [0.0] * _BINS
    for confidence, hit in taken:
        gaps[min(_BINS - 1, int(confidence * _BINS))] += confidence - hit
    return SpanScores(
        precision=right / len(taken) if taken else 1.0,
        recall=right / there if there else 1.0,
        f1=2 * right / (len(taken) + there) if taken or there else 1.0,
        ece=sum(map(abs, gaps)) / len(taken) if taken else 0.0,
    )
