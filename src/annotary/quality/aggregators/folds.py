"""Parting answers into folds, and sampling tasks, by what they say and not by names or the order of rows.

Annotators and tasks are told apart by what renaming cannot change: how much they answered, how often others
agreed, how common the classes are, and whom they met (colour refinement, after Weisfeiler and Leman, 1968).
Only those alike in all of these may change places.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from annotary.quality.aggregators.values import Answers, Integers

Hashes = npt.NDArray[np.uint64]
ROUNDS = 3


def answer_hashes(answers: Answers) -> tuple[Hashes, Hashes]:
    """Return a hash of each answer and one of each task."""
    task, annotator, label = answers.task, answers.annotator, answers.label
    same, of_class = _same(answers), _class_hashes(answers)
    said = same + of_class[label]
    of_annotator = _mixed(_summed(annotator, said, answers.annotators))
    gold_task = np.fromiter(answers.gold.keys(), np.int64, len(answers.gold))
    gold_label = np.fromiter(answers.gold.values(), np.int64, len(answers.gold))
    of_task = np.zeros(answers.tasks, np.uint64)
    for _ in range(ROUNDS):
        # Tasks are told apart by who answered what, annotators by the tasks they met, classes by both.
        of_gold = np.zeros(answers.tasks, np.uint64)
        of_gold[gold_task] = of_class[gold_label]
        of_task = _mixed(of_gold + _summed(task, _mixed(of_annotator[annotator] + said), answers.tasks))
        of_annotator = _mixed(_summed(annotator, _mixed(of_task[task] + said), answers.annotators))
        met = _mixed(of_annotator[annotator] + of_task[task])
        of_class = _mixed(of_class + _summed(label, met, answers.classes))
        said = same + of_class[label]
    return _mixed(met + said), of_task


def task_draws(answers: Answers) -> npt.NDArray[np.float64]:
    """Return a number from 0 to 1 for each task, to draw a sample by; quicker than hashing each answer."""
    of_annotator = _mixed(np.bincount(answers.annotator, minlength=answers.annotators).astype(np.uint64))
    of_task = _mixed(_summed(answers.task, of_annotator[answers.annotator] * _said(answers), answers.tasks))
    return (of_task >> np.uint64(11)).astype(np.float64) / 2.0**53


def balanced_folds(answers: Answers, by_answer: Hashes, by_task: Hashes, folds: int) -> Integers:
    """Return each answer's fold: every task's answers are dealt out to the folds in turn."""
    order = np.lexsort((by_answer, answers.task))
    sizes = np.bincount(answers.task, minlength=answers.tasks)
    first = np.cumsum(sizes) - sizes
    dealt = np.empty(len(order), np.int64)
    dealt[order] = np.arange(len(order)) - first[answers.task[order]]
    return (dealt + task_folds(by_task, folds)[answers.task]) % folds


def task_folds(by_task: Hashes, folds: int) -> Integers:
    """Return the fold in which a task's gold is held out, and in which its first answer is.

    Tasks are dealt out in the order of their hashes, so that those which nothing tells apart spread evenly.
    """
    dealt = np.empty(len(by_task), np.int64)
    dealt[np.argsort(by_task, kind="stable")] = np.arange(len(by_task))
    return dealt % folds


def _said(answers: Answers) -> Hashes:
    """Return what each answer says, without names: how many said the same, and how common its class is."""
    said: Hashes = _same(answers) + _class_hashes(answers)[answers.label]
    return said


def _same(answers: Answers) -> Hashes:
    """Return how many said the same of the same task, for each answer."""
    cells = answers.task * answers.classes + answers.label
    counts = np.bincount(cells, minlength=answers.tasks * answers.classes)
    same: Hashes = counts[cells].astype(np.uint64)
    return same


def _class_hashes(answers: Answers) -> Hashes:
    return _mixed(np.bincount(answers.label, minlength=answers.classes).astype(np.uint64))


def _summed(keys: Integers, values: Hashes, groups: int) -> Hashes:
    """Return the sum of values by key, modulo 2**64: the same in any order."""
    sums = np.zeros(groups, np.uint64)
    np.add.at(sums, keys, values)
    return sums


def _mixed(values: Hashes) -> Hashes:
    """Return splitmix64 of each value."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
