"""Label errors by confident learning, from a few predicted classes for each task.

Source: *C. G. Northcutt, L. Jiang, I. L. Chuang, Confident learning: estimating uncertainty in dataset
labels, Journal of Artificial Intelligence Research 70 (2021)*. With t_j the mean probability of class j over
the tasks labelled j, a task is confidently of class j where p_j >= t_j; of several such classes the most
probable one counts. A task that is confidently of another class than its label is a likely error, and those
whose own label is least probable come first (self-confidence: *J. Kuan, J. Mueller, Model-agnostic label
quality scoring, 2022*).

Nothing here is tasks x classes or classes x classes: it works on the entries that are there.
"""

from __future__ import annotations

import numpy as np

from annotary.quality.consistency.values_sparse import LabelErrors, Reals, SparsePredictions


def label_errors(data: SparsePredictions) -> LabelErrors:
    """Return the likely label errors. Predictions have to come from models that were not trained on them."""
    own = given_probabilities(data)
    labelled = np.bincount(data.given, minlength=data.classes)
    with np.errstate(invalid="ignore", divide="ignore"):
        usual = np.bincount(data.given, weights=own, minlength=data.classes) / labelled
    # Of a class that nothing is labelled with nothing is known: it cannot be what a task confidently is.
    threshold = np.where(labelled > 0, usual, np.inf)
    confident = data.probability >= threshold[data.label]
    task, label, probability = data.task[confident], data.label[confident], data.probability[confident]
    order = np.lexsort((-label, probability, task))
    task, label, probability = task[order], label[order], probability[order]
    best = np.append(task[1:] != task[:-1], True)[: len(task)]
    task, label, probability = task[best], label[best], probability[best]
    wrong = label != data.given[task]
    found = np.lexsort((task[wrong], -probability[wrong], own[task[wrong]]))
    distinct, counts = np.unique(data.given[task] * data.classes + label, return_counts=True)
    return LabelErrors(
        task=task[wrong][found],
        suggested=label[wrong][found],
        given_probability=own[task[wrong]][found],
        suggested_probability=probability[wrong][found],
        usual=usual,
        joint=np.stack([distinct // data.classes, distinct % data.classes, counts], axis=1),
    )


def given_probabilities(data: SparsePredictions) -> Reals:
    """Return (tasks): how probable each task's own label is."""
    tasks = len(data.given)
    entries = np.bincount(data.task, minlength=tasks)
    summed = np.bincount(data.task, weights=data.probability, minlength=tasks)
    # A class that is not listed is no more probable than those that are, and has its share of the rest.
    least = np.full(tasks, 1.0)
    np.minimum.at(least, data.task, data.probability)
    rest = np.maximum(0.0, 1.0 - summed) / np.maximum(1, data.classes - entries)
    own: Reals = np.minimum(rest, least)
    is_own = data.label == data.given[data.task]
    own[data.task[is_own]] = data.probability[is_own]
    return own
