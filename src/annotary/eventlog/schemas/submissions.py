"""Events of answers; every modality writes its own."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from annotary.eventlog.schemas.declaring import MODALITIES, Data, Hash, Moment, event


@event("submission.received", "task", MODALITIES)
class SubmissionReceived(Data):
    """An answer was taken under a live lease; it counts from the time of this event on."""

    submission: UUID
    assignment: UUID
    content_hash: Hash
    ontology_version: UUID
    received_at: Moment


@event("submission.revised", "task", MODALITIES)
class SubmissionRevised(Data):
    """A member's second thoughts count in place of their earlier answer."""

    submission: UUID
    supersedes: UUID
    assignment: UUID
    content_hash: Hash
    ontology_version: UUID
    received_at: Moment


@event("submission.discounted", "task", MODALITIES)
class SubmissionDiscounted(Data):
    """An answer counts no longer: its author may be asked again (`revoked`), or not (`set_aside`)."""

    submission: UUID
    assignment: UUID
    member: UUID
    state: Literal["revoked", "set_aside"]
    reason: str
    pause: UUID | None = None
