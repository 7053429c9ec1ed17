"""The tables of review: looks at outcomes, and what is remarked about them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel.ids import format_id, new_id, outside_id
from annotary.kernel.limits import ISSUE_COMMENTS_SHOWN_MAX, LEASES_PER_MEMBER_MAX
from annotary.projects.quality import read_quality
from annotary.review.values import (
    About,
    AnswerReviewed,
    CommentView,
    Diff,
    Held,
    IssueView,
    NewRemark,
    ReviewView,
    Standing,
    decoded_diff,
    decoded_place,
)

QUERIES = queries.load(__package__)
_encode = msgspec.json.Encoder().encode


async def standings(uow: UnitOfWork, task_ids: Sequence[UUID]) -> list[Standing]:
    """Return where tasks' reviews stand; a task that does not exist is left out."""
    return [
        Standing(
            task_id=row["task_id"],
            outcome_id=row["outcome_id"],
            outcome_state=row["outcome_state"],
            round_id=row["round_id"],
            levels_decided=row["levels_decided"],
            levels=row["pinned"] or read_quality(row["quality"]).review.levels,
            live=list(zip(row["live_ids"], row["live_purposes"], row["live_outcomes"], strict=True)),
        )
        for row in await uow.fetch(QUERIES.standings, task_ids)
    ]


async def open_reviews(
    uow: UnitOfWork, wanted: Sequence[tuple[UUID, str, int, int, str | None]]
) -> list[Row]:
    """Open looks at outcomes: (outcome id, purpose, level, levels, reason) each; returns the new ones."""
    if not wanted:
        return []
    outcomes, purposes, level, levels, reasons = zip(*wanted, strict=True)
    ids = [new_id() for _ in wanted]
    return await uow.fetch(QUERIES.open_reviews, ids, outcomes, purposes, level, levels, reasons)


async def claim(uow: UnitOfWork, member: UUID, projects: Sequence[UUID], count: int) -> list[Row]:
    """Lease the oldest reviews a member may give."""
    # One claim of a member after the other, so that each sees what the one before it took.
    await uow.execute(QUERIES.hold_member, member)
    return await uow.fetch(QUERIES.claim_reviews, member, list(projects), count, LEASES_PER_MEMBER_MAX)


async def projects_with_reviews(
    database: Database, organisation: UUID, among: Sequence[UUID] | None, projects_max: int
) -> list[UUID]:
    """Return the active projects with something to review."""
    wanted = None if among is None else list(among)
    rows = await database.fetch(QUERIES.projects_with_reviews, organisation, wanted, projects_max)
    return [row["id"] for row in rows]


async def expire(database: Database, rows_max: int) -> int:
    """End leases that are over; returns how many."""
    return int(await database.pool.fetchval(QUERIES.expire_reviews, rows_max))


def held(row: Row) -> Held:
    """Return the lease of a locked review."""
    return Held(row["state"], row["fence"], row["member_id"], bool(row["is_over"]))


async def decide(
    uow: UnitOfWork,
    review: UUID,
    verdict: str,
    comment: str,
    diff: Diff | None,
    amended_to: UUID | None,
    effective: bool,
) -> Row:
    """Write a verdict; returns the review as it is now."""
    stored = None if diff is None else _encode(diff).decode()
    await uow.execute(QUERIES.decide_review, review, verdict, comment, stored, amended_to, effective)
    return await one(uow, QUERIES.review, review)


async def add_issues(uow: UnitOfWork, about: About, remarks: Sequence[NewRemark], by: UUID) -> list[UUID]:
    """Raise issues; returns their ids."""
    if not remarks:
        return []
    ids = [new_id() for _ in remarks]
    places = [None if one.place is None else _encode(one.place).decode() for one in remarks]
    texts = [one.text for one in remarks]
    await uow.execute(QUERIES.add_issues, ids, texts, *msgspec.structs.astuple(about), by, places)
    return ids


async def with_comments(uow: UnitOfWork, rows: Sequence[Row]) -> list[IssueView]:
    """Return issues as the API shows them, with what was said about each."""
    said: dict[UUID, list[CommentView]] = {row["id"]: [] for row in rows}
    if rows:
        found = await uow.fetch(QUERIES.comments, list(said), ISSUE_COMMENTS_SHOWN_MAX)
        for row in found:
            said[row["issue_id"]].append(comment_view(row))
    return [_issue_view(row, said[row["id"]]) for row in rows]


def comment_view(row: Row) -> CommentView:
    """Return a comment as the API shows it."""
    return CommentView(
        format_id("comment", row["id"]),
        format_id("member", row["member_id"]),
        row["text"],
        row["written_at"],
    )


def _issue_view(row: Row, comments: list[CommentView]) -> IssueView:
    return IssueView(
        id=format_id("issue", row["id"]),
        task=format_id("task", row["task_id"]),
        project=format_id("project", row["project_id"]),
        review=outside_id("review", row["review_id"]),
        outcome=outside_id("outcome", row["outcome_id"]),
        place=decoded_place(row["place"]),
        text=row["text"],
        state=row["state"],
        raised_by=format_id("member", row["raised_by"]),
        raised_at=row["raised_at"],
        resolved_by=outside_id("member", row["resolved_by"]),
        resolved_at=row["resolved_at"],
        comments=comments,
    )


def answer_reviewed(row: Row, *, named: bool) -> AnswerReviewed:
    """Return an answer as reviewers see it."""
    return AnswerReviewed(
        answer=msgspec.Raw(row["answer"].encode()),
        seconds=row["seconds"],
        member=format_id("member", row["member_id"]) if named else None,
        name=row["name"] if named else None,
    )


def review_view(row: Row, *, open_handed: bool) -> ReviewView:
    """Return a review as the API shows it; what a reviewer must not know only when `open_handed`."""
    return ReviewView(
        id=format_id("review", row["id"]),
        task=format_id("task", row["task_id"]),
        unique_id=row["unique_id"],
        project=format_id("project", row["project_id"]),
        outcome=format_id("outcome", row["outcome_id"]),
        outcome_version=row["outcome_version"],
        level=row["level"],
        levels=row["levels"],
        state=row["state"],
        member=outside_id("member", row["member_id"]),
        verdict=row["verdict"],
        comment=row["comment"],
        diff=decoded_diff(row["diff"]),
        amended_to=outside_id("outcome", row["amended_to"]),
        effective=row["effective"],
        purpose=row["purpose"] if open_handed else None,
        audit=outside_id("audit", row["audit_id"]) if open_handed else None,
        reason=row["reason"] if open_handed else None,
        created_at=row["created_at"],
        ended_at=row["ended_at"],
    )
