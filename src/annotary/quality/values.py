"""Where a task stands between its answers and its outcome, and how outcomes look outside."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

Decision = Literal["accept", "merge", "withdraw", "leave"]
OutcomeState = Literal["accepted", "withdrawn"]
ConsensusState = Literal["none", "merging", "blocked", "accepted", "withdrawn"]


class Standing(msgspec.Struct, frozen=True):
    """A task and the submissions that count, in the order they came (three lists).

    `outcome_submission_ids` are those its current outcome rests on; None where there is none.
    """

    task_id: UUID
    project_id: UUID
    organisation_id: UUID
    state: str
    submission_ids: list[UUID]
    content_hashes: list[bytes]
    ontology_version_ids: list[UUID]
    outcome_submission_ids: list[UUID] | None


class NewOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome to be written. Without an `answer` the first submission's is copied as it is stored."""

    id: UUID
    task_id: UUID
    project_id: UUID
    organisation_id: UUID
    answer: bytes | None
    content_hash: bytes
    ontology_version_id: UUID
    aggregator: str
    confidence: float
    agreement: float | None
    submission_ids: list[UUID]


class DueMerge(msgspec.Struct, frozen=True):
    """A task that waits for its merge, with the size of its answers as stored."""

    task_id: UUID
    asked_in: int
    attempts: int
    answer_bytes: int


class MergeInput(msgspec.Struct, frozen=True):
    """What a merge needs: the item, and the counted answers with their ontology versions, as they came."""

    task_id: UUID
    project_id: UUID
    organisation_id: UUID
    payload: str
    submission_ids: list[UUID]
    answers: list[str]
    ontology_version_ids: list[UUID]


class OntologyVersion(msgspec.Struct, frozen=True):
    """The definition (JSON) of one ontology version."""

    id: UUID
    number: int
    definition: str
    content_hash: bytes


class MergeResult(msgspec.Struct, frozen=True, kw_only=True):
    """How one merge ended: with an outcome; blocked, for a `reason`; to be tried again; or moot."""

    due: DueMerge
    ended: Literal["merged", "blocked", "again", "moot"]
    organisation_id: UUID | None = None
    outcome: NewOutcome | None = None
    reason: str = ""


class OutcomeView(msgspec.Struct, frozen=True):
    """One version of a task's agreed answer. The current one has no `superseded_at`."""

    id: str
    task: str
    unique_id: str
    project: str
    version: int
    state: OutcomeState
    answer: msgspec.Raw
    ontology_version: str
    aggregator: str
    confidence: float
    agreement: float | None
    submissions: list[str]
    created_at: datetime
    superseded_at: datetime | None


class SubmissionBrief(msgspec.Struct, frozen=True):
    """One person's whole answer. `counts` is false for one that was revised or taken back."""

    id: str
    member: str
    answer: msgspec.Raw
    ontology_version: str
    seconds: float
    received_at: datetime
    counts: bool


class TaskOutcome(msgspec.Struct, frozen=True):
    """All that is known of a task's outcome. `submissions` is for managers only, null for others.

    `state` is `merging` while answers wait for it; `blocked`, with a `reason`, where people must decide.
    """

    task: str
    state: ConsensusState
    reason: str | None
    current: OutcomeView | None
    versions: list[OutcomeView]
    submissions: list[SubmissionBrief] | None


class Progress(msgspec.Struct, frozen=True):
    """How far a project is: tasks by state, answers that count, accepted outcomes, tasks left to people."""

    tasks: int
    open: int
    paused: int
    done: int
    cancelled: int
    submissions: int
    outcomes: int
    blocked: int
