"""The steps of a lineage, and the versions of an outcome with what changed between them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from annotary.review.values import Diff

Use = Literal["accepted", "edited", "waiting", "unused"]
Carrying = Literal["whole", "perhaps"]
Proved = Literal["sealed", "chained", "waiting"]
Answered = Literal["submission", "outcome", "prediction", "gold"]


class Place(NamedTuple):
    """An outcome to be traced (None: its task has none), its version, and where it lies."""

    outcome_id: UUID | None
    task_id: UUID
    project_id: UUID
    organisation_id: UUID
    version: int


class Sight(NamedTuple):
    """What a caller may see: managers everything; a reviewer no identity, and no review, but their own."""

    member_id: UUID
    is_open: bool


class ToldEvent(msgspec.Struct, frozen=True):
    """An event of a log that proves a step. `data` is for managers only, null for others.

    `proof`: it lies in a signed segment, only in the chain so far, or waits for the appender.
    """

    id: str
    type: str
    subject: UUID
    time: datetime
    actor: str | None
    proof: Proved
    data: msgspec.Raw | None


class AssetStep(msgspec.Struct, frozen=True):
    """Bytes of an item, named by their BLAKE3 hash. The rest is null where the catalog does not know them."""

    hash: str
    media_type: str | None
    size_bytes: int | None
    source: str | None
    events: list[str]


class ItemStep(msgspec.Struct, frozen=True, kw_only=True):
    """What was labelled. `content_hash` is of its payload when it came in (BLAKE3)."""

    id: str
    unique_id: str
    content_hash: str | None
    dataset: str | None
    dataset_name: str | None
    assets: list[AssetStep]
    created_at: datetime | None
    deleted_at: datetime | None
    events: list[str]


class BatchStep(msgspec.Struct, frozen=True, kw_only=True):
    """The tasks it was released with; `job` is the import or release that made them."""

    id: str
    name: str
    priority: str
    created_by: str | None
    created_at: datetime
    job: str | None
    events: list[str]


class TaskStep(msgspec.Struct, frozen=True, kw_only=True):
    """One item x one stage. `events` are those of no other step: claims, releases, requeues."""

    id: str
    project: str
    project_name: str
    modality: str
    stage: str
    state: str
    overlap: int
    created_at: datetime
    events: list[str]


class OntologyStep(msgspec.Struct, frozen=True, kw_only=True):
    """An ontology version that something in the chain was given or checked under."""

    id: str
    ontology: str
    number: int
    content_hash: str
    created_by: str | None
    created_at: datetime
    events: list[str]


class InstructionsStep(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the instructions that somebody answered by; the hash is of its text (BLAKE3)."""

    version: int
    content_hash: str
    created_by: str | None
    created_at: datetime
    events: list[str]


class PredictionStep(msgspec.Struct, frozen=True, kw_only=True):
    """What a model said. `uses` are the answers it was shown for, each with what became of it there."""

    id: str
    model: str
    model_version: str
    score: float | None
    content_hash: str
    ontology_version: str | None
    use: Use
    uses: list[PredictionUse]
    created_at: datetime
    events: list[str]


class PredictionUse(msgspec.Struct, frozen=True):
    """A prediction in one answer: accepted as it was, or edited: `changes` says in words how."""

    submission: str
    use: Use
    changes: list[str]


class Judged(msgspec.Struct, frozen=True):
    """How far an answer agrees with what is known: 0 to 1. By gold, qualification, consensus or review."""

    source: str
    state: str
    score: float | None
    reason: str | None


class SubmissionStep(msgspec.Struct, frozen=True, kw_only=True):
    """One person's whole answer. `in_outcome`: the traced outcome rests on it. `state` is its assignment's.

    `supersedes` is the answer it revises. `judged` and `skill` (the annotator's, as it was known the day
    before) are for managers only.
    """

    id: str
    assignment: str
    member: str | None
    state: str
    counts: bool
    in_outcome: bool
    seconds: float
    content_hash: str
    ontology_version: str
    instructions_version: int
    supersedes: str | None
    suggested_by: list[str]
    claimed_at: datetime | None
    received_at: datetime
    committed_at: datetime
    judged: Judged | None
    skill: float | None
    events: list[str]


class GoldStep(msgspec.Struct, frozen=True, kw_only=True):
    """That the task carries, or carried, a known answer. For managers only."""

    state: str
    source: str
    qualification: bool
    content_hash: str
    changed_by: str | None
    changed_at: datetime
    events: list[str]


class RunStep(msgspec.Struct, frozen=True):
    """The run over the project that made an outcome; `reverts` names the run that it took back."""

    id: str
    reverts: str | None
    created_by: str | None


class OutcomeStep(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the agreed answer: what consensus, a reviewer or a revert made of the `submissions`.

    `reverts` is the outcome that a revert went back to. `decided_by` is the person who accepted or wrote it.
    """

    id: str
    version: int
    state: str
    content_hash: str
    ontology_version: str
    aggregator: str
    aggregator_version: str
    parameters: msgspec.Raw
    run: RunStep | None
    confidence: float
    agreement: float | None
    submissions: list[str]
    reverts: str | None
    decided_by: str | None
    created_at: datetime
    superseded_at: datetime | None
    events: list[str]


class ReviewStep(msgspec.Struct, frozen=True, kw_only=True):
    """A second look at one version. Reviewers see their own."""

    id: str
    outcome: str
    outcome_version: int
    purpose: str
    level: int
    levels: int
    state: str
    member: str | None
    verdict: str | None
    comment: str
    changes: list[str]
    amended_to: str | None
    created_at: datetime
    ended_at: datetime | None
    events: list[str]


class ChangeStep(msgspec.Struct, frozen=True, kw_only=True):
    """What a migration, a correction or a rollback made of one answer of the chain (`subject`)."""

    change: str
    kind: str
    subject: str
    subject_kind: Answered
    hash_before: str
    hash_after: str
    ontology_version_before: str
    ontology_version_after: str
    reason: str
    created_by: str | None
    approved_by: str | None
    started_at: datetime | None
    events: list[str]


class ExportStep(msgspec.Struct, frozen=True, kw_only=True):
    """A file that carried the outcome; `perhaps` where that was accepted or replaced while it was written."""

    job: str
    format: str
    carrying: Carrying
    content_hash: str | None
    created_by: str | None
    started_at: datetime
    ended_at: datetime
    events: list[str]


class Lineage(msgspec.Struct, frozen=True, kw_only=True):
    """The chain behind an outcome. `events` of a step are ids (`service.sequence`) of entries of `events`.

    `outcome` is null for a task that has none yet. `versions` are the outcome's and those before it, oldest
    first. `people` has the names behind the ids of members. `missing` says what could not be read, and why.
    """

    outcome: str | None
    version: int
    answer: msgspec.Raw | None
    is_current: bool
    item: ItemStep
    task: TaskStep
    batch: BatchStep | None
    ontology_versions: list[OntologyStep]
    instructions: list[InstructionsStep]
    predictions: list[PredictionStep]
    submissions: list[SubmissionStep]
    gold: GoldStep | None
    versions: list[OutcomeStep]
    reviews: list[ReviewStep]
    changes: list[ChangeStep]
    exports: list[ExportStep]
    events: list[ToldEvent]
    people: dict[str, str]
    missing: list[str]


class EventProofs(msgspec.Struct, frozen=True):
    """How well events are proved, by their sequence; one that is not there waits."""

    proofs: dict[str, Proved]


class VersionView(msgspec.Struct, frozen=True, kw_only=True):
    """One version in a task's history. `diff` is against the version before, null for the first one."""

    id: str
    version: int
    state: str
    is_current: bool
    made_by: str
    member: str | None
    reverts: str | None
    confidence: float
    content_hash: str
    ontology_version: str
    answer: msgspec.Raw
    diff: Diff | None
    created_at: datetime
    superseded_at: datetime | None


class History(msgspec.Struct, frozen=True):
    """The versions of a task's outcome, newest first."""

    task: str
    versions: list[VersionView]
    people: dict[str, str]


class Records(NamedTuple):
    """What the tables say of one task, as rows."""

    task: Any
    batch: Any
    versions: list[Any]
    submissions: list[Any]
    judged: list[Any]
    predictions: list[Any]
    gold: Any
    reviews: list[Any]
    changes: list[Any]
    runs: list[Any]
    ontology_versions: list[Any]
    instructions: list[Any]
    kinds: dict[UUID, Answered]
    events: list[Any]


class CatalogRecords(NamedTuple):
    """What the platform's tables say of an item, and of files that were made of a project."""

    item: Any
    assets: list[Any]
    exports: list[Any]
    events: list[Any]
