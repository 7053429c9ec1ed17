"""What annotators did at each token, as arrays: began a span, went on with it, or left the token alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from annotary.kernel.errors import Invalid, TooLarge
from annotary.kernel.limits import SPAN_CELLS_MAX
from annotary.quality.spans.values import Integers, Span, SpanTask

OUTSIDE, BEGIN, INSIDE = 0, 1, 2
NONE = -1


class Observations(NamedTuple):
    """All tasks' tokens in a row, and all answers' tokens in a row.

    `offsets` (tasks + 1): where each task's tokens begin. For each token of an answer: `token` (which),
    `annotator`, `part` (outside, begin, inside), `type` of the span and `before`, the type of the span that
    the annotator had at the token before; NONE outside. `known` (tokens): the state where gold says it.
    """

    labels: list[str]
    annotators: list[str]
    offsets: Integers
    token: Integers
    annotator: Integers
    part: Integers
    type: Integers
    before: Integers
    known: Integers
    overlapping: int


def observe(tasks: Sequence[SpanTask]) -> Observations:
    """Return what was seen in tasks; raises Invalid for a span that lies outside, TooLarge for too many."""
    labels = sorted({span.label for task in tasks for spans in _all(task) for span in spans})
    annotators = sorted({name for task in tasks for name in task.answers})
    offsets = np.concatenate(([0], np.cumsum([task.tokens for task in tasks], dtype=np.int64)))
    cells = int(offsets[-1]) * (2 * len(labels) + 1) + len(annotators) * (len(labels) + 1) ** 2
    if cells > SPAN_CELLS_MAX:
        detail = f"{int(offsets[-1]):,} tokens of {len(labels)} labels by {len(annotators):,} annotators"
        raise TooLarge(f"Too much for the span model: {detail}; aggregate fewer tasks at a time.")
    number_of = {label: number for number, label in enumerate(labels)}
    place_of = {name: number for number, name in enumerate(annotators)}
    known = np.full(int(offsets[-1]), NONE, dtype=np.int64)
    rows: list[Integers] = []
    overlapping = 0
    for index, task in enumerate(tasks):
        first = int(offsets[index])
        for name, spans in task.answers.items():
            part, kind, dropped = _parts(spans, task.tokens, number_of, f"/tasks/{index}/answers/{name}")
            overlapping += dropped
            before = np.concatenate(([NONE], kind[:-1]))[: task.tokens]
            token = np.arange(first, first + task.tokens)
            rows.append(np.stack((token, np.full(task.tokens, place_of[name]), part, kind, before)))
        if task.gold is not None:
            part, kind, _ = _parts(task.gold, task.tokens, number_of, f"/tasks/{index}/gold")
            known[first : first + task.tokens] = states_of(part, kind, len(labels))
    table = np.concatenate(rows, axis=1) if rows else np.zeros((5, 0), dtype=np.int64)
    token, annotator, part, kind, before = table
    return Observations(labels, annotators, offsets, token, annotator, part, kind, before, known, overlapping)


def states_of(part: Integers, kind: Integers, types: int) -> Integers:
    """Return states: 0 outside, then the beginning of each type, then the inside of each type."""
    return np.where(part == OUTSIDE, 0, 1 + kind + np.where(part == INSIDE, types, 0))


def _all(task: SpanTask) -> list[Sequence[Span]]:
    return [*task.answers.values(), *([task.gold] if task.gold is not None else [])]


def _parts(
    spans: Sequence[Span], tokens: int, number_of: dict[str, int], path: str
) -> tuple[Integers, Integers, int]:
    """Return each token's part and type; of spans that overlap the longest counts."""
    part = np.zeros(tokens, dtype=np.int64)
    kind = np.full(tokens, NONE, dtype=np.int64)
    dropped = 0
    for span in sorted(spans, key=lambda span: (span.start - span.end, span)):
        if not 0 <= span.start < span.end <= tokens:
            expected = f"a span within the {tokens} tokens"
            raise Invalid(path=path, found=f"{span.start} to {span.end}", expected=expected)
        if part[span.start : span.end].any():
            dropped += 1
            continue
        part[span.start : span.end], kind[span.start : span.end] = INSIDE, number_of[span.label]
        part[span.start] = BEGIN
    return part, kind, dropped
