"""Keeping reviews true to outcomes, and leasing them: claim, renew, release, expire."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from annotary.eventlog import fact, record
from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import sweep
from annotary.kernel.limits import CLAIM_PROJECTS_MAX, EXPIRY_SWEEP_ROWS_MAX, ISSUES_SHOWN_MAX
from annotary.review import rules, store
from annotary.review.errors import UnknownReview
from annotary.review.store import QUERIES
from annotary.review.values import IssueView

ONE_LEVEL = 1


async def settle(uow: UnitOfWork, task_ids: Sequence[UUID]) -> None:
    """Make the reviews of tasks true to their outcomes as they are now. Doing it again changes nothing."""
    withdraw: list[UUID] = []
    wanted: list[tuple[UUID, str, int, int, str | None]] = []
    for standing in await store.standings(uow, sorted(task_ids)):
        plan = rules.plan(standing)
        withdraw += plan.withdraw
        if plan.level is not None and standing.outcome_id is not None:
            wanted.append((standing.outcome_id, "stage", plan.level, standing.levels, None))
    for row in await uow.fetch(QUERIES.contradictions_wanting_review, sorted(task_ids)):
        wanted.append((row["outcome_id"], "contradiction", ONE_LEVEL, ONE_LEVEL, row["reason"]))
    withdrawn = await uow.fetch(QUERIES.withdraw_reviews, withdraw) if withdraw else []
    if withdrawn:
        facts = (fact("review.withdrawn", row, None, {"review": row["id"]}, "task_id") for row in withdrawn)
        await record(uow, *facts)
    await open_reviews(uow, wanted)


async def open_reviews(uow: UnitOfWork, wanted: Sequence[tuple[UUID, str, int, int, str | None]]) -> None:
    """Open looks at outcomes, and tell of those that are new."""
    opened = await store.open_reviews(uow, wanted)
    if opened:
        await record(uow, *(fact("review.opened", row, None, _opened(row), "task_id") for row in opened))


def _opened(row: Row) -> dict[str, object]:
    told = {"round": row["round_id"], "outcome": row["outcome_id"], "audit": row["audit_id"]}
    return {
        "review": row["id"],
        **told,
        **{name: row[name] for name in ("purpose", "level", "levels", "reason")},
    }


async def claim(
    uow: UnitOfWork, caller: Caller, projects: Sequence[UUID], count: int
) -> tuple[list[Row], dict[UUID, list[IssueView]]]:
    """Lease up to `count` reviews, the oldest first; returns them, and the open issues of their tasks.

    Nobody is given what they have answered, nor a second look in one round. The issues are those of the work
    on a task; a review whose verdict shall not be swayed comes without any.
    """
    rows = await store.claim(uow, caller.member_id, projects, count)
    shown = [row["task_id"] for row in rows if row["purpose"] == "stage"]
    found = await uow.fetch(QUERIES.open_issues, shown, ISSUES_SHOWN_MAX) if shown else []
    by_task: dict[UUID, list[IssueView]] = defaultdict(list)
    for row, issue in zip(found, await store.with_comments(uow, found), strict=True):
        by_task[row["task_id"]].append(issue)
    return rows, {row["id"]: by_task[row["task_id"]] if row["purpose"] == "stage" else [] for row in rows}


async def reviewed_projects(database: Database, caller: Caller, project: Row | None) -> list[UUID]:
    """Return the projects to look for reviews in: the one asked for, or all that the caller reviews."""
    if project is not None:
        access_project(caller, project["id"], project["organisation_id"], Role.REVIEWER)
        return [project["id"]] if project["state"] == "active" else []
    among = None
    if caller.role < Role.MANAGER:
        among = [one for one, role in caller.projects.items() if role >= Role.REVIEWER]
    return await store.projects_with_reviews(database, caller.organisation_id, among, CLAIM_PROJECTS_MAX)


async def renew(uow: UnitOfWork, caller: Caller, review: UUID, fence: int) -> datetime:
    """Put the end of a lease off by the project's lease time; returns the new end."""
    await hold_leased(uow, caller, review, fence)
    expires_at: datetime = await uow.fetchval(QUERIES.renew_review, review)
    return expires_at


async def release(uow: UnitOfWork, caller: Caller, review: UUID, fence: int) -> None:
    """Give a review back: it goes to whoever claims next."""
    await hold_leased(uow, caller, review, fence)
    await uow.execute(QUERIES.release_review, review, caller.member_id)


async def hold_leased(uow: UnitOfWork, caller: Caller, review: UUID, fence: int) -> Row:
    """Lock a review the caller holds a live lease on; raises what is wrong with it else."""
    row = await uow.fetchrow(QUERIES.hold_review, review)
    if row is None or row["organisation_id"] != caller.organisation_id:
        raise UnknownReview()
    access_project(caller, row["project_id"], row["organisation_id"], Role.REVIEWER)
    refused = rules.refusal(store.held(row), caller.member_id, fence)
    if refused is not None:
        raise refused
    return row


async def expire_reviews(database: Database) -> int:
    """End every lease on a review that is over by the database's clock; returns how many."""
    return await sweep(lambda: store.expire(database, EXPIRY_SWEEP_ROWS_MAX), EXPIRY_SWEEP_ROWS_MAX)
