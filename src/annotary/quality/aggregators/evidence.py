"""Evidence for models: how well each foretells answers, and gold, that were kept from it.

For an answer l of annotator a to task t that was left out, a model fitted to the rest foretells

    P(l) = sum over s of P(state s | the other answers of t) · pi[a, s, l].

Models are then stacked: the mixture weights that make all left-out answers most likely, found by EM, which
rises at every step. D. H. Wolpert, "Stacked generalization", Neural Networks 5 (1992); Y. Yao et al., "Using
stacking to average Bayesian predictive distributions", Bayesian Analysis 13 (2018).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotary.quality.aggregators.crowd import Fit
from annotary.quality.aggregators.folds import answer_hashes, balanced_folds, task_draws, task_folds
from annotary.quality.aggregators.sharpness import POWERS, best_power, sharpened
from annotary.quality.aggregators.values import Answers, Integers, Reals

Chosen = npt.NDArray[np.bool_]

FOLDS = 5
# As many folds are held out in turn as give about so many left-out answers.
LEFT_OUT_WANTED = 6_000
# Gold is what is asked for, answers only stand in for it: all left out together count as so many gold tasks.
ANSWERS_AS_GOLD = 20.0
_STACKING_ROUNDS_MAX = 200
_STACKING_CHANGE_MIN = 1e-4
_LIKELIHOOD_MIN = 1e-9


@dataclass(frozen=True, slots=True)
class Split:
    """Answers that are shown to the models, and answers and gold that are left out."""

    shown: Answers
    left: Answers
    gold_task: Integers
    gold_label: Integers

    def foretold(self, found: Fit) -> Reals:
        """Return (powers, left out): how likely each answer and gold that was left out was to the model,
        fitted to what was shown, at each power of its posterior.
        """
        states, gold = found.states[self.left.task], found.posterior(self.shown.classes)[self.gold_task]
        said = found.matrices[self.left.annotator, :, self.left.label]
        rows = []
        for power in POWERS.tolist():
            of_answers = np.einsum("is,is->i", sharpened(states, power), said)
            of_gold = sharpened(gold, power)[np.arange(len(gold)), self.gold_label]
            rows.append(np.concatenate([of_answers, of_gold]))
        both: Reals = np.stack(rows).astype(np.float64).clip(_LIKELIHOOD_MIN, None)
        return both

    def answer_weights(self) -> Reals:
        """Return what each left-out answer counts."""
        return np.ones(len(self.left)) if self.left.weight is None else self.left.weight


@dataclass(frozen=True, slots=True)
class Evidence:
    """The weight of each model in the mixture, and each model's mean log-likelihood of a left-out answer;
    `power` is how sharp the mixture may be (sharpness.py).
    """

    weights: dict[str, float]
    held_out: dict[str, float]
    mixture: float
    left_out: int
    power: float = 1.0


def fold_splits(answers: Answers) -> Iterator[Split]:
    """Yield splits that leave out a fifth of each task's answers, and of the gold, each in turn."""
    by_answer, by_task = answer_hashes(answers)
    folds = int(np.clip(np.ceil(LEFT_OUT_WANTED * FOLDS / len(answers)), 1, FOLDS))
    fold, task_fold = balanced_folds(answers, by_answer, by_task, FOLDS), task_folds(by_task, FOLDS)
    for held in range(folds):
        out = fold == held
        if out.any() and not out.all():
            yield _split(answers, out, {task for task in answers.gold if task_fold[task] == held})


def large_split(answers: Answers) -> tuple[Split, Chosen]:
    """Return one split that leaves out an answer, and the gold, of some tasks; and which tasks these are.

    What is left out is so little that what models learn from the rest serves for all answers.
    """
    drawn = task_draws(answers) < LEFT_OUT_WANTED / answers.tasks
    candidates = np.flatnonzero(drawn[answers.task])
    among = part(answers, drawn[answers.task])
    by_answer, _ = answer_hashes(among)
    order = np.lexsort((by_answer, among.task))
    tasks = among.task[order]
    # The first answer of each drawn task that has a second one.
    first = np.concatenate([[True], tasks[1:] != tasks[:-1]]) if len(tasks) else np.zeros(0, bool)
    alone = first & np.concatenate([first[1:], [True]]) if len(tasks) else first
    out = np.zeros(len(answers), bool)
    out[candidates[order[first & ~alone]]] = True
    return _split(answers, out, {task for task in answers.gold if drawn[task]}), drawn


def part(answers: Answers, kept: Chosen) -> Answers:
    """Return the answers that are kept; numbers stay as they are."""
    return replace(
        answers,
        task=answers.task[kept],
        annotator=answers.annotator[kept],
        label=answers.label[kept],
        weight=None if answers.weight is None else answers.weight[kept],
    )


def stack(likelihoods: Reals, row_weights: Reals) -> Reals:
    """Return the mixture weights (models) that make the rows of (left out, models) most likely together."""
    weights = np.full(likelihoods.shape[1], 1 / likelihoods.shape[1])
    for _ in range(_STACKING_ROUNDS_MAX):
        found = weights * ((row_weights / (likelihoods @ weights)) @ likelihoods) / row_weights.sum()
        change = np.abs(found - weights).sum()
        weights = found
        if change < _STACKING_CHANGE_MIN:
            break
    return weights


def weigh(names: list[str], splits: list[Split], likelihoods: list[Reals]) -> Evidence:
    """Return the evidence of splits, (powers, left out, models) each; without any, all models weigh the same.

    The models are weighed as they are, and the mixture is made less sharp where that foretells better.
    """
    if not sum(one.shape[1] for one in likelihoods):
        unknown = float("nan")
        return Evidence(dict.fromkeys(names, 1 / len(names)), dict.fromkeys(names, unknown), unknown, 0)
    powers, counted = np.concatenate(likelihoods, axis=1), _row_weights(splits)
    rows = powers[-1]
    weights = stack(rows, counted)
    scores = counted @ np.log(rows) / counted.sum()
    return Evidence(
        weights=dict(zip(names, weights.tolist(), strict=True)),
        held_out=dict(zip(names, scores.tolist(), strict=True)),
        mixture=float(counted @ np.log(rows @ weights) / counted.sum()),
        left_out=len(rows),
        power=best_power(weights, powers, counted),
    )


def _row_weights(splits: list[Split]) -> Reals:
    total = sum(float(split.answer_weights().sum()) for split in splits)
    any_gold = any(len(split.gold_task) for split in splits)
    scale = min(1.0, ANSWERS_AS_GOLD / total) if any_gold and total else 1.0
    parts = [(split.answer_weights() * scale, np.ones(len(split.gold_task))) for split in splits]
    return np.concatenate([weights for pair in parts for weights in pair])


def _split(answers: Answers, out: Chosen, hidden: set[int]) -> Split:
    shown_gold: Mapping[int, int] = {task: gold for task, gold in answers.gold.items() if task not in hidden}
    tasks = np.array(sorted(hidden), np.int64)
    return Split(
        shown=replace(part(answers, ~out), gold=shown_gold),
        left=part(answers, out),
        gold_task=tasks,
        gold_label=np.array([answers.gold[int(task)] for task in tasks], np.int64),
    )
