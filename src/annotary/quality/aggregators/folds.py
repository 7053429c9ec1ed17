"""Parting answers into folds, and sampling tasks, by what they say and not by names or the order of rows.

Each annotator and task is told apart by numbers that renaming cannot change: how much they answered and how
often others agreed. Only annotators or tasks alike in all of these share their fate.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from annotary.quality.aggregators.values import Answers, Integers

Hashes = npt.NDArray[np.uint64]


def answer_hashes(answers: Answers) -> tuple[Hashes, Hashes]:
    """Return a hash of each answer and one of each task (splitmix64 over what renaming leaves alone)."""
    cells = answers.task * answers.classes + answers.label
    same = np.bincount(cells, minlength=answers.tasks * answers.classes)[cells]
    annotator = answers.annotator
    given = np.bincount(annotator, minlength=answers.annotators)
    agreeing = np.zeros(answers.annotators, np.int64)
    np.add.at(agreeing, annotator, same)
    of_annotator = _mixed(_mixed(given) + agreeing.astype(np.uint64))
    of_answer = _mixed(of_annotator[annotator] + same.astype(np.uint64))
    of_task = np.zeros(answers.tasks, np.uint64)
    np.add.at(of_task, answers.task, of_answer)
    of_task = _mixed(of_task)
    return _mixed(of_answer ^ of_task[answers.task]), of_task


def fold_of(hashes: Hashes, folds: int) -> Integers:
    """Return the fold, 0 to folds - 1, that each hash falls into."""
    return (hashes % np.uint64(folds)).astype(np.int64)


def _mixed(values: Integers | Hashes) -> Hashes:
    mixed = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
