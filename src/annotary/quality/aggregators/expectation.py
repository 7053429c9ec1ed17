"""Expectation and maximisation, the loop that every model but majority runs.

Given each annotator's matrix pi[a, s, l] = P(answer l | state s) and the shares p[s] of states among tasks,

    P(state s | answers of t)  ∝  p[s] · prod over answers (a, l) of t of pi[a, s, l] ** weight,

and given these, a model estimates its matrices anew from the expected counts. A. P. Dawid and A. M. Skene,
"Maximum likelihood estimation of observer error-rates using the EM algorithm", Applied Statistics 28 (1979).
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from annotary.quality.aggregators.crowd import Crowd, Fit
from annotary.quality.aggregators.gold import mixed_with_proof, proven_shares
from annotary.quality.aggregators.special import soft_max
from annotary.quality.aggregators.values import Integers, Reals

ROUNDS_MOST = 40
# Large sets settle in fewer rounds: what all annotators share is soon known.
_ROUNDS_MIN = 6
_ANSWERS_PASSED_MAX = 6_000_000
# A round that moves tasks by less than this on average (total variation) is the last.
_CHANGE_MIN = 2e-4
STATE_PRIOR_TASKS = 0.5
IMPOSSIBLE = -1e30


class Model(Protocol):
    """How matrices come from counts; a model is made anew for each fit and may remember between rounds."""

    def spread(self, start: Reals, crowd: Crowd) -> tuple[Reals, Integers]:
        """Return the first (tasks, states) shares, and the class of each state."""

    def matrices(self, counts: Reals, state_class: Integers) -> Reals:
        """Return (annotators, states, classes) from counts of the same shape; every row sums to 1."""

    def parameters(self) -> dict[str, Any]:
        """Return what the model was set to and what it learned, to be kept beside the outcome."""


def fit(crowd: Crowd, model: Model, start: Reals, rounds_max: int) -> Fit:
    """Return what a model finds, beginning with (tasks, classes) shares, in at most so many rounds."""
    states, state_class = model.spread(start, crowd)
    rounds_max = min(rounds_max, max(_ANSWERS_PASSED_MAX // len(crowd.answers), _ROUNDS_MIN))
    proven = proven_shares(crowd)
    rounds, change = 0, 1.0
    while rounds < rounds_max and change >= _CHANGE_MIN:
        matrices = model.matrices(crowd.counts(states), state_class)
        if proven is not None:
            matrices = mixed_with_proof(matrices, state_class, proven)
        state_shares = _state_shares(states, crowd)
        found, log_evidence = infer(crowd, matrices, state_class, state_shares)
        change = float(np.abs(found - states).sum()) / (2 * len(found))
        states, rounds = found, rounds + 1
    return Fit(
        states=states,
        matrices=matrices,
        state_class=state_class,
        state_shares=state_shares,
        log_likelihood=float(log_evidence[crowd.answered].sum(dtype=np.float64)),
        rounds=rounds,
        parameters=model.parameters(),
    )


def infer(crowd: Crowd, matrices: Reals, state_class: Integers, state_shares: Reals) -> tuple[Reals, Reals]:
    """Return (tasks, states) shares and each task's log-evidence; gold leaves its class's states alone."""
    scores = crowd.scores(matrices)
    scores += np.log(state_shares).astype(scores.dtype)
    if len(crowd.gold_task):
        scores[crowd.gold_task] += np.where(state_class == crowd.gold_label[:, None], 0, IMPOSSIBLE)
    return soft_max(scores)


def _state_shares(states: Reals, crowd: Crowd) -> Reals:
    shares = (crowd.known.astype(states.dtype) @ states).astype(np.float64) + STATE_PRIOR_TASKS
    normalised: Reals = shares / shares.sum()
    return normalised
