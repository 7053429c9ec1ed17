"""Hierarchical confusion: each annotator's matrix is shrunk to the pooled one as far as evidence asks.

Row k of annotator a is Dirichlet(c · m[a, k]). The centre m[a] is either the pooled matrix, itself shrunk and
tied to a's accuracy (pooled.py), or one coin. The concentration c is unknown and differs between annotators
(most are like the crowd, a few have habits of their own): each pair of centre and c of a short list, j, is
weighed by its evidence, and the rows are the mean over the list:

    P(j | a)  ∝  h[j] · prod over k of B(n[a, k] + c_j · m_j[a, k]) / B(c_j · m_j[a, k]),
    pi[a, k]  =  sum over j of P(j | a) · (n[a, k] + c_j · m_j[a, k]) / (n[a, k] + c_j),

with B the multivariate Beta function, n the expected counts and h learned over annotators: an empirical Bayes
form of H.-C. Kim and Z. Ghahramani, "Bayesian classifier combination", AISTATS 2012, and M. Venanzi et al.,
"Community-based Bayesian aggregation models", WWW 2014. With two *kinds* a class holds two sorts of tasks
(easy and hard, or two looks), each with its pooled row: answers to a task then depend on each other, after
Y. Li, B. Rubinstein and T. Cohn, "Exploiting worker correlation for label aggregation", ICML 2019.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from annotary.quality.aggregators.crowd import Crowd
from annotary.quality.aggregators.one_coin import shrunk_accuracy
from annotary.quality.aggregators.pooled import PooledPriors, pooled_rows, tied_centres
from annotary.quality.aggregators.special import last_sum, log_gamma, row_max
from annotary.quality.aggregators.values import Integers, Reals

Prior = tuple[str, float]  # a centre, "pooled" or "coin", and a concentration in answers a row
LISTED: tuple[Prior, ...] = (
    ("pooled", 2.0),
    ("pooled", 8.0),
    ("pooled", 32.0),
    ("pooled", 128.0),
    ("coin", 8.0),
    ("coin", 64.0),
)
# Twice the states drift more easily, so what is shared is held more firmly.
KINDS_PRIORS = PooledPriors(pooled_share=0.5)
# Weighing the list costs more than a round over the answers, and changes little after the first rounds.
WEIGHED_EACH_ROUND_UNTIL = 2
WEIGHED_EVERY_ROUNDS = 4
_RANKED_DECIMALS = 5


class Hierarchical:
    """The hierarchical confusion model."""

    def __init__(self, kinds: int = 1, listed: tuple[Prior, ...] = LISTED) -> None:
        self.listed, self.kinds = listed, kinds
        self.priors = PooledPriors() if kinds == 1 else KINDS_PRIORS
        self._shares = np.full(len(listed), 1 / len(listed))
        self._chosen: Reals = np.zeros((0, 0))
        self._round = 0

    def spread(self, start: Reals, crowd: Crowd) -> tuple[Reals, Integers]:
        """Return the start; with two kinds, tasks of high agreement lean to the first kind of each class."""
        if self.kinds == 1:
            return start, np.arange(crowd.classes)
        # Rounded: shares that are equal but for the order of a sum must have the same rank.
        agreement = row_max(start).round(_RANKED_DECIMALS)
        values, place = np.unique(agreement, return_inverse=True)
        at_or_below = np.cumsum(np.bincount(place, minlength=len(values)))[place]
        first = (at_or_below / len(agreement)).clip(0.1, 0.9).astype(start.dtype)[:, None]
        spread = np.stack([start * first, start * (1 - first)], axis=2).reshape(len(start), -1)
        return spread, np.repeat(np.arange(crowd.classes), 2)

    def matrices(self, counts: Reals, state_class: Integers) -> Reals:
        """Return the mean over the list of priors, each weighed by its evidence for each annotator."""
        centres = self._centres(counts, state_class)
        if self._round < WEIGHED_EACH_ROUND_UNTIL or self._round % WEIGHED_EVERY_ROUNDS == 0:
            self._chosen = self._weighed(counts, centres)
        self._round += 1
        sums = last_sum(counts)[:, :, None]
        matrices = np.zeros_like(counts)
        for chosen, (centre, answers) in zip(self._chosen, self.listed, strict=True):
            matrices += (counts + answers * centres[centre]) * (chosen[:, None, None] / (sums + answers))
        return matrices

    def parameters(self) -> dict[str, Any]:
        """Return the list of priors with the share of annotators that each was found to fit."""
        found = [
            {"centre": centre, "answers": answers, "share": round(float(share), 4)}
            for (centre, answers), share in zip(self.listed, self._shares, strict=True)
        ]
        return {"kinds": self.kinds, "priors": found}

    def _centres(self, counts: Reals, state_class: Integers) -> dict[str, Reals]:
        rows = pooled_rows(counts, state_class, self.priors)
        return {
            "pooled": tied_centres(counts, state_class, rows, self.priors),
            "coin": _coin_centres(counts, state_class),
        }

    def _weighed(self, counts: Reals, centres: dict[str, Reals]) -> Reals:
        """Return (list, annotators): how likely each prior is for each annotator; learns the shares."""
        sums = last_sum(counts)
        evidence = np.empty((len(self.listed), len(counts)))
        for at, (centre, answers) in enumerate(self.listed):
            prior = answers * centres[centre]
            rows = last_sum(log_gamma(counts + prior) - log_gamma(prior))
            evidence[at] = last_sum(rows + log_gamma(np.array(answers)) - log_gamma(sums + answers))
        chosen: Reals = self._shares[:, None] * np.exp(evidence - evidence.max(axis=0))
        chosen /= chosen.sum(axis=0)
        # The square root keeps each prior alive in small crowds and leaves large ones to what they show.
        shares = chosen.sum(axis=1) + np.sqrt(len(counts))
        self._shares = shares / shares.sum()
        return chosen


def _coin_centres(counts: Reals, state_class: Integers) -> Reals:
    classes = counts.shape[2]
    member = (state_class[:, None] == np.arange(classes)).astype(np.float64)
    accuracy = shrunk_accuracy(member.T @ counts)
    centres = np.broadcast_to(((1 - accuracy) / max(classes - 1, 1))[:, None, None], counts.shape).copy()
    centres[:, np.arange(len(state_class)), state_class] = accuracy[:, None]
    return centres
