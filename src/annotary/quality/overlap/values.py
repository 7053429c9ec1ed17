"""How far a batch with a target is, what is decided about a task, and what dynamic overlap saved."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from annotary.projects.overlap import OverlapTarget

# Gains in accuracy are counted in bins: bin b holds those from 2 ** (-(b + 1) / 2) on, the last all below.
GAIN_BINS = 32


class BatchSoFar(msgspec.Struct, kw_only=True):
    """A batch with a target, as far as it is decided.

    `decided` tasks are asked no more and are expected right with `confidence_sum` in all; `extended` answers
    were asked for beyond the least overlap; `gains` counts the decisions by the gain that was expected.
    """

    batch_id: UUID
    overlap: int
    tasks: int
    decided: int = 0
    confidence_sum: float = 0.0
    extended: int = 0
    gains: list[int] = []


class Asked(NamedTuple):
    """A task that has all answers it asked for: the (classes) posterior, or only how sure a merge is."""

    confidence: float
    answers: int
    posterior: Any = None


class Candidate(NamedTuple):
    """A finished task of a batch with a target, and the matrix of an annotator as they are expected."""

    task_id: UUID
    batch_id: UUID
    overlap: int
    target: OverlapTarget
    asked: Asked
    matrix: Any = None


class OverlapReport(msgspec.Struct, frozen=True):
    """What a batch's tasks were asked, beside a fixed overlap of the most that each might have been asked.

    `finished` tasks ask for nothing more now, and `outcomes` of them are decided: as many where nothing is
    under way. `tasks_by_overlap` counts finished tasks by their answers; `expected_accuracy` is the mean
    confidence of their outcomes, null without any.
    """

    batch: str
    target: OverlapTarget | None
    tasks: int
    finished: int
    outcomes: int
    labels_used: int
    labels_fixed: int
    saved: int
    saved_share: float
    tasks_by_overlap: dict[str, int]
    expected_accuracy: float | None
