"""Annotators' matrices from expected counts, for a few annotators at a time.

The priors are those of the hierarchical aggregator: a row of an annotator's matrix is drawn to the crowd's,
with the diagonal moved to the annotator's own accuracy, or to one coin, as firmly as the evidence asks; see
`quality/aggregators/hierarchical.py` for the formulas and their sources. That file estimates all annotators
from all answers; here what is shared (`Shared`) is kept, so that one annotator costs the same in any crowd.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from annotary.quality.aggregators.hierarchical import LISTED
from annotary.quality.aggregators.one_coin import (
    ABOVE_CHANCE_LEAST,
    ACCURACY_LEAST,
    ACCURACY_MOST,
    PRIOR_ANSWERS,
)
from annotary.quality.aggregators.pooled import PooledPriors, pooled_rows, tied_centres
from annotary.quality.aggregators.special import last_sum, log_gamma
from annotary.quality.aggregators.values import Reals

# What is believed of a crowd nobody has seen: so right, and as firmly as so many answers a class say.
FIRST_ACCURACY = 0.75
FIRST_ANSWERS = 2.0
PRIORS = PooledPriors()
_STRENGTHS = np.array([answers for _, answers in LISTED])
_IS_COIN = np.array([centre == "coin" for centre, _ in LISTED])


class Shared(NamedTuple):
    """What annotators have in common: the pooled rows (states, classes), their accuracy, and how common each
    prior of the list is among them.
    """

    rows: Reals
    accuracy: float
    shares: Reals


def _believed(classes: int) -> Reals:
    """Return (states, classes): the counts that stand for what is believed before any answer."""
    totals = np.full((classes, classes), FIRST_ANSWERS * (1 - FIRST_ACCURACY) / max(classes - 1, 1))
    np.fill_diagonal(totals, FIRST_ANSWERS * (FIRST_ACCURACY if classes > 1 else 1.0))
    return totals


def even_shares() -> Reals:
    """Return equal shares of the list of priors."""
    return np.full(len(LISTED), 1 / len(LISTED))


def shared(totals: Reals, shares: Reals) -> Shared:
    """Return what annotators with these (states, classes) counts in all have in common."""
    classes = len(totals)
    totals = totals + _believed(classes)
    rows = pooled_rows(totals[None], np.arange(classes), PRIORS)
    accuracy = max(float(np.trace(totals) / totals.sum()), 1 / classes + ABOVE_CHANCE_LEAST)
    return Shared(rows, accuracy, shares)


def centres(counts: Reals, crowd: Shared) -> Reals:
    """Return (list, annotators, states, classes): where each prior draws each annotator's matrix to."""
    classes = counts.shape[2]
    state_class = np.arange(classes)
    pooled = tied_centres(counts, state_class, crowd.rows, PRIORS)
    right = last_sum(counts[:, state_class, state_class])
    answers = last_sum(last_sum(counts))
    accuracy = (right + PRIOR_ANSWERS * crowd.accuracy) / (answers + PRIOR_ANSWERS)
    accuracy = accuracy.clip(ACCURACY_LEAST, ACCURACY_MOST)
    coin = np.empty_like(counts)
    coin[:] = ((1 - accuracy) / max(classes - 1, 1))[:, None, None]
    coin[:, state_class, state_class] = accuracy[:, None]
    return np.where(_IS_COIN[:, None, None, None], coin, pooled)


def weighed(counts: Reals, towards: Reals, shares: Reals) -> Reals:
    """Return (list, annotators): how likely each prior is for each annotator."""
    prior = _STRENGTHS[:, None, None, None] * towards
    rows = last_sum(log_gamma(counts + prior) - log_gamma(prior))
    strengths = _STRENGTHS[:, None, None]
    evidence = last_sum(rows + log_gamma(strengths) - log_gamma(last_sum(counts) + strengths))
    chosen: Reals = shares[:, None] * np.exp(evidence - evidence.max(axis=0))
    chosen /= chosen.sum(axis=0)
    return chosen


def matrices(counts: Reals, towards: Reals, chosen: Reals) -> Reals:
    """Return (annotators, states, classes): the mean over the list of priors as they were weighed."""
    strengths = _STRENGTHS[:, None, None, None]
    share = chosen[:, :, None, None] / (last_sum(counts)[:, :, None] + strengths)
    mean: Reals = ((counts + strengths * towards) * share).sum(axis=0)
    return mean


def learned_shares(chosen: Reals) -> Reals:
    """Return how common each prior is, from (list, annotators); no prior dies out in a small crowd."""
    shares = chosen.sum(axis=1) + np.sqrt(chosen.shape[1])
    found: Reals = shares / shares.sum()
    return found
