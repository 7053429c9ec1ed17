"""How one annotator marks, given the truth: what they see of spans, and which label they give them.

The sequential annotator model of Simpson and Gurevych (2019, "A Bayesian approach for sequence tagging with
crowds", EMNLP) in a smaller form: what somebody does at a token depends on the true state and on what they
did at the token before. Instead of a row of labels for every true label and every label before, there are

* a row over (outside, begin, inside) for each of eight situations: truly outside, beginning or inside; and
  whether a span of theirs is open, of the true type or of another one;
* a row over types for each true type and for no span, used where they begin a span.

Rows have Dirichlet priors centred on what all annotators do, worth _STRENGTH observations; the centre of the
types' rows is moved to the annotator's own accuracy. What all do has a prior too, a small share of right
actions: without it the model can take habits for the truth (a span that some begin late for two spans that
others run together). What counts is the mean logarithm of a row.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from annotary.quality.spans.observations import BEGIN, INSIDE, OUTSIDE, Observations
from annotary.quality.spans.values import Floats, Integers

_STRENGTH = 10.0
_ACCURACY_STRENGTH = 4.0
_RIGHT_SHARE = 0.02
_LEAST = 1e-12
# The least log-probability of anything: nobody is so sure that one token outweighs all others.
_LOG_LEAST = -30.0
# Situations: truly outside with none or a span open; beginning, then inside: none, the same type, another.
_TRULY_OUTSIDE = 0
_SITUATION_OF_PART = {BEGIN: 2, INSIDE: 5}
_NONE_OPEN, _SAME_OPEN, _OTHER_OPEN = 0, 1, 2
_POSSIBLE = np.ones((8, 3))
_POSSIBLE[[0, 2, 5], INSIDE] = 0.0
# What is right in a situation. Behind the beginning, with no span or one of another type open, nothing is.
_RIGHT = np.zeros((8, 3))
_RIGHT[[0, 1], OUTSIDE] = _RIGHT[[2, 3, 4], BEGIN] = _RIGHT[6, INSIDE] = 1.0
_TRUE_PART = np.array([0, 0, 1, 1, 1, 2, 2, 2])


class Rows(NamedTuple):
    """Log-probabilities: of parts (annotators, 8, 3), of types (annotators, types + 1, types); the last true
    type is none.
    """

    parts: Floats
    types: Floats


def learn(seen: Observations, posterior: Floats) -> Rows:
    """Return the rows of all annotators, given the states' posterior (tokens, 2 * types + 1)."""
    people, types = len(seen.annotators), len(seen.labels)
    parts = np.zeros(people * 8 * 3)
    cell = (seen.annotator * 8) * 3 + seen.part
    is_open = seen.before >= 0
    parts += _sum(cell + 3 * is_open, posterior[seen.token, 0], len(parts))
    for part, situation in _SITUATION_OF_PART.items():
        states = posterior[:, 1:][:, (part - BEGIN) * types : (part - BEGIN + 1) * types]
        whole = states.sum(axis=1)[seen.token]
        same = np.where(is_open, states[seen.token, np.maximum(seen.before, 0)], 0.0)
        parts += _sum(
            cell + 3 * (situation + np.where(is_open, _OTHER_OPEN, _NONE_OPEN)), whole - same, len(parts)
        )
        parts += _sum(cell + 3 * (situation + _SAME_OPEN), same, len(parts))
    return Rows(_part_rows(parts.reshape(people, 8, 3)), _type_rows(_type_counts(seen, posterior)))


def _part_rows(counts: Floats) -> Floats:
    pooled = counts.sum(axis=0)
    observed = np.bincount(_TRUE_PART, pooled.sum(axis=1))[_TRUE_PART]
    pooled += _POSSIBLE / 2 + _RIGHT_SHARE * observed[:, None] * _RIGHT
    pooled /= pooled.sum(axis=-1, keepdims=True)
    return np.where(_POSSIBLE > 0, _log_mean(counts + _STRENGTH * pooled), 0.0)


def _type_counts(seen: Observations, posterior: Floats) -> Floats:
    people, types = len(seen.annotators), len(seen.labels)
    begun = seen.part == BEGIN
    token, cell = seen.token[begun], seen.annotator[begun] * types + seen.type[begun]
    columns = [posterior[token, 1 + x] + posterior[token, 1 + types + x] for x in range(types)]
    counts = [_sum(cell, column, people * types) for column in [*columns, posterior[token, 0]]]
    return np.stack(counts).reshape(types + 1, people, types).swapaxes(0, 1)


def _type_rows(counts: Floats) -> Floats:
    types = counts.shape[-1]
    pooled = counts.sum(axis=0) + np.vstack(
        (0.3 / types + 0.7 * np.eye(types), np.full((1, types), 1 / types))
    )
    pooled /= pooled.sum(axis=-1, keepdims=True)
    right, all_ = np.einsum("kxx->k", counts[:, :types]), counts[:, :types].sum(axis=(1, 2))
    typical = (right.sum() + 0.7) / (all_.sum() + 1.0)
    own = (right + _ACCURACY_STRENGTH * typical) / (all_ + _ACCURACY_STRENGTH)
    odds = own / np.maximum(1 - own, _LEAST) * (1 - typical) / typical
    centre = np.repeat(pooled[None], len(counts), axis=0)
    places = np.arange(types)
    centre[:, places, places] *= odds[:, None]
    centre /= centre.sum(axis=-1, keepdims=True)
    return _log_mean(counts + _STRENGTH * centre)


def _log_mean(counts: Floats) -> Floats:
    """Return the mean logarithm under Dirichlet distributions with these parameters."""
    found: Floats = _digamma(np.maximum(counts, _LEAST)) - _digamma(counts.sum(axis=-1, keepdims=True))
    return np.maximum(found, _LOG_LEAST)


def _digamma(x: Floats) -> Floats:
    """Return the digamma function for x > 0, to 1e-9: the asymptotic series, moved by 6 (Abramowitz and
    Stegun 6.3.5 and 6.3.18).
    """
    y = x + 6.0
    squared = 1 / (y * y)
    series = np.log(y) - 0.5 / y - squared * (1 / 12 - squared * (1 / 120 - squared / 252))
    found: Floats = series - sum(1 / (x + step) for step in range(6))
    return found


def log_likelihood(seen: Observations, rows: Rows) -> Floats:
    """Return, for each token and state, the log-probability of all that annotators did there."""
    tokens, types = int(seen.offsets[-1]), len(seen.labels)
    who, part, before = seen.annotator, seen.part, seen.before
    is_open = before >= 0
    found = np.zeros((tokens, 2 * types + 1))
    found[:, 0] = _sum(seen.token, rows.parts[who, _TRULY_OUTSIDE + is_open, part], tokens)
    begun = part == BEGIN
    named = rows.types[who[begun], :, seen.type[begun]]
    for true_part, situation in _SITUATION_OF_PART.items():
        states = found[:, 1:][:, (true_part - BEGIN) * types : (true_part - BEGIN + 1) * types]
        other = rows.parts[who, situation + np.where(is_open, _OTHER_OPEN, _NONE_OPEN), part]
        states += _sum(seen.token, other, tokens)[:, None]
        more = (rows.parts[who, situation + _SAME_OPEN, part] - other)[is_open]
        states += _sum(seen.token[is_open] * types + before[is_open], more, tokens * types).reshape(
            tokens, types
        )
        for x in range(types):
            states[:, x] += _sum(seen.token[begun], named[:, x], tokens)
    found[:, 0] += _sum(seen.token[begun], named[:, types], tokens)
    return found


def _sum(places: Integers, values: Floats, size: int) -> Floats:
    found: Floats = np.bincount(places, values, size).astype(np.float64)
    return found
