"""A set of answers, laid out for repeated passes; and what a model found in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotary.quality.aggregators.groups import Groups
from annotary.quality.aggregators.values import Answers, Integers, Reals

# From here on memory traffic is the cost, and single precision is far finer than what answers can tell.
_SINGLE_PRECISION_ANSWERS_MIN = 200_000


@dataclass(frozen=True, slots=True)
class Fit:
    """What a model found: (tasks, states) shares, (annotators, states, classes) matrices.

    A state is a class, or a kind of tasks within a class (`state_class` says which class); matrices say how
    often an annotator gives each class in each state. `state_shares` are the states' shares among all tasks.
    """

    states: Reals
    matrices: Reals
    state_class: Integers
    state_shares: Reals
    log_likelihood: float
    rounds: int
    parameters: Mapping[str, Any]

    def posterior(self, classes: int) -> Reals:
        """Return (tasks, classes): how likely each class is."""
        if len(self.state_class) == classes:
            return self.states
        member = self.state_class[:, None] == np.arange(classes)
        grouped: Reals = self.states @ member.astype(self.states.dtype)
        return grouped

    def skill(self) -> Reals:
        """Return the share of right answers expected of each annotator."""
        right = self.matrices[:, np.arange(len(self.state_class)), self.state_class]
        expected: Reals = right @ self.state_shares
        return expected


class Crowd:
    """Answers with the sums that models ask for."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.classes = answers.classes
        self.dtype: Any = np.float32 if len(answers) >= _SINGLE_PRECISION_ANSWERS_MIN else np.float64
        self.code = answers.annotator * answers.classes + answers.label
        weight = None if answers.weight is None else answers.weight.astype(self.dtype)
        by_task = Groups(answers.task, answers.tasks)
        self._over_tasks = by_task.bind(self.code, weight)
        self._votes = by_task.bind(answers.label, weight)
        self._over_codes = Groups(self.code, answers.annotators * answers.classes).bind(answers.task, weight)
        self.gold_task = np.fromiter(answers.gold.keys(), np.int64, len(answers.gold))
        self.gold_label = np.fromiter(answers.gold.values(), np.int64, len(answers.gold))
        self.answered = by_task.sizes > 0
        self.known = self.answered.copy()
        self.known[self.gold_task] = True

    def votes(self) -> Reals:
        """Return (tasks, classes): the weight of the answers for each class."""
        return self._votes.of(np.eye(self.classes, dtype=self.dtype))

    def scores(self, matrices: Reals) -> Reals:
        """Return (tasks, states): the log-likelihood of each task's answers in each state."""
        count, states, classes = matrices.shape
        table = np.log(matrices).transpose(0, 2, 1).reshape(count * classes, states)
        return self._over_tasks.of(np.ascontiguousarray(table, dtype=self.dtype))

    def counts(self, states: Reals) -> Reals:
        """Return (annotators, states, classes): how often each annotator gave each class in each state."""
        sums = self._over_codes.of(states).astype(np.float64)
        by_code = sums.reshape(self.answers.annotators, self.classes, -1)
        return np.ascontiguousarray(by_code.transpose(0, 2, 1))
