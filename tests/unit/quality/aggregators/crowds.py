"""Made crowds of known truth: annotators of several sorts, rare classes, hard tasks, errors that agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotary.quality.aggregators import Answers
from annotary.quality.aggregators.values import Integers, Reals


@dataclass(frozen=True)
class Made:
    answers: Answers
    truth: Integers
    # (annotators, classes, classes): what each annotator says in each class.
    habits: Reals

    def right(self, label: Integers) -> float:
        return float((label == self.truth).mean())


def made_crowd(
    seed: int,
    *,
    tasks: int = 400,
    annotators: int = 40,
    classes: int = 3,
    answers_per_task: int = 5,
    accuracy: float = 0.7,
    habit: float = 0.5,
    spammers: float = 0.0,
    hard: float = 0.0,
    shares: tuple[float, ...] | None = None,
) -> Made:
    """Return a crowd; `habit`: how far annotators differ by class, `hard`: the share of decoys."""
    chance = np.random.default_rng(seed)
    of_class = np.full(classes, 1 / classes) if shares is None else np.array(shares)
    truth = chance.choice(classes, tasks, p=of_class)
    odds = np.log(accuracy / (1 - accuracy)) + 0.7 * chance.normal(size=(annotators, 1))
    diagonal = 1 / (1 + np.exp(-odds - habit * chance.normal(size=(annotators, classes))))
    habits = np.exp(habit * chance.normal(size=(annotators, classes, classes)))
    every = np.arange(classes)
    habits[:, every, every] = 0
    habits *= ((1 - diagonal) / habits.sum(axis=2))[:, :, None]
    habits[:, every, every] = diagonal
    careless = chance.random(annotators) < spammers
    habits[careless] = chance.dirichlet(np.full(classes, 0.5), careless.sum())[:, None, :]
    count = min(answers_per_task, annotators)
    who = np.argsort(chance.random((tasks, annotators)), axis=1)[:, :count].ravel()
    what = np.repeat(np.arange(tasks), count)
    seen = np.where(chance.random(tasks) < hard, (truth + 1) % classes, truth)
    taken_in = chance.random(len(what)) < 0.4
    rows = habits[who, np.where(taken_in, seen[what], truth[what])].cumsum(axis=1)
    label = (chance.random((len(what), 1)) * rows[:, -1:] > rows).sum(axis=1)
    answers = Answers.of(what, who, label, tasks=tasks, annotators=annotators, classes=classes)
    return Made(answers, truth, habits)
