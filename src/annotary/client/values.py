"""What the API answers with, as typed values. Fields that a newer server adds are passed over."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

Modality = Literal["text", "image", "video"]
Role = Literal["owner", "manager", "reviewer", "annotator"]
ProjectRole = Literal["manager", "reviewer", "annotator"]
Priority = Literal["urgent", "high", "normal", "low"]
TaskState = Literal["open", "paused", "done", "cancelled", "gold"]
JobState = Literal["waiting", "running", "succeeded", "failed", "cancelled"]
MODALITIES: tuple[Modality, ...] = ("text", "image", "video")


class Organisation(msgspec.Struct, frozen=True):
    """The organisation one belongs to."""

    id: str
    name: str
    version: int


class Member(msgspec.Struct, frozen=True):
    """A person (or a program) with a role; a removed member keeps the name."""

    id: str
    name: str
    role: Role
    state: str
    version: int
    email: str | None = None


class OwnProject(msgspec.Struct, frozen=True):
    """A project one is on, with the role there."""

    project: str
    role: Role


class Me(msgspec.Struct, frozen=True):
    """Who the token belongs to."""

    member: Member
    organisation: Organisation
    projects: list[OwnProject]


class Token(msgspec.Struct, frozen=True):
    """An access token; `token`, the secret, is there only right after it was made."""

    id: str
    member: str
    name: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    token: str | None = None


class Invitation(msgspec.Struct, frozen=True):
    """A link by which somebody becomes a member, or a member sets a password anew; to be passed on."""

    id: str
    kind: str
    url: str
    code: str
    expires_at: datetime


class OntologyVersion(msgspec.Struct, frozen=True):
    """One immutable version of an ontology; `definition` holds `tools` and `labels`."""

    id: str
    ontology: str
    number: int
    modality: Modality
    content_hash: str
    definition: dict[str, Any]
    created_at: datetime


class Ontology(msgspec.Struct, frozen=True):
    """An ontology with its latest version."""

    id: str
    name: str
    modality: Modality
    version: OntologyVersion
    created_at: datetime


class Project(msgspec.Struct, frozen=True):
    """The work done on items. `version` guards against two people changing it at once."""

    id: str
    name: str
    modality: Modality
    ontology: str
    ontology_version: str
    instructions_version: int
    overlap: int
    lease_seconds: int
    weight: float
    state: str
    version: int
    created_at: datetime
    quality: dict[str, Any] = {}


class ProjectMember(msgspec.Struct, frozen=True):
    """A member on a project, with the role there."""

    project: str
    member: str
    name: str
    role: ProjectRole


class Instructions(msgspec.Struct, frozen=True):
    """One version of a project's instructions."""

    project: str
    version: int
    body: str
    created_at: datetime


class Dataset(msgspec.Struct, frozen=True):
    """A collection of items."""

    id: str
    name: str
    modality: Modality


class Item(msgspec.Struct, frozen=True):
    """One thing to be labelled; `payload` is gone once the item was deleted."""

    id: str
    unique_id: str
    payload: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None


class Asset(msgspec.Struct, frozen=True):
    """An item's bytes, named by the BLAKE3 hash of their content."""

    hash: str
    size_bytes: int
    media_type: str
    facts: dict[str, Any] | None = None


class Upload(msgspec.Struct, frozen=True):
    """A large file on its way in: `chunks` pieces of `chunk_bytes`; `received` are those that are in."""

    id: str
    chunk_bytes: int
    chunks: int
    received: list[int] = []


class Progress(msgspec.Struct, frozen=True):
    """How far a job is; `total` is unknown until the input was looked at."""

    done: int = 0
    total: int | None = None
    unit: str = ""
    refused: int = 0


class Job(msgspec.Struct, frozen=True):
    """Long work in the background: an import, a release or an export."""

    id: str
    kind: str
    state: JobState
    created_at: datetime
    project: str | None = None
    progress: Progress | None = None
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in ("succeeded", "failed", "cancelled")


class Refusal(msgspec.Struct, frozen=True):
    """A row that an import refused: its line (from 1), where in the row, and why."""

    line: int
    reason: str
    path: str | None = None


class OverlapTarget(msgspec.Struct, frozen=True):
    """Until when a batch's tasks are asked again: confidence, accuracy (shares) or budget (answers)."""

    kind: Literal["confidence", "accuracy", "budget"]
    value: float
    overlap_max: int
    price: float = 0.0


class Batch(msgspec.Struct, frozen=True):
    """Tasks released together; `job` is the release under way."""

    id: str
    project: str
    name: str
    priority: Priority
    overlap: int
    state: str
    tasks: int
    version: int
    created_at: datetime
    deadline: datetime | None = None
    target: OverlapTarget | None = None
    skill_minimum: float = 0.0
    order: str = "imported"
    job: str | None = None


class Task(msgspec.Struct, frozen=True):
    """One item x one stage, and how far it is."""

    id: str
    project: str
    batch: str
    item: str
    unique_id: str
    stage: str
    state: TaskState
    overlap: int
    leased: int
    answered: int
    created_at: datetime
    reserved_for: str | None = None


class GivenTask(msgspec.Struct, frozen=True):
    """The task inside an assignment, with all that is needed to work on it."""

    id: str
    unique_id: str
    stage: str
    ontology_version: str
    item: dict[str, Any]
    suggestions: list[dict[str, Any]]
    project: str
    instructions_version: int = 0


class Assignment(msgspec.Struct, frozen=True):
    """A lease: the right to work on a task until `expires_at`."""

    id: str
    fence: int
    expires_at: datetime
    task: GivenTask
    modality: Modality = "text"


class Submitted(msgspec.Struct, frozen=True):
    """The answer is in, durably; `next` holds what `claim_next` asked for."""

    submission_id: str
    next: list[Assignment] = []


class Draft(msgspec.Struct, frozen=True):
    """An answer being written, with its version."""

    task: str
    answer: Any
    version: int
    saved_at: datetime


class Submission(msgspec.Struct, frozen=True):
    """One person's whole answer, and where it came from."""

    id: str
    assignment: str
    task: str
    project: str
    member: str
    answer: dict[str, Any]
    content_hash: str
    seconds: float
    ontology_version: str
    instructions_version: int
    counts: bool
    received_at: datetime
    committed_at: datetime
    suggested_by: list[str] = []
    supersedes: str | None = None


class Outcome(msgspec.Struct, frozen=True):
    """A task's agreed answer: one version of it. `confidences` says how sure its parts are, by tool."""

    id: str
    task: str
    unique_id: str
    project: str
    version: int
    state: str
    answer: dict[str, Any]
    ontology_version: str
    aggregator: str
    confidence: float
    submissions: list[str]
    created_at: datetime
    agreement: float | None = None
    superseded_at: datetime | None = None
    aggregator_version: str = ""
    parameters: dict[str, Any] = {}
    run: str | None = None
    confidences: dict[str, Any] | None = None
    reverts: str | None = None


class TaskOutcome(msgspec.Struct, frozen=True):
    """All that is known of a task's outcome; `state` may be `merging`, or `blocked` with a `reason`."""

    task: str
    state: str
    reason: str | None = None
    current: Outcome | None = None
    versions: list[Outcome] = []


class ProjectProgress(msgspec.Struct, frozen=True):
    """How far a project is: tasks by state, answers that count, accepted outcomes, tasks left to people."""

    tasks: int
    open: int
    paused: int
    done: int
    cancelled: int
    submissions: int
    outcomes: int
    blocked: int = 0


class Lease(msgspec.Struct, frozen=True):
    """A lease with its new end."""

    id: str
    fence: int
    expires_at: datetime
