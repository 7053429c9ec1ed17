"""Drafts and submissions, and how they look outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from annotary.dispatch.values import AssignmentGiven, Fence, Lease


class SubmissionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole answer under a lease: `seconds` were spent on it; `claim_next` tasks are claimed with it.

    `first_input_ago_seconds` says how long before sending the first thing was done about it. It only tells
    where time went: what cannot be is brought between the claim and the arrival, and refuses no answer.
    """

    fence: Fence
    answer: msgspec.Raw
    seconds: float
    claim_next: int = 0
    first_input_ago_seconds: float | None = None


class SubmissionTaken(msgspec.Struct, frozen=True):
    """The answer is in, durably. `next` holds what `claim_next` asked for."""

    submission_id: str
    next: list[AssignmentGiven] = []


class RevisionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member's own second thoughts: supersedes the submission and counts once."""

    answer: msgspec.Raw
    seconds: float


class DraftRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer being written; it need not be complete or valid yet."""

    fence: Fence
    answer: msgspec.Raw


class DraftView(msgspec.Struct, frozen=True):
    """A draft, with the version its ETag names."""

    task: str
    answer: msgspec.Raw
    version: int
    saved_at: datetime


class DraftLeft(msgspec.Struct, frozen=True):
    """A draft to go on from, by the assignment that it was asked for."""

    assignment: str
    answer: msgspec.Raw
    version: int
    saved_at: datetime


class SubmissionView(msgspec.Struct, frozen=True):
    """One person's whole answer, and where it came from."""

    id: str
    assignment: str
    task: str
    project: str
    member: str
    answer: msgspec.Raw
    content_hash: str
    seconds: float
    ontology_version: str
    instructions_version: int
    suggested_by: Sequence[str]
    supersedes: str | None
    counts: bool
    received_at: datetime
    committed_at: datetime


class LeaseContext(msgspec.Struct, frozen=True):
    """What checking an answer needs to know of its lease; `payload` and `suggestions` are JSON."""

    member_id: UUID
    task_id: UUID
    project_id: UUID
    ontology_version_id: UUID
    payload: str
    suggestions: str | None


class Entry(msgspec.Struct, frozen=True):
    """One checked answer on its way into the group commit."""

    submission_id: UUID
    assignment_id: UUID
    member_id: UUID
    fence: int
    answer: str
    content_hash: bytes
    seconds: float
    suggested_by: str
    received_at: datetime
    key: str
    request_hash: bytes
    first_input_at: datetime | None
    group_opened_at: datetime
    traceparent: str | None
    projects: tuple[UUID, ...] = ()
    claim_next: int = 0


class Taken(msgspec.Struct, frozen=True):
    """What became of an entry: stored now, or `replayed` because its key had already been used for it."""

    submission_id: UUID
    next: list[Lease]
    replayed: bool = False
