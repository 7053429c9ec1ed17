"""Spans of a whole project: a hidden chain of true states, seen through each annotator's own habits.

The truth is a Markov chain over the tokens of a task: outside, the beginning of a span of each label, its
inside. What an annotator does at a token depends on the true state and on what they did at the token before
(`annotator_model`). States and habits are found in turn (variational Bayes: Simpson and Gurevych 2019, EMNLP;
with a hidden Markov chain also Nguyen et al. 2017, ACL), from the votes on each token. Then every span that
somebody marked gets its exact probability, and those are taken that make the expected F1 largest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annotary.quality.spans import annotator_model, chain
from annotary.quality.spans.candidates import Candidates, best_threshold, candidates_of, posterior_of, take
from annotary.quality.spans.observations import NONE, Observations, observe, states_of
from annotary.quality.spans.values import (
    Aggregated,
    Annotator,
    Floats,
    Integers,
    ScoredSpan,
    Span,
    SpanTask,
)

_ROUNDS_MAX = 50
_SETTLED = 1e-3
_VOTE_SMOOTHING = 0.05
_KNOWN = 1e3


def aggregate(tasks: Sequence[SpanTask]) -> Aggregated:
    """Return the spans of each task with their probability, and each annotator's expected F1.

    Only spans that somebody marked come out, and none overlaps another. Neither the order of tasks and
    annotators nor their names matter. Raises Invalid for spans outside their task, TooLarge for too many.
    """
    seen = observe(tasks)
    if not seen.labels or not len(seen.known):
        annotators = _annotators(tasks, seen, None, np.zeros(0))
        return Aggregated([[] for _ in tasks], [1.0] * len(tasks), annotators, 0.5, 1.0, 0, 0)
    types = len(seen.labels)
    posterior = _votes(seen)
    moves = chain.start(seen.offsets, posterior, types)
    rounds, moved = 0, np.inf
    while moved > _SETTLED and rounds < _ROUNDS_MAX:
        rounds += 1
        rows = annotator_model.learn(seen, posterior)
        evidence = _with_known(annotator_model.log_likelihood(seen, rows), seen)
        passed = chain.forward_backward(seen.offsets, evidence, moves)
        moved = float(np.abs(passed.posterior - posterior).max())
        posterior = passed.posterior
        moves = chain.learn(seen.offsets, passed, moves, types)
    passed = chain.forward_backward(seen.offsets, evidence, moves)
    found = candidates_of(tasks, seen)
    probability = np.clip(posterior_of(found, seen.offsets, passed, moves), 0.0, 1.0)
    threshold, f1_expected = best_threshold(probability)
    spans: list[list[ScoredSpan]] = [[] for _ in tasks]
    taken = take(found, probability, threshold)
    for place in taken.tolist():
        spans[int(found.task[place])].append(ScoredSpan(_span(found, place, seen), float(probability[place])))
    annotators = _annotators(tasks, seen, found, probability)
    certainty = _certainty(found, probability, taken, len(tasks))
    return Aggregated(spans, certainty, annotators, threshold, f1_expected, rounds, seen.overlapping)


def _votes(seen: Observations) -> Floats:
    """Return the shares of the votes for each state at each token."""
    shape = (len(seen.known), 2 * len(seen.labels) + 1)
    state = states_of(seen.part, seen.type, len(seen.labels))
    counts = np.bincount(seen.token * shape[1] + state, minlength=shape[0] * shape[1]).reshape(shape)
    votes = _with_known(np.log(counts + _VOTE_SMOOTHING), seen)
    shares: Floats = np.exp(votes - votes.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _with_known(evidence: Floats, seen: Observations) -> Floats:
    """Return evidence that leaves no doubt where gold is known."""
    known = np.flatnonzero(seen.known != NONE)
    evidence[known, seen.known[known]] += _KNOWN
    return evidence


def _certainty(found: Candidates, probability: Floats, taken: Integers, tasks: int) -> list[float]:
    right = 1 - probability
    right[taken] = probability[taken]
    marked = np.bincount(found.task, minlength=tasks)
    sums = np.bincount(found.task, right, minlength=tasks)
    means: list[float] = np.where(marked, sums / np.maximum(marked, 1), 1.0).tolist()
    return means


def _span(found: Candidates, place: int, seen: Observations) -> Span:
    first = int(seen.offsets[found.task[place]])
    label = seen.labels[int(found.type[place])]
    return Span(int(found.start[place]) - first, int(found.end[place]) - first, label)


def _annotators(
    tasks: Sequence[SpanTask], seen: Observations, found: Candidates | None, probability: Floats
) -> dict[str, Annotator]:
    """Return how much of what each annotator marked, and of what there was to mark, is right."""
    worth: list[dict[Span, float]] = [{} for _ in tasks]
    for place in range(len(probability)) if found else ():
        assert found
        worth[int(found.task[place])][_span(found, place, seen)] = float(probability[place])
    counts = {name: [0, 0, 0.0, 0.0] for name in seen.annotators}
    for task, worths in zip(tasks, worth, strict=True):
        there = sum(worths.values())
        for name, spans in task.answers.items():
            right = sum(worths.get(span, 0.0) for span in set(spans))
            for place, more in enumerate((1, len(set(spans)), right, there)):
                counts[name][place] += more
    return {name: _annotator(*each) for name, each in counts.items()}


def _annotator(answers: float, spans: float, right: float, there: float) -> Annotator:
    return Annotator(
        int(answers),
        int(spans),
        precision=right / spans if spans else 1.0,
        recall=right / there if there else 1.0,
        f1=2 * right / (spans + there) if spans + there else 1.0,
    )
