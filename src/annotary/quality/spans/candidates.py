"""The spans that somebody marked: how probable each is, and which of them to take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from annotary.quality.spans.chain import Chain, Passed
from annotary.quality.spans.observations import Observations
from annotary.quality.spans.values import Floats, Integers, Span, SpanTask


class Candidates(NamedTuple):
    """Distinct spans, in the order of tasks and tokens: task, first token, token behind the last, type."""

    task: Integers
    start: Integers
    end: Integers
    type: Integers


def candidates_of(tasks: Sequence[SpanTask], seen: Observations) -> Candidates:
    """Return every span that an annotator, or gold, marked in a task; starts and ends count all tokens."""
    number_of = {label: number for number, label in enumerate(seen.labels)}
    rows: list[tuple[int, int, int, int]] = []
    for index, task in enumerate(tasks):
        marked: set[Span] = {span for spans in task.answers.values() for span in spans}
        marked.update(task.gold or ())
        first = int(seen.offsets[index])
        rows += sorted((index, first + one.start, first + one.end, number_of[one.label]) for one in marked)
    return Candidates(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)


def posterior_of(found: Candidates, offsets: Integers, passed: Passed, chain: Chain) -> Floats:
    """Return the probability of each candidate being a span of the truth, exactly and with its label."""
    types = chain.first.size // 2
    begin, inside = 1 + found.type, 1 + types + found.type
    probability = passed.forward[found.start, begin]
    # Going on inside from one token to the next: the sum of logarithms from the span's third token on.
    places = np.arange(types)
    stay = np.diagonal(chain.following)[1 + types :]
    step = np.log(stay * passed.evidence[:, 1 + types + places])
    reached = np.vstack((np.zeros((1, types)), step.cumsum(axis=0)))
    is_long = found.end - found.start > 1
    second = np.minimum(found.start + 1, len(step) - 1)
    entered = chain.following[begin, inside] * passed.evidence[second, inside]
    passed_on = np.exp(reached[found.end, found.type] - reached[second + 1, found.type])
    probability = probability * np.where(is_long, entered * passed_on, 1.0)
    return probability * _ending(found, offsets, passed, chain, np.where(is_long, inside, begin), inside)


def _ending(
    found: Candidates, offsets: Integers, passed: Passed, chain: Chain, last: Integers, inside: Integers
) -> Floats:
    """Return how probable it is that the span does not go on: certain at the end of the text."""
    goes_on = found.end < offsets[found.task + 1]
    behind = np.minimum(found.end, len(passed.evidence) - 1)
    ways = chain.following[last] * passed.evidence[behind] * passed.backward[behind]
    other = ways.sum(axis=1) - np.take_along_axis(ways, inside[:, None], axis=1)[:, 0]
    return np.where(goes_on, other, 1.0)


def best_threshold(probability: Floats) -> tuple[float, float]:
    """Return the least probability of a span to take for the largest expected F1, and that F1.

    The threshold is half of the F1 that it gives (Lipton, Elkan and Naryanaswamy 2014, "Optimal thresholding
    of classifiers to maximize F1 measure").
    """
    if not len(probability):
        return 0.5, 1.0
    ordered = np.sort(probability)[::-1]
    expected = 2 * ordered.cumsum() / np.maximum(np.arange(1, len(ordered) + 1) + ordered.sum(), 1e-12)
    best = float(min(1.0, expected.max()))
    return best / 2, best


def take(found: Candidates, probability: Floats, threshold: float) -> Integers:
    """Return the places of the spans to take: the most probable first, unless it overlaps one taken."""
    taken: set[int] = set()
    chosen = []
    for place in np.argsort(-probability, kind="stable").tolist():
        if probability[place] < threshold:
            break
        covered = range(int(found.start[place]), int(found.end[place]))
        if taken.isdisjoint(covered):
            taken.update(covered)
            chosen.append(place)
    return np.array(sorted(chosen), dtype=np.int64)
