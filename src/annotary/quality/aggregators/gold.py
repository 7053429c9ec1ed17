"""What gold shows of annotators before any model has seen the other answers.

Annotator a answered given[a] gold tasks, right[a] of them rightly; all together were right with r. Two things
follow, which EM alone would lose where many annotators say alike:

1. *Where to begin.* Votes are weighed by the log-odds of (right[a] + c · r) / (given[a] + c).
2. *Proven annotators.* One who was right on every gold task is either always right, or was lucky:

       P(always right | all right) / P(lucky | all right)  =  h / (1 - h) · r ** -given[a],

   with h one in twenty before any gold. A model's matrix is mixed with the matrix without errors by that
   probability, so no number of others outvotes whom gold has proven, however alike they speak.
"""

from __future__ import annotations

import numpy as np

from annotary.quality.aggregators.crowd import Crowd
from annotary.quality.aggregators.majority import agreed_accuracy, log_ratio
from annotary.quality.aggregators.one_coin import ACCURACY_MOST
from annotary.quality.aggregators.special import last_sum, soft_max
from annotary.quality.aggregators.values import Integers, Reals

PRIOR_ANSWERS = 4.0
ALWAYS_RIGHT_BEFORE = 0.05
# Even one who is proven may slip; more than all others together ever weigh.
SLIP = 1e-9
# What is left to all classes alike, so that no class is ruled out before any model has seen the answers.
LEFT_TO_ALL = 0.1


def first_guess(crowd: Crowd) -> Reals:
    """Return (tasks, classes) shares to begin with: of votes, or what gold and votes make likely."""
    classes = crowd.classes
    guess = _weighed_votes(crowd) if len(crowd.gold_task) and classes > 1 else _vote_shares(crowd)
    guess = ((1 - LEFT_TO_ALL) * guess + LEFT_TO_ALL / classes).astype(crowd.dtype)
    guess[crowd.gold_task] = np.eye(classes, dtype=crowd.dtype)[crowd.gold_label]
    return guess


def proven_shares(crowd: Crowd) -> Reals | None:
    """Return the probability that each annotator is always right; None without gold."""
    if not len(crowd.gold_task):
        return None
    given, right = _gold_record(crowd)
    overall = min(
        (right.sum() + PRIOR_ANSWERS / crowd.classes) / (given.sum() + PRIOR_ANSWERS), ACCURACY_MOST
    )
    log_lucky = given * np.log(overall) + np.log(1 / ALWAYS_RIGHT_BEFORE - 1)
    shares = np.where((given > 0) & (right == given), 1 / (1 + np.exp(log_lucky)), 0.0)
    return shares if shares.any() else None


def mixed_with_proof(matrices: Reals, state_class: Integers, proven: Reals) -> Reals:
    """Return (annotators, states, classes) matrices, each mixed with the matrix without errors."""
    right = np.arange(matrices.shape[2]) == state_class[:, None]
    without_errors = np.where(right, 1 - SLIP, SLIP / max(matrices.shape[2] - 1, 1))
    share = proven[:, None, None]
    mixed: Reals = (1 - share) * matrices + share * without_errors
    return mixed


def _gold_record(crowd: Crowd) -> tuple[Reals, Reals]:
    """Return the weight of each annotator's answers to gold tasks, and of the right ones among them."""
    answers = crowd.answers
    known = np.full(answers.tasks, -1)
    known[crowd.gold_task] = crowd.gold_label
    asked = known[answers.task]
    weight = np.ones(len(answers)) if answers.weight is None else answers.weight
    given = np.bincount(answers.annotator, weight * (asked >= 0), answers.annotators)
    right = np.bincount(answers.annotator, weight * (asked == answers.label), answers.annotators)
    return given, right


def _vote_shares(crowd: Crowd) -> Reals:
    votes = crowd.votes()
    total = last_sum(votes)[:, None]
    shares: Reals = np.where(total > 0, votes / np.maximum(total, 1e-30), 1 / crowd.classes)
    return shares


def _weighed_votes(crowd: Crowd) -> Reals:
    answers, classes = crowd.answers, crowd.classes
    given, right = _gold_record(crowd)
    accuracy = (right + PRIOR_ANSWERS * agreed_accuracy(crowd.votes())) / (given + PRIOR_ANSWERS)
    weight = log_ratio(accuracy, classes)[answers.annotator]
    if answers.weight is not None:
        weight = weight * answers.weight
    scores = np.bincount(answers.task * classes + answers.label, weight, answers.tasks * classes)
    return soft_max(scores.reshape(answers.tasks, classes))[0]
