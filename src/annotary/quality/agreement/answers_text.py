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
    unit_names, units = _numbered([tasks[place] for place in given])
    annotator_names, people = _numbered([annotators[place] for place in given])
    label_names, numbers = _numbered([labels[place] for place in given], by_number=True)
    answers = Answers(
        units=units,
        annotators=people,
        labels=numbers,
        unit_names=unit_names,
        annotator_names=annotator_names,
        label_names=label_names,
        lines=np.array([table.lines[place] for place in given], dtype=np.int64),
        missing=len(labels) - len(given),
    )
    _require_one_answer_each(answers, name)
    return answers


def label_numbers(
    answers: Answers, level: Level, order: Sequence[str] = (), name: str = "answers"
) -> Floats | None:
    """Return the number each label stands for; None for the level nominal, where they stand for none.

    Labels of the level ordinal may be words: then `order` names them from the lowest to the highest.
    Raises `Invalid` that names the first line with a label that has no number.
    """
    if level == "nominal":
        return None
    place = {label: float(number) for number, label in enumerate(order)}
    if len(place) < len(order):
        raise Invalid(path="order", found=list(order), expected="each label once")
    numbers = [place.get(label) if order else _number(label) for label in answers.label_names]
    known = np.array([number is not None for number in numbers], dtype=bool)
    strange = np.flatnonzero(~known[answers.labels])
    if len(strange):
        found = answers.label_names[answers.labels[strange[0]]]
        expected = f"one of {', '.join(order)}" if order else f"a finite number for the level {level}"
        hint = (
            "Or name the labels from the lowest to the highest." if level == "ordinal" and not order else ""
        )
        where = f"{name}, line {answers.lines[strange[0]]}, label"
        raise Invalid(path=where, found=found, expected=expected, hint=hint)
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


def _require_one_answer_each(answers: Answers, name: str) -> None:
    keys = answers.units * len(answers.annotator_names) + answers.annotators
    order = np.argsort(keys, kind="stable")
    again = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    if len(again):
        earlier, later = min(((int(order[at]), int(order[at + 1])) for at in again), key=lambda pair: pair[1])
        who = answers.annotator_names[answers.annotators[later]]
        task = answers.unit_names[answers.units[later]]
        found = f"another answer of annotator {who} to task {task}"
        expected = f"one answer an annotator and task (see line {answers.lines[earlier]})"
        raise Invalid(path=f"{name}, line {answers.lines[later]}", found=found, expected=expected)
