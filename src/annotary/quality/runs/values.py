"""Runs over a project's outcomes, as the API and the job know them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from annotary.quality.values import NewOutcome

RunState = Literal["waiting", "running", "succeeded", "failed"]


class RunParameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a run can be told: whether known answers (gold) are evidence."""

    gold: bool = True


class NewRun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Find a project's outcomes anew. Without an `aggregator` the project's own is used."""

    project: str
    aggregator: str | None = None
    parameters: RunParameters = RunParameters()


class RunRequest(msgspec.Struct, frozen=True):
    """What the job of a run is told."""

    run_id: UUID


class Summary(msgspec.Struct, kw_only=True):
    """What became of a run's outcomes.

    Of those `looked_at`, `answers` got another answer and `confidences` only another class of confidence.
    Left as they were: those that a person `reviewed`, those whose answers `moved` while it ran, and those
    `stuck` because the answers could not be merged.
    """

    method_used: str = ""
    looked_at: int = 0
    answers: int = 0
    confidences: int = 0
    reviewed: int = 0
    moved: int = 0
    stuck: int = 0


class RunView(msgspec.Struct, frozen=True):
    """A run: `reverts` names the run that it takes back. Its progress is that of the `job`."""

    id: str
    project: str
    aggregator: str
    parameters: msgspec.Raw
    reverts: str | None
    state: RunState
    job: str
    summary: dict[str, Any] | None
    created_by: str
    created_at: datetime
    ended_at: datetime | None


class Run(msgspec.Struct, frozen=True):
    """A run to be done."""

    id: UUID
    project_id: UUID
    aggregator: str
    parameters: RunParameters
    reverts: UUID | None


class Before(NamedTuple):
    """An outcome as it was before a run, and the hash and confidence of what replaced it then."""

    outcome: NewOutcome
    content_hash_before: bytes
    confidence_before: float


class Current(msgspec.Struct, frozen=True, kw_only=True):
    """The current outcome of a finished task beside the answers that count now (`counted_*`, lists in order).

    `accepted_by` is the person who accepted or amended it.
    """

    id: UUID
    task_id: UUID
    organisation_id: UUID
    state: Literal["proposed", "accepted"]
    answer: str
    content_hash: bytes
    ontology_version_id: UUID
    aggregator: str
    confidence: float
    agreement: float | None
    accepted_by: UUID | None
    submission_ids: list[UUID]
    payload: str
    counted_ids: list[UUID]
    counted_members: list[UUID]
    counted_answers: list[str]
    counted_hashes: list[bytes]
    counted_versions: list[UUID]
