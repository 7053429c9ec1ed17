"""Changes of many stored answers: what they are told, how far they are, and how they look outside."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from annotary.ontology.steps.values import Condition, Step
from annotary.ontology.values import Definition

ChangeKind = Literal["migration", "correction", "rollback"]
ChangeState = Literal[
    "proposed", "waiting", "running", "paused", "following", "succeeded", "failed", "cancelled"
]
Ambiguous = Literal["keep", "requeue"]
AnswerKind = Literal["submission", "outcome", "gold", "prediction", "draft"]
NOWHERE = UUID(int=0)


class Filter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which answers, and which of their marks, a correction is about; what is left out restricts nothing.

    `label` and `where` (conditions on attributes, tool and shape) choose marks; the rest chooses answers:
    `members` who gave them, `since` and `until` (when they came), `batches`, and the `model` (with
    `model_version`) whose prediction was shown for them.
    """

    label: str | None = None
    where: tuple[Condition, ...] = ()
    members: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    batches: tuple[str, ...] = ()
    model: str | None = None
    model_version: str | None = None


class GivenAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer by id (a submission's or an outcome's) with what is to stand in its place."""

    id: str
    content_hash: str
    answer: dict[str, Any]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a change is told. A correction has `filter` and `steps`, or the `answers` themselves.

    `ambiguous`: answers that people must decide about stay as they are (`keep`), or their finished tasks are
    opened again as well (`requeue`). `to`: where a rollback brings answers that were made after the change.
    """

    ambiguous: Ambiguous = "keep"
    reason: str = ""
    to: UUID | None = None
    filter: Filter | None = None
    steps: tuple[Step, ...] = ()
    answers: tuple[GivenAnswer, ...] = ()


class ChangeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the job of a change is told: all of it, so that it can begin where nobody wrote its row."""

    change_id: UUID
    kind: ChangeKind
    project_id: UUID
    organisation_id: UUID
    ontology_version_id: UUID
    terms: Terms
    reverts: UUID | None = None
    created_by: UUID | None = None
    add: bool = False


class Counts(msgspec.Struct):
    """What became of a change's answers.

    Of those `looked_at`, `changed` have other bytes now, of which `lossy` lack something they said before;
    `pinned` only have another ontology version. Left as they were: `ambiguous` ones, those that would not be
    valid (`invalid`), those that others wrote meanwhile (`moved`). `requeued` counts tasks.
    """

    looked_at: int = 0
    changed: int = 0
    pinned: int = 0
    lossy: int = 0
    ambiguous: int = 0
    invalid: int = 0
    moved: int = 0
    requeued: int = 0


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change in one run of it, from where it stands: `part` of the answers, behind `after`."""

    id: UUID
    kind: ChangeKind
    project_id: UUID
    organisation_id: UUID
    ontology_version_id: UUID
    terms: Terms
    reverts: UUID | None
    run: int
    part: int
    after: UUID
    counts: Counts
    started_at: datetime | None


class Version(msgspec.Struct, frozen=True):
    """An ontology version, with the steps to it from the version it `follows`; None where none were told."""

    id: UUID
    number: int
    modality: str
    definition: Definition
    content_hash: bytes
    follows: UUID | None
    steps: tuple[Step, ...] | None


class Stored(NamedTuple):
    """An answer as it is stored; `payload` is its item's JSON."""

    id: UUID
    task_id: UUID
    answer: str
    content_hash: bytes
    ontology_version_id: UUID
    payload: str


class Carried(NamedTuple):
    """An answer after a change. `encoded` None: its bytes stay. With a `reason` it is left as it is."""

    encoded: bytes | None = None
    lossy: bool = False
    reason: str = ""
    paths: tuple[str, ...] = ()


class ChangeView(msgspec.Struct, frozen=True):
    """A change: `reverts` names the one it takes back. `done` of `total` answers; `job` does it."""

    id: str
    kind: ChangeKind
    project: str
    ontology_version: str
    state: ChangeState
    counts: Counts
    done: int
    total: int | None
    reason: str | None
    reverts: str | None
    job: str | None
    terms: msgspec.Raw
    created_by: str | None
    approved_by: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class UnchangedView(msgspec.Struct, frozen=True):
    """An answer that a change left as it was, and why; `paths` are places in it."""

    id: str
    task: str
    kind: AnswerKind
    reason: str
    paths: list[str]
    requeued: bool
