"""What aggregators take and give: answers as integer arrays, and the outcome of a whole set of tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from annotary.kernel.errors import Invalid
from annotary.kernel.limits import AGGREGATION_CELLS_MAX

Integers = npt.NDArray[np.int64]
# Real numbers: float64, and float32 where a set is so large that memory traffic is the cost.
Reals = npt.NDArray[Any]

ABSTAINED = -1


@dataclass(frozen=True, slots=True)
class Answers:
    """Who said what: answer i is that `annotator[i]` gave `task[i]` the class `label[i]`.

    All three are numbered from 0, below `annotators`, `tasks` and `classes`. `weight[i]` (1 where None) says
    how many answers it counts for. `gold` holds known classes by task. `Answers.of` makes and checks it.
    """

    task: Integers
    annotator: Integers
    label: Integers
    weight: Reals | None
    tasks: int
    annotators: int
    classes: int
    gold: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        task: npt.ArrayLike,
        annotator: npt.ArrayLike,
        label: npt.ArrayLike,
        *,
        weight: npt.ArrayLike | None = None,
        gold: Mapping[int, int] | None = None,
        tasks: int | None = None,
        annotators: int | None = None,
        classes: int | None = None,
    ) -> Answers:
        """Return checked answers without abstentions (label -1) and without those of weight 0.

        Raises `Invalid`, with the place, for NaN, a fraction, a number out of range or lengths that differ.
        """
        by_task, by_annotator = _whole(task, "task", 0), _whole(annotator, "annotator", 0)
        labels = _whole(label, "label", ABSTAINED)
        weights = None if weight is None else _weights(weight)
        _same_length(by_task, by_annotator, labels, *(() if weights is None else (weights,)))
        known = dict(gold or {})
        sizes = (
            _size(tasks, by_task, list(known), "task"),
            _size(annotators, by_annotator, [], "annotator"),
            _size(classes, labels, list(known.values()), "label"),
        )
        kept = labels != ABSTAINED
        if weights is not None:
            kept &= weights > 0
        if not kept.all():
            by_task, by_annotator, labels = by_task[kept], by_annotator[kept], labels[kept]
            weights = None if weights is None else weights[kept]
        if not len(labels):
            raise Invalid(path="answers", found="none", expected="at least one answer that is no abstention")
        if sizes[0] * sizes[2] > AGGREGATION_CELLS_MAX:
            raise Invalid(
                path="answers",
                found=sizes[0] * sizes[2],
                expected=f"tasks x classes <= {AGGREGATION_CELLS_MAX}",
            )
        return cls(by_task, by_annotator, labels, weights, *sizes, known)

    def __len__(self) -> int:
        return len(self.label)

    @property
    def matrix_cells(self) -> int:
        """How many numbers the confusion matrices of all annotators hold."""
        return self.annotators * self.classes**2


@dataclass(frozen=True, slots=True)
class Aggregation:
    """What the tasks' classes are, how sure that is, and who is good.

    `posterior` is (tasks, classes), rows sum to 1; `label` (tasks) is -1 and `confidence` 0 for a task
    without answers or gold. `skill` (annotators) is the expected share of right answers, NaN where unknown.
    `log_likelihood` is in nats: the mean of a left-out answer for `auto`, the sum over tasks for the others.
    """

    method: str
    method_used: str
    posterior: Reals
    label: Integers
    confidence: Reals
    skill: Reals
    log_likelihood: float
    tie_share: float
    parameters: Mapping[str, Any]


def _whole(values: npt.ArrayLike, name: str, least: int) -> Integers:
    found = np.asarray(values)
    if found.ndim != 1:
        raise Invalid(path=name, found=f"{found.ndim} dimensions", expected="one")
    if found.dtype.kind not in "iu" and len(found):
        try:
            found = found.astype(np.float64)
        except (TypeError, ValueError):
            raise Invalid(path=name, found=found.dtype.name, expected="whole numbers") from None
        bad = np.flatnonzero(~(np.isfinite(found) & (found == np.floor(found))))
        if len(bad):
            raise Invalid(path=f"{name}[{bad[0]}]", found=float(found[bad[0]]), expected="a whole number")
    whole = found.astype(np.int64)
    low = np.flatnonzero(whole < least)
    if len(low):
        raise Invalid(path=f"{name}[{low[0]}]", found=int(whole[low[0]]), expected=f"{least} or more")
    return whole


def _weights(weight: npt.ArrayLike) -> Reals:
    weights = np.asarray(weight, dtype=np.float64)
    bad = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if len(bad):
        raise Invalid(
            path=f"weight[{bad[0]}]", found=float(weights[bad[0]]), expected="a number of 0 or more"
        )
    return weights


def _same_length(*columns: Reals) -> None:
    lengths = [len(column) for column in columns]
    if len(set(lengths)) > 1:
        raise Invalid(path="answers", found=lengths, expected="columns of one length")


def _size(stated: int | None, column: Integers, known: list[int], name: str) -> int:
    most = max(int(column.max(initial=-1)), max(known, default=-1)) + 1
    if min(known, default=0) < 0:
        raise Invalid(path=f"gold {name}", found=min(known), expected="0 or more")
    if stated is not None and most > stated:
        raise Invalid(path=name, found=most - 1, expected=f"a number below {stated}")
    return most if stated is None else stated
