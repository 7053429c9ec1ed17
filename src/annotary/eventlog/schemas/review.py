"""Events of reviews, issues and audits; every modality writes its own."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from annotary.eventlog.schemas.declaring import MODALITIES, Count, Data, Moment, Number, event

Purpose = Literal["stage", "audit", "contradiction"]


class OfReview(Data):
    """Which review."""

    review: UUID


@event("review.opened", "task", MODALITIES)
class ReviewOpened(OfReview):
    """A look at an outcome is asked for: on a level of a round, or for an audit or a contradiction."""

    purpose: Purpose
    round: UUID
    level: Number
    levels: Number
    outcome: UUID
    audit: UUID | None
    reason: str | None


@event("review.claimed", "task", MODALITIES)
class ReviewClaimed(OfReview):
    """A reviewer was given a review under a lease."""

    fence: Number
    expires_at: Moment


@event("review.released", "task", MODALITIES)
class ReviewReleased(OfReview):
    """A reviewer gave a review back."""


@event("review.expired", "task", MODALITIES)
class ReviewExpired(OfReview):
    """A reviewer's lease was over before the verdict."""


@event("review.withdrawn", "task", MODALITIES)
class ReviewWithdrawn(OfReview):
    """The outcome to look at has given way: no verdict is asked for any more."""


@event("review.decided", "task", MODALITIES)
class ReviewDecided(OfReview):
    """A reviewer gave a verdict; `effective` says whether the outcome was still the current one."""

    purpose: Purpose
    level: Number
    outcome: UUID
    verdict: Literal["accepted", "rejected", "amended"]
    amended_to: UUID | None
    effective: bool


class OfIssue(Data):
    """Which issue."""

    issue: UUID


@event("issue.raised", "task", MODALITIES)
class IssueRaised(OfIssue):
    """Somebody remarked something about a task, by itself or with a verdict."""

    review: UUID | None
    outcome: UUID | None


@event("issue.commented", "task", MODALITIES)
class IssueCommented(OfIssue):
    """Somebody commented on an issue."""

    comment: UUID


@event("issue.resolved", "task", MODALITIES)
class IssueResolved(OfIssue):
    """An issue is settled, by a member or by a verdict that lets the answer stand."""


@event("issue.reopened", "task", MODALITIES)
class IssueReopened(OfIssue):
    """An issue that was settled is open again."""


@event("audit.started", "audit", MODALITIES)
class AuditStarted(Data):
    """A sample of accepted outcomes was drawn with a seed; each of its outcomes has a review."""

    project_id: UUID
    seed: int
    population: Count
    size: Count
