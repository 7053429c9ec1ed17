"""Majority: every annotator counts the same.

The class with the most votes wins. A tie goes to the class with more votes over all tasks, then to the lower
number; the share of tied tasks is reported. Confidence is that of the model behind the rule: all annotators
are right with the same probability r, and wrong answers fall on the other K - 1 classes alike,

    P(class k | votes v)  ∝  exp(v[k] · log(r (K - 1) / (1 - r))),

where r follows from how often two answers to a task agree: agreement = r² + (1 - r)² / (K - 1).
"""

from __future__ import annotations

import numpy as np

from annotary.quality.aggregators.crowd import Crowd, Fit
from annotary.quality.aggregators.special import last_sum, row_max, soft_max
from annotary.quality.aggregators.values import Answers, Reals

# Added to the votes so that ties go by the classes' overall votes; less than any real difference of votes.
TIE_BREAK = 1e-4
_ACCURACY_MAX = 0.99
_ABOVE_CHANCE_MIN = 0.05


def fit_majority(crowd: Crowd) -> Fit:
    """Return the votes' outcome in the form that all models give."""
    classes, votes = crowd.classes, crowd.votes()
    accuracy = agreed_accuracy(votes)
    overall = votes.sum(axis=0, dtype=np.float64)
    ranked = votes + (TIE_BREAK * overall / max(overall.sum(), 1e-30)).astype(votes.dtype)
    states, log_evidence = soft_max(ranked * float(log_ratio(np.array(accuracy), classes)))
    states[crowd.gold_task] = np.eye(classes, dtype=states.dtype)[crowd.gold_label]
    matrix = np.full((classes, classes), (1 - accuracy) / max(classes - 1, 1))
    np.fill_diagonal(matrix, accuracy)
    return Fit(
        states=states,
        matrices=np.broadcast_to(matrix, (crowd.answers.annotators, classes, classes)),
        state_class=np.arange(classes),
        state_shares=np.full(classes, 1 / classes),
        log_likelihood=float(log_evidence[crowd.answered].sum(dtype=np.float64)),
        rounds=1,
        parameters={"accuracy": accuracy, "tie_rule": "more votes over all tasks, then the lower class"},
    )


def tie_share_of(answers: Answers) -> float:
    """Return the share of answered tasks in which two classes or more have the most votes."""
    cells = answers.task * answers.classes + answers.label
    votes = np.bincount(cells, answers.weight, answers.tasks * answers.classes)
    by_task = votes.reshape(answers.tasks, answers.classes)
    most = row_max(by_task)
    tied = last_sum((by_task >= most[:, None] * (1 - 1e-6)).astype(np.float64)) > 1
    answered = most > 0
    return float(tied[answered].mean())


def log_ratio(accuracy: Reals, classes: int) -> Reals:
    """Return what a vote of such accuracy weighs, in nats; 0 where there is only one class."""
    if classes == 1:
        return np.zeros_like(accuracy)
    weight: Reals = np.log(accuracy * (classes - 1) / (1 - accuracy))
    return weight


def agreed_accuracy(votes: Reals) -> float:
    """Return r, the root of agreement = r² + (1 - r)² / (K - 1) that is above chance."""
    classes = votes.shape[1]
    totals = votes.sum(axis=1, dtype=np.float64)
    # Weights below 1 would make pairs negative: an answer never disagrees with itself.
    pairs = np.maximum(totals * (totals - 1), 0).sum()
    agreeing = np.maximum(votes.astype(np.float64) * (votes - 1), 0).sum()
    agreement = (agreeing + 1) / (pairs + 2)
    chance = 1 / classes
    spread = max((agreement - chance) * (1 - chance), 0.0)
    return float(np.clip(chance + np.sqrt(spread), chance + _ABOVE_CHANCE_MIN, _ACCURACY_MAX))
