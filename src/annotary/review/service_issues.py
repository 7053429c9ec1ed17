"""Issues: raised about a task, commented on, resolved."""

from __future__ import annotations

from uuid import UUID

import msgspec

from annotary.dispatch.errors import UnknownTask
from annotary.dispatch.values import Listing
from annotary.eventlog import fact, record
from annotary.identity.errors import RoleTooLow
from annotary.identity.rules import access_project, project_role
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one, rows_by_id
from annotary.kernel import limits
from annotary.kernel.ids import new_id
from annotary.kernel.names import body_id, check_text
from annotary.review import rules, store
from annotary.review.errors import UnknownIssue
from annotary.review.service_reading import role_there
from annotary.review.store import QUERIES
from annotary.review.values import About, CommentView, IssueState, IssueView, NewComment, NewIssue, NewRemark


async def raise_issue(uow: UnitOfWork, caller: Caller, new: NewIssue) -> IssueView:
    """Raise an issue about a task: for reviewers, and for annotators who were given it."""
    place = await uow.fetchrow(QUERIES.task_place, body_id("task", new.task, "/task"), caller.member_id)
    if place is None or not _may_see(caller, place):
        raise UnknownTask(path="/task")
    check_text(new.text, "/text", limits.ISSUE_TEXT_CHARACTERS_MAX)
    answers = [] if place["answer"] is None else [msgspec.json.decode(place["answer"])]
    rules.check_place(new.place, "/place", msgspec.json.decode(place["payload"]), answers)
    about = About(place["id"], place["project_id"], place["organisation_id"], None, place["outcome_id"])
    (issue,) = await store.add_issues(uow, about, [NewRemark(new.text, new.place)], caller.member_id)
    row = await one(uow, QUERIES.issue, issue, caller.member_id)
    return (await store.with_comments(uow, [row]))[0]


async def list_issues(
    uow: UnitOfWork, caller: Caller, listing: Listing, state: str | None
) -> Page[IssueView]:
    """Return a page of a project's or a task's issues: annotators see those of tasks they were given."""
    project, task = listing.place
    role = await role_there(uow, caller, project, task, Role.ANNOTATOR)
    own = caller.member_id if role < Role.REVIEWER else None
    query = QUERIES.issues_of_project if task is None else QUERIES.issues_of_task
    about = (task or project, state, own)
    rows, following = await rows_by_id(uow, query, listing.limit, listing.next_token, *about)
    return Page(await store.with_comments(uow, rows), following)


async def read_issue(uow: UnitOfWork, caller: Caller, issue: UUID) -> IssueView:
    """Return one issue with its comments."""
    return (await store.with_comments(uow, [await _find(uow, caller, issue)]))[0]


async def comment(uow: UnitOfWork, caller: Caller, issue: UUID, new: NewComment) -> CommentView:
    """Comment on an issue: for whoever sees it."""
    row = await _find(uow, caller, issue)
    text = check_text(new.text, "/text", limits.ISSUE_TEXT_CHARACTERS_MAX)
    written = await one(uow, QUERIES.add_comment, new_id(), issue, caller.member_id, text)
    await _tell(uow, caller, row, "issue.commented", comment=written["id"])
    return store.comment_view(written)


async def set_state(uow: UnitOfWork, caller: Caller, issue: UUID, state: IssueState) -> IssueView:
    """Resolve an issue or open it again: for reviewers, and for who raised it. Twice is as once."""
    row = await _find(uow, caller, issue)
    role = access_project(caller, row["project_id"], row["organisation_id"], Role.ANNOTATOR)
    if role < Role.REVIEWER and row["raised_by"] != caller.member_id:
        raise RoleTooLow("Only reviewers, and who raised it, say whether an issue is settled: comment on it.")
    if await uow.fetchval(QUERIES.set_issue_state, issue, state, caller.member_id) is not None:
        await _tell(uow, caller, row, "issue.resolved" if state == "resolved" else "issue.reopened")
    return await read_issue(uow, caller, issue)


async def _find(uow: UnitOfWork, caller: Caller, issue: UUID) -> Row:
    row = await uow.fetchrow(QUERIES.issue, issue, caller.member_id)
    if row is None or not _may_see(caller, row):
        raise UnknownIssue()
    return row


def _may_see(caller: Caller, row: Row) -> bool:
    role = project_role(caller, row["project_id"], row["organisation_id"])
    return role is not None and (role >= Role.REVIEWER or row["assigned"])


async def _tell(uow: UnitOfWork, caller: Caller, row: Row, kind: str, **more: UUID) -> None:
    await record(uow, fact(kind, row, caller.member_id, {"issue": row["id"], **more}, "task_id"))
