"""What annotators have in common: the pooled matrix, shrunk, and drawn towards each one's own accuracy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotary.quality.aggregators.one_coin import ABOVE_CHANCE_LEAST, ACCURACY_MOST
from annotary.quality.aggregators.special import last_sum, log_odds
from annotary.quality.aggregators.values import Integers, Reals


@dataclass(frozen=True, slots=True)
class PooledPriors:
    """How strongly what is shared is held, in answers (and, `pooled_share`, as a share of the answers).

    A share that does not vanish in large sets keeps a class from drifting into another's place.
    """

    accuracy_answers: float = 4.0
    pooled_answers: float = 5.0
    pooled_share: float = 0.2
    kind_answers: float = 20.0


def pooled_rows(counts: Reals, state_class: Integers, priors: PooledPriors) -> Reals:
    """Return (states, K): how all annotators together answer in each state.

    The rows of the classes are drawn to one accuracy for all classes with evenly spread errors; where a
    class has several kinds of tasks, the row of each kind is drawn to that of its class.
    """
    totals = counts.sum(axis=0)
    classes = totals.shape[1]
    member = (state_class[:, None] == np.arange(classes)).astype(np.float64)
    by_class = member.T @ totals
    # Never quite 1: where all agree, no error would be possible at all, and rounding makes some negative.
    accuracy = np.clip(np.trace(by_class) / by_class.sum(), 1 / classes + ABOVE_CHANCE_LEAST, ACCURACY_MOST)
    even = np.full((classes, classes), (1 - accuracy) / max(classes - 1, 1))
    np.fill_diagonal(even, accuracy)
    rows = _drawn(by_class, even, priors.pooled_answers * classes, priors.pooled_share)
    if len(state_class) == classes:
        return rows
    return _drawn(totals, member @ rows, priors.kind_answers * classes, priors.pooled_share)


def tied_centres(counts: Reals, state_class: Integers, rows: Reals, priors: PooledPriors) -> Reals:
    """Return (annotators, states, K): the pooled rows, each annotator's diagonal moved to their own accuracy.

    With e[a] the share right expected of a by the pooled rows, and o[a] the share found (drawn to e[a] by
    `accuracy_answers`), the odds of every diagonal are multiplied by odds(o[a]) / odds(e[a]); errors keep
    their pooled proportions. So one answer in any class tells about all classes.
    """
    states = np.arange(len(state_class))
    diagonal = rows[states, state_class].clip(0.01, 0.99)
    by_state = last_sum(counts)
    answers = last_sum(by_state)
    expected = ((by_state @ diagonal + 1e-9) / (answers + 2e-9)).clip(0.02, 0.98)
    right = last_sum(counts[:, states, state_class])
    found = (right + priors.accuracy_answers * expected) / (answers + priors.accuracy_answers)
    shift = log_odds(found.clip(0.02, 0.98)) - log_odds(expected)
    own = 1 / (1 + np.exp(-(log_odds(diagonal) + shift[:, None])))
    centres = rows * ((1 - own) / (1 - diagonal))[:, :, None]
    centres[:, states, state_class] = own
    normalised: Reals = centres / last_sum(centres)[:, :, None]
    return normalised


def _drawn(totals: Reals, towards: Reals, answers: float, share: float) -> Reals:
    sums = totals.sum(axis=1, keepdims=True)
    strength = answers + share * sums
    drawn: Reals = (totals + strength * towards) / (sums + strength)
    return drawn
