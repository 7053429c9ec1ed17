"""Reads predicted classes from a CSV text: a few for each task, as many as there are."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from annotary.kernel.errors import Invalid, TooLarge
from annotary.kernel.limits import PREDICTION_TABLE_BYTES_MAX
from annotary.quality.consistency.values_sparse import SparsePredictions
from annotary.quality.tables import Column, read_table

COLUMNS = (
    Column(("task",)),
    Column(("given", "truth", "gold")),
    Column(("label",)),
    Column(("probability", "score")),
)
ROUNDING = 1e-3


class PredictionTable(NamedTuple):
    """Predictions as numbers, and the names those stand for."""

    data: SparsePredictions
    tasks: list[str]
    labels: list[str]


def read_predictions(text: str, name: str) -> PredictionTable:
    """Return the predictions of a CSV text: columns `task,given,label,probability`, a line for each class.

    `given` is the label a task has, the same on each of its lines. Raises `Invalid` with the line.
    """
    if len(text) > PREDICTION_TABLE_BYTES_MAX:
        raise TooLarge(f"{name}: {len(text)} characters, expected at most {PREDICTION_TABLE_BYTES_MAX}.")
    table = read_table(text, COLUMNS, name)
    tasks: dict[str, int] = {}
    labels: dict[str, int] = {}
    given: list[int] = []
    entries: dict[tuple[int, int], float] = {}
    for task, own, label, cell, line in zip(*(c or [] for c in table.columns), table.lines, strict=True):
        where = f"{name}, line {line}"
        number = tasks.setdefault(task, len(tasks))
        own_number = labels.setdefault(own, len(labels))
        if number == len(given):
            given.append(own_number)
        elif given[number] != own_number:
            expected = "the same label on every line of a task"
            raise Invalid(path=where, found=own, expected=expected)
        place = number, labels.setdefault(label, len(labels))
        if place in entries:
            raise Invalid(path=where, found=label, expected=f"each label of task {task} once")
        entries[place] = _probability(cell, where)
    if not tasks:
        raise Invalid(path=name, found="no rows", expected="predictions")
    return PredictionTable(_sparse(given, entries, list(tasks), len(labels), name), list(tasks), list(labels))


def _probability(cell: str, where: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 1:
        raise Invalid(path=where, found=cell, expected="a probability from 0 to 1")
    return number


def _sparse(
    given: list[int], entries: dict[tuple[int, int], float], tasks: list[str], classes: int, name: str
) -> SparsePredictions:
    places = np.array(list(entries), np.int64).reshape(-1, 2)
    probability = np.fromiter(entries.values(), np.float64, len(entries))
    summed = np.bincount(places[:, 0], weights=probability, minlength=len(tasks))
    if (summed > 1 + ROUNDING).any():
        worst = int(summed.argmax())
        expected = "probabilities that add up to 1 at most"
        raise Invalid(path=f"{name}, task {tasks[worst]}", found=float(summed[worst]), expected=expected)
    return SparsePredictions(np.array(given, np.int64), places[:, 0], places[:, 1], probability, classes)
