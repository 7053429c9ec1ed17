"""Reading answers, and known classes, from tables: names in, numbers out; every complaint names its line."""

from __future__ import annotations

import csv
import io
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np

from annotary.kernel.errors import Invalid
from annotary.quality.aggregators.values import ABSTAINED, Answers, Integers, Reals

# What tables hold where nothing was said.
ABSTENTIONS = ("", "nan", "NaN")
# Rows held as strings at a time: few enough to stay in the processor's cache.
PIECE_ROWS = 2_000
Alternatives = tuple[str, ...]
TASK: Alternatives = ("task",)
ANNOTATOR: Alternatives = ("worker", "annotator")
LABEL: Alternatives = ("label",)
WEIGHT: Alternatives = ("weight",)
KNOWN: Alternatives = ("truth", "gold", "label")


class Numbering(dict[str, int]):
    """Numbers names from 0 in the order in which they are first asked for."""

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """A table of answers: numbers, and the names they stand for. Classes are in their names' order."""

    task: Integers
    annotator: Integers
    label: Integers
    weight: Reals | None
    tasks: list[str]
    annotators: list[str]
    classes: list[str]

    def answers(self, gold: dict[str, str] | None = None) -> Answers:
        """Return the answers with what is known of their tasks; raises `Invalid` without any answer."""
        task_number = {name: number for number, name in enumerate(self.tasks)}
        class_number = {name: number for number, name in enumerate(self.classes)}
        known = gold or {}
        for task, name in known.items():
            if task in task_number and name not in class_number:
                raise Invalid(path=f"gold of task {task}", found=name, expected=f"one of {self.classes[:20]}")
        return Answers.of(
            self.task,
            self.annotator,
            self.label,
            weight=self.weight,
            gold={
                task_number[task]: class_number[name] for task, name in known.items() if task in task_number
            },
            tasks=len(self.tasks),
            annotators=len(self.annotators),
            classes=len(self.classes),
        )

    def numbers_of(self, known: dict[str, str]) -> Integers:
        """Return (tasks): the number of each task's known class, -1 where unknown; strange ones come last."""
        classes = Numbering({name: number for number, name in enumerate(self.classes)})
        numbers = [classes[known[task]] if task in known else ABSTAINED for task in self.tasks]
        return np.array(numbers, np.int64)


def read_answers(content: bytes, name: str) -> AnswerTable:
    """Return the answers in a CSV table: `task`, `worker` (or `annotator`), `label` and maybe `weight`.

    A label that is empty or NaN is an abstention. `name` is what complaints call the table.
    """
    named = tasks, annotators, labels = Numbering(), Numbering(), Numbering()
    numbered: tuple[list[Integers], ...] = ([], [], [])
    weights: list[Reals] = []
    for columns in _pieces(content, name, (TASK, ANNOTATOR, LABEL), optional=WEIGHT):
        for column, names, numbers in zip(columns, named, numbered, strict=False):
            numbers.append(np.fromiter(map(names.__getitem__, column), np.int64, len(column)))
        if len(columns) > len(named):
            weights.append(_weights(columns[-1], content, name, sum(map(len, weights))))
    task, annotator, label = (np.concatenate([np.zeros(0, np.int64), *numbers]) for numbers in numbered)
    for names, numbers_of, what in ((tasks, task, "a task"), (annotators, annotator, "a worker")):
        if "" in names:
            line = _line_of(content, int(np.flatnonzero(numbers_of == names[""])[0]))
            raise Invalid(path=f"{name} line {line}", found="", expected=what)
    given = sorted(set(labels) - set(ABSTENTIONS), key=_class_order(labels))
    place = {one: number for number, one in enumerate(given)}
    renumbered = np.array([place.get(one, ABSTAINED) for one in labels], np.int64)
    return AnswerTable(
        task=task,
        annotator=annotator,
        label=renumbered[label],
        weight=np.concatenate(weights) if weights else None,
        tasks=list(tasks),
        annotators=list(annotators),
        classes=given,
    )


def read_known(content: bytes, name: str) -> dict[str, str]:
    """Return known classes by task from a CSV table: `task` and `truth` (or `gold`, or `label`)."""
    known: dict[str, str] = {}
    pairs = (pair for piece in _pieces(content, name, (TASK, KNOWN)) for pair in zip(*piece, strict=True))
    for row, (task, label) in enumerate(pairs):
        if label not in ABSTENTIONS and known.setdefault(task, label) != label:
            expected = f"{known[task]!r}, as an earlier line says of task {task}"
            raise Invalid(path=f"{name} line {_line_of(content, row)}", found=label, expected=expected)
    return known


def _pieces(
    content: bytes, name: str, wanted: Sequence[Alternatives], optional: Alternatives = ()
) -> Iterator[list[tuple[str, ...]]]:
    """Yield the wanted columns, and the optional one where it is there, for some thousand rows at a time."""
    rows = _rows(content)
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        places = [_place(header, alternatives, name) for alternatives in wanted]
        places += [header.index(column) for column in optional if column in header]
        picked: Iterator[tuple[str, ...]] = map(itemgetter(*places), filter(None, rows))
        while piece := list(itertools.islice(picked, PIECE_ROWS)):
            yield list(zip(*piece, strict=True))
    except IndexError:
        expected = f"{1 + max(places)} cells or more"
        raise Invalid(path=f"{name} line {rows.line_num}", found="fewer cells", expected=expected) from None
    except UnicodeDecodeError as error:
        found = error.object[error.start : error.end]
        raise Invalid(path=f"{name} after line {rows.line_num}", found=found, expected="UTF-8") from None
    except csv.Error as error:
        raise Invalid(path=f"{name} line {rows.line_num}", found=str(error), expected="a CSV table") from None


def _rows(content: bytes) -> Any:
    return csv.reader(
        io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""), skipinitialspace=True
    )


def _place(header: list[str], alternatives: Alternatives, name: str) -> int:
    found = next((column for column in alternatives if column in header), None)
    if found is None:
        raise Invalid(path=f"{name} line 1", found=header, expected=f"a column {' or '.join(alternatives)}")
    return header.index(found)


def _class_order(labels: Iterable[str]) -> Any:
    """Return the key to sort class names by: as numbers where all are whole numbers."""
    named = [label for label in labels if label not in ABSTENTIONS]
    whole = all(label.lstrip("-").isdecimal() for label in named)
    return (lambda label: (int(label), label)) if whole else str


def _weights(column: tuple[str, ...], content: bytes, name: str, before: int) -> Reals:
    weights = np.empty(len(column))
    for row, cell in enumerate(column):
        try:
            weights[row] = float(cell)
        except ValueError:
            weights[row] = math.nan
        if not 0 <= weights[row] < math.inf:
            line = _line_of(content, before + row)
            raise Invalid(path=f"{name} line {line}", found=cell, expected="a weight of 0 or more")
    return weights


def _line_of(content: bytes, row: int) -> int:
    """Return the line of a row, counting rows without the header and empty lines; reads the table again."""
    rows = _rows(content)
    lines: Iterator[int] = (rows.line_num for cells in rows if cells)
    return next(itertools.islice(lines, row + 1, None))
