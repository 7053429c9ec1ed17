"""What a check for contradictions is asked, what it looks at, and what it finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

import msgspec

Kind = Literal["identical", "near_duplicate", "track", "label_error"]
KINDS: tuple[Kind, ...] = ("identical", "near_duplicate", "track", "label_error")
Wanted = Literal["report", "review", "requeue"]


class NewCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A check to be made of a project's accepted outcomes.

    `wanted` is what is to come of a contradiction: a line in the report, a review, or the task's answers
    asked for again. `similarity` is from which share of common shingles on texts are nearly equal;
    `score_min` leaves out what is less suspicious.
    """

    project: str
    kinds: list[Kind] = msgspec.field(default_factory=lambda: list(KINDS))
    wanted: Wanted = "report"
    similarity: Annotated[float, msgspec.Meta(ge=0.5, le=1.0)] = 0.8
    score_min: Annotated[float, msgspec.Meta(ge=0.0, le=1.0)] = 0.0


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The same, as the job is told."""

    kinds: list[Kind]
    wanted: Wanted
    similarity: float
    score_min: float


class CheckStarted(msgspec.Struct, frozen=True):
    """The job that makes the check: `GET /v1/jobs/{job}` says how far it is, and what it found."""

    job: str


class Labelled(msgspec.Struct, frozen=True):
    """An accepted outcome with its item (JSON)."""

    task_id: UUID
    outcome_id: UUID
    payload: str
    answer: str


class Seen(NamedTuple):
    """One accepted outcome with its item (JSON), and the labels that models gave it with their scores."""

    task_id: UUID
    outcome_id: UUID
    payload: str
    answer: str
    labels: Sequence[str]
    scores: Sequence[float]


class Compared(NamedTuple):
    """A task as the report has it: what it is called, what it holds and what was said of it (JSON)."""

    unique_id: str
    payload: str
    answer: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One contradiction: which task is in doubt, beside which other one, how much (0 to 1), and why."""

    kind: Kind
    task_id: UUID
    outcome_id: UUID
    other_task_id: UUID | None = None
    score: float
    reason: str


class ContradictionView(msgspec.Struct, frozen=True):
    """A contradiction, as the API shows it."""

    id: str
    run: str
    kind: Kind
    task: str
    unique_id: str
    outcome: str
    other_task: str | None
    score: float
    reason: str
    wanted: Wanted
    found_at: datetime
