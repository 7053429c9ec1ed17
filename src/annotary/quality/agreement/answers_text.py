"""Reads answers from CSV text, and the numbers that their labels stand for."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from annotary.kernel.errors import Invalid
from annotary.quality.agreement.values import Answers, Floats, Integers, Level
from annotary.quality.tables import Column, read_table

TASK = Column(("task",))
ANNOTATOR = Column(("annotator", "worker"))
LABEL = Column(("label",))


def read_answers(text: str, name: str = "answers") -> Answers:
    """Return the answers of a CSV text with the columns task, annotator (or worker) and label.

    A row without a label is a missing answer. Names are numbered in the order of the alphabet, labels that
    are all numbers in that of numbers. Raises `Invalid` with line, what was found and what was expected, also
    where an annotator answered a task twice.
    """
    table = read_table(text, (TASK, ANNOTATOR, LABEL), name)
    tasks, annotators, labels = (column or [] for column in table.columns)
    for wanted, values in ((TASK, tasks), (ANNOTATOR, annotators)):
        if "" in values:
            where = f"{name}, line {table.lines[values.index('')]}, {wanted.names[0]}"
            raise Invalid(path=where, found="", expected="a name")
    given = [place for place, label in enumerate(labels) if label]
    lines = [table.lines[place] for place in given]
    unit_names, units = _numbered([tasks[place] for place in given])
    annotator_names, people = _numbered([annotators[place] for place in given])
    label_names, numbers = _numbered([labels[place] for place in given], by_number=True)
    answers = Answers(
        units, people, numbers, unit_names, annotator_names, label_names, len(labels) - len(given)
    )
    _require_one_answer_each(answers, lines, name)
    return answers


def label_numbers(names: Sequence[str], level: Level, order: Sequence[str] = ()) -> Floats | None:
    """Return the number each label stands for; None for the level nominal, where they stand for none.

    Labels of the level ordinal may be words: then `order` names them from the lowest to the highest.
    """
    if level == "nominal":
        return None
    if order:
        place = {label: number for number, label in enumerate(order)}
        strangers = [label for label in names if label not in place]
        if strangers or len(place) < len(order):
            found = strangers or list(order)
            raise Invalid(path="order", found=found, expected="every label of the answers, each once")
        return np.array([place[label] for label in names], dtype=np.float64)
    numbers = [_number(name) for name in names]
    if None in numbers:
        hint = "Name the labels from the lowest to the highest." if level == "ordinal" else ""
        found = names[numbers.index(None)]
        raise Invalid(path="label", found=found, expected=f"a finite number for the level {level}", hint=hint)
    return np.array(numbers, dtype=np.float64)


def by_number(answers: Answers, numbers: Floats | None) -> tuple[Answers, Floats | None]:
    """Return answers with labels numbered as their numbers rise; labels of one number (1, 1.0) become one."""
    if numbers is None:
        return answers, None
    distinct, first, place = np.unique(numbers, return_index=True, return_inverse=True)
    names = [answers.label_names[one] for one in first]
    return answers._replace(labels=place[answers.labels], label_names=names), distinct


def _numbered(values: Sequence[str], by_number: bool = False) -> tuple[list[str], Integers]:
    """Return the distinct values in order, and the number of each value."""
    names = sorted(set(values))
    if by_number:
        numbers = {name: _number(name) for name in names}
        if None not in numbers.values():
            names.sort(key=lambda name: numbers[name] or 0.0)
    place = {name: number for number, name in enumerate(names)}
    return names, np.fromiter(map(place.__getitem__, values), dtype=np.int64, count=len(values))


def _number(label: str) -> float | None:
    try:
        number = float(label)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _require_one_answer_each(answers: Answers, lines: Sequence[int], name: str) -> None:
    keys = answers.units * len(answers.annotator_names) + answers.annotators
    order = np.argsort(keys, kind="stable")
    again = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    if len(again):
        earlier, later = min(((int(order[at]), int(order[at + 1])) for at in again), key=lambda pair: pair[1])
        who = answers.annotator_names[answers.annotators[later]]
        task = answers.unit_names[answers.units[later]]
        found = f"another answer of annotator {who} to task {task}"
        expected = f"one answer an annotator and task (see line {lines[earlier]})"
        raise Invalid(path=f"{name}, line {lines[later]}", found=found, expected=expected)
