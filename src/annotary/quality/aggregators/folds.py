"""Parting answers into folds, and sampling tasks, by what they say and not by names or the order of rows.

Annotators and tasks are told apart by what renaming cannot change: how much they answered, how often others
agreed, and whom they met. Only those alike in all of these may change places.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from annotary.quality.aggregators.values import Answers, Integers

Hashes = npt.NDArray[np.uint64]


def answer_hashes(answers: Answers) -> tuple[Hashes, Hashes]:
    """Return a hash of each answer and one of each task."""
    task, annotator = answers.task, answers.annotator
    cells = task * answers.classes + answers.label
    same = np.bincount(cells, minlength=answers.tasks * answers.classes)[cells].astype(np.uint64)
    of_annotator = _mixed(np.bincount(annotator, minlength=answers.annotators).astype(np.uint64))
    of_annotator = _mixed(of_annotator + _summed(annotator, same, answers.annotators))
    of_task = _mixed(_summed(task, _mixed(of_annotator[annotator] + same), answers.tasks))
    # Once around: annotators are told apart by the tasks they met as well, and tasks by these annotators.
    met = _mixed(of_task[task] + same)
    of_annotator = _mixed(of_annotator + _summed(annotator, met, answers.annotators))
    of_task = _mixed(_summed(task, _mixed(of_annotator[annotator] + same), answers.tasks))
    return _mixed(of_annotator[annotator] + of_task[task]), of_task


def task_draws(answers: Answers) -> npt.NDArray[np.float64]:
    """Return a number from 0 to 1 for each task, to draw a sample by; quicker than hashing each answer."""
    task, annotator = answers.task, answers.annotator
    cells = task * answers.classes + answers.label
    same = np.bincount(cells, minlength=answers.tasks * answers.classes)[cells].astype(np.uint64)
    of_annotator = _mixed(np.bincount(annotator, minlength=answers.annotators).astype(np.uint64))
    of_task = _mixed(_summed(task, of_annotator[annotator] * same, answers.tasks))
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
    """Return the fold in which a task's gold is held out, and in which its first answer is."""
    return (by_task % np.uint64(folds)).astype(np.int64)


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
