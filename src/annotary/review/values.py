"""Reviews, issues and audits: their states, and how they look outside."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from annotary.dispatch.values import Fence
from annotary.kernel import limits

Purpose = Literal["stage", "audit", "contradiction"]
ReviewState = Literal["open", "leased", "decided", "withdrawn"]
Verdict = Literal["accepted", "rejected", "amended"]
IssueState = Literal["open", "resolved"]
ChangeKind = Literal["added", "removed", "changed"]


class Spot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A place in an item: a point (`x`, `y` in pixels), a stretch of text (`start` to `end` in code points),
    or a `frame`, with or without a point in it.
    """

    x: float | None = None
    y: float | None = None
    start: int | None = None
    end: int | None = None
    frame: int | None = None


# Where an issue is pinned: a JSON pointer (RFC 6901) into the answer, a spot in the item, or nowhere.
Place = str | Spot | None


class NewRemark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An issue raised with a verdict."""

    text: str
    place: Place = None


class NewIssue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An issue raised by itself."""

    task: str
    text: str
    place: Place = None


class NewComment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A comment on an issue."""

    text: str


class VerdictRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A verdict: with an `answer` where it is `amended`, with remarks where there are any."""

    fence: Fence
    verdict: Verdict
    answer: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    comment: str = ""
    issues: list[NewRemark] = []


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One mark that an amendment added, removed or changed.

    `place` points into the amended answer (for what was removed: into the earlier one), `fields` are those
    that differ, `text` says it in words.
    """

    kind: ChangeKind
    place: str
    was: str | None = None
    fields: list[str] = []
    text: str


class Diff(msgspec.Struct, frozen=True, kw_only=True):
    """What an amendment did, mark by mark; `changes` holds the first so many, the counts are of all."""

    added: int
    removed: int
    changed: int
    changes: list[Change]


class CommentView(msgspec.Struct, frozen=True):
    """A comment on an issue."""

    id: str
    member: str
    text: str
    written_at: datetime


class IssueView(msgspec.Struct, frozen=True):
    """A remark pinned to a place, and what was said about it."""

    id: str
    task: str
    project: str
    review: str | None
    outcome: str | None
    place: msgspec.Raw
    text: str
    state: IssueState
    raised_by: str
    raised_at: datetime
    resolved_by: str | None
    resolved_at: datetime | None
    comments: list[CommentView]


class TaskReviewed(msgspec.Struct, frozen=True):
    """The task inside a review, with the item that the answer is about."""

    id: str
    unique_id: str
    project: str
    ontology_version: str
    item: msgspec.Raw


class OutcomeReviewed(msgspec.Struct, frozen=True):
    """The answer to judge. Who gave it, and how sure the consensus was, is not shown."""

    id: str
    version: int
    answer: msgspec.Raw


class ReviewGiven(msgspec.Struct, frozen=True):
    """A lease on a review: send `fence` back with the verdict, before `expires_at`."""

    id: str
    fence: int
    expires_at: datetime
    level: int
    task: TaskReviewed
    outcome: OutcomeReviewed
    issues: list[IssueView]


class ReviewsClaimed(msgspec.Struct, frozen=True):
    """The reply to a claim; empty when there is nothing to review for this member."""

    reviews: list[ReviewGiven]


class AnswerReviewed(msgspec.Struct, frozen=True):
    """One person's answer behind an outcome; `member` and `name` only where the project shows names."""

    answer: msgspec.Raw
    seconds: float
    member: str | None
    name: str | None


class AnswersReviewed(msgspec.Struct, frozen=True):
    """What a project shows of how an outcome came about: nothing, where `shows` is `outcome`.

    `count` is how many answers there are, of which the first so many are in `answers`.
    """

    shows: Literal["outcome", "answers", "names"]
    aggregator: str | None = None
    confidence: float | None = None
    agreement: float | None = None
    count: int = 0
    answers: list[AnswerReviewed] = []


class ReviewView(msgspec.Struct, frozen=True):
    """One look at an outcome. `purpose`, `audit` and `reason` are for managers only, null for others."""

    id: str
    task: str
    unique_id: str
    project: str
    outcome: str
    outcome_version: int
    level: int
    levels: int
    state: ReviewState
    member: str | None
    verdict: Verdict | None
    comment: str
    diff: Diff | None
    amended_to: str | None
    effective: bool | None
    purpose: Purpose | None
    audit: str | None
    reason: str | None
    created_at: datetime
    ended_at: datetime | None


class VerdictTaken(msgspec.Struct, frozen=True):
    """What a verdict did: the review as it is now, and the issues raised with it."""

    review: ReviewView
    issues: list[str]


class NewAudit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sample to draw: `size` outcomes, or as many as a `margin` needs whatever the error rate is.

    `batch` and `member` (who answered) narrow what is drawn from; `confidence` is that of the interval.
    """

    project: str
    size: Annotated[int, msgspec.Meta(ge=1, le=limits.AUDIT_OUTCOMES_MAX)] | None = None
    margin: Annotated[float, msgspec.Meta(ge=limits.AUDIT_MARGIN_MIN, lt=0.5)] | None = None
    confidence: Annotated[float, msgspec.Meta(ge=0.5, le=limits.AUDIT_CONFIDENCE_MAX)] = 0.95
    batch: str | None = None
    member: str | None = None


class AuditView(msgspec.Struct, frozen=True):
    """A sample and what it says about the `population` it was drawn from.

    `rate` is the share of verdicts other than accepted; `low` and `high` bound the population's error rate at
    `confidence`. `more` is how many further verdicts the `margin` would need at the present rate; null
    without a margin. `lost` outcomes can no longer be judged, since their items were deleted.
    """

    id: str
    project: str
    batch: str | None
    member: str | None
    seed: int
    population: int
    size: int
    confidence: float
    margin: float | None
    decided: int
    errors: int
    lost: int
    complete: bool
    rate: float | None
    low: float
    high: float
    more: int | None
    method: str
    created_by: str
    created_at: datetime


class Held(msgspec.Struct, frozen=True):
    """A review's lease; `is_over` by the database's clock."""

    state: ReviewState
    fence: int
    member_id: UUID | None
    is_over: bool


class About(msgspec.Struct, frozen=True):
    """What an issue is about."""

    task_id: UUID
    project_id: UUID
    organisation_id: UUID
    review_id: UUID | None
    outcome_id: UUID | None


class Standing(msgspec.Struct, frozen=True):
    """Where a task's reviews stand beside its current outcome (None where there is none).

    `round_id` and `levels_decided` are of the current outcome's round; `live` are the open and leased reviews
    but those of audits, as (id, purpose, outcome id).
    """

    task_id: UUID
    outcome_id: UUID | None
    outcome_state: str | None
    round_id: UUID | None
    levels_decided: int
    levels: int
    live: list[tuple[UUID, str, UUID]]


class Plan(msgspec.Struct, frozen=True):
    """What makes a task's reviews true to its outcome: reviews to withdraw, and the level to open, if any."""

    withdraw: list[UUID]
    level: int | None


def decoded_diff(stored: str | None) -> Diff | None:
    """Return a stored diff."""
    return None if stored is None else msgspec.json.decode(stored, type=Diff)


def decoded_place(stored: str | None) -> Any:
    """Return a stored place, as JSON that goes out as it is."""
    return msgspec.Raw((stored or "null").encode())
