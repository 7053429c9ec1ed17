"""Where a task stands between its answers and its outcome, and how outcomes look outside."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from annotary.projects.quality import QualitySettings
from annotary.quality.overlap.values import Candidate

Decision = Literal["accept", "merge", "withdraw", "leave"]
OutcomeState = Literal["proposed", "accepted", "withdrawn"]
NewState = Literal["proposed", "accepted"]
ConsensusState = Literal["none", "merging", "blocked", "proposed", "accepted", "withdrawn"]


class Terms(msgspec.Struct, frozen=True):
    """What consensus has to know of a project."""

    project_id: UUID
    ontology_version_id: UUID
    quality: QualitySettings


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A task and the submissions that count, in the order they came (five lists).

    `answers` (canonical JSON) and `gold`, the known answer, are there for the projects they were asked for.
    `target` (JSON) is that of the batch. `outcome_submission_ids` are those its current outcome rests on;
    None where there is none.
    """

    task_id: UUID
    project_id: UUID
    organisation_id: UUID
    batch_id: UUID
    state: str
    overlap: int
    target: str | None = None
    gold: str | None = None
    submission_ids: list[UUID]
    member_ids: list[UUID] = []
    answers: list[str | None] = []
    content_hashes: list[bytes]
    ontology_version_ids: list[UUID]
    outcome_submission_ids: list[UUID] | None

    @property
    def has_outcome(self) -> bool:
        """Whether the task has a current outcome."""
        return self.outcome_submission_ids is not None


class NewOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome to be written. Without an `answer` that of the submission `copied` is taken as it is stored.

    `parameters` (JSON) are the aggregator's; its version, where none is given, is this program's. `run_id` is
    the run that made it. `confidences` (JSON) says how sure its parts are, where it has parts. `consumed_at`
    is when a merge was asked for; without one the answers were taken up when the transaction began.
    """

    id: UUID
    task_id: UUID
    project_id: UUID
    organisation_id: UUID
    state: NewState = "accepted"
    answer: bytes | None = None
    copied: UUID | None = None
    content_hash: bytes
    ontology_version_id: UUID
    aggregator: str
    aggregator_version: str = ""
    parameters: bytes = b"{}"
    run_id: UUID | None = None
    confidence: float
    agreement: float | None
    confidences: bytes = b""
    submission_ids: list[UUID]
    consumed_at: datetime | None = None


class DueMerge(msgspec.Struct, frozen=True):
    """A task that waits for its merge, with the size of its answers as stored."""

    task_id: UUID
    asked_in: int
    attempts: int
    answer_bytes: int
    asked_at: datetime | None = None


class MergeInput(msgspec.Struct, frozen=True):
    """What a merge needs: the item, and the counted answers with their ontology versions, as they came."""

    task_id: UUID
    project_id: UUID
    organisation_id: UUID
    batch_id: UUID
    overlap: int
    target: str | None
    has_outcome: bool
    payload: str
    submission_ids: list[UUID]
    member_ids: list[UUID]
    answers: list[str]
    ontology_version_ids: list[UUID]


class OntologyVersion(msgspec.Struct, frozen=True):
    """The definition (JSON) of one ontology version."""

    id: UUID
    number: int
    definition: str
    content_hash: bytes


class MergeResult(msgspec.Struct, frozen=True, kw_only=True):
    """How one merge ended: with an outcome; blocked, for a `reason`; to be tried again; or moot.

    A `candidate` may be asked once more instead of getting its outcome.
    """

    due: DueMerge
    ended: Literal["merged", "blocked", "again", "moot"]
    organisation_id: UUID | None = None
    outcome: NewOutcome | None = None
    reason: str = ""
    candidate: Candidate | None = None


class OutcomeView(msgspec.Struct, frozen=True):
    """One version of a task's agreed answer. The current one has no `superseded_at`.

    `confidences` says how sure its parts are, by tool: each label that anybody gave (of a rating: each
    level), or each span in its order. Null where all answers say the same, and where they have no parts.
    `reverts` is the earlier version that a manager went back to.
    """

    id: str
    task: str
    unique_id: str
    project: str
    version: int
    state: OutcomeState
    answer: msgspec.Raw
    ontology_version: str
    aggregator: str
    aggregator_version: str
    parameters: msgspec.Raw
    run: str | None
    confidence: float
    confidences: msgspec.Raw | None
    agreement: float | None
    submissions: list[str]
    reverts: str | None
    created_at: datetime
    superseded_at: datetime | None


class RevertRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why an earlier outcome is gone back to."""

    reason: str = ""


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
