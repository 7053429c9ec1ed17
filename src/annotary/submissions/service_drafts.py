"""Drafts, revisions, and reading answers."""

from __future__ import annotations

from uuid import UUID

import msgspec

from annotary.dispatch.service import why_not
from annotary.dispatch.values import Listing
from annotary.eventlog import fact, record
from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import page_by_id
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import Invalid, PreconditionFailed
from annotary.kernel.ids import new_id
from annotary.kernel.limits import ANSWER_BYTES_MAX
from annotary.submissions import store
from annotary.submissions.errors import Superseded, UnknownDraft, UnknownSubmission
from annotary.submissions.service import Intake, check_seconds
from annotary.submissions.values import DraftRequest, LeaseContext, RevisionRequest, SubmissionView


async def save_draft(
    database: Database, caller: Caller, assignment: UUID, asked: DraftRequest, version: int | None
) -> Row:
    """Keep an answer being written under the caller's live lease."""
    raw = bytes(asked.answer)
    if len(raw) > ANSWER_BYTES_MAX:
        raise Invalid(path="/answer", found=f"{len(raw)} bytes", expected=f"at most {ANSWER_BYTES_MAX} bytes")
    async with database.transaction() as uow:
        row = await store.save_draft(uow, assignment, caller.member_id, asked.fence, raw.decode(), version)
        if row is not None:
            return row
        if version is not None and await store.draft(uow, assignment, caller.member_id) is not None:
            raise PreconditionFailed()
    raise await why_not(database, assignment, caller.member_id, asked.fence)


async def read_draft(database: Database, caller: Caller, assignment: UUID) -> Row:
    """Return the caller's draft for the task of an assignment of theirs."""
    row = await store.draft(database, assignment, caller.member_id)
    if row is None:
        raise UnknownDraft()
    return row


async def revise(
    uow: UnitOfWork, intake: Intake, caller: Caller, submission: UUID, asked: RevisionRequest
) -> UUID:
    """Put the caller's second thoughts in place of their submission; returns the new submission's id."""
    received_at = system_clock()
    check_seconds(asked.seconds)
    row = await uow.fetchrow(store.QUERIES.submission_for_revision, submission)
    if row is None or row["member_id"] != caller.member_id:
        raise UnknownSubmission()
    if row["current_id"] != submission or row["state"] != "submitted":
        raise Superseded()
    context = LeaseContext(
        caller.member_id,
        row["task_id"],
        row["project_id"],
        row["ontology_version_id"],
        row["payload"],
        row["suggestions"],
    )
    checked = await intake.check(context, asked.answer)
    new = new_id()
    await uow.execute(
        store.QUERIES.insert_revision,
        new,
        submission,
        checked.encoded.decode(),
        checked.content_hash,
        asked.seconds,
        received_at,
    )
    await uow.execute(store.QUERIES.point_at, row["assignment_id"], new)
    data = {
        "submission": new,
        "supersedes": submission,
        "assignment": row["assignment_id"],
        "content_hash": checked.content_hash.hex(),
        "ontology_version": row["ontology_version_id"],
        "received_at": received_at,
    }
    await record(uow, fact("submission.revised", row, caller.member_id, data, "task_id"))
    return new


async def list_submissions(
    database: Database, caller: Caller, project: Row, listing: Listing
) -> Page[SubmissionView]:
    """Return a page of submissions: a reviewer or manager sees all of a project, others only their own."""
    role = access_project(caller, project["id"], project["organisation_id"], Role.ANNOTATOR)
    member = None if role >= Role.REVIEWER else caller.member_id
    _, task = listing.place
    query = store.QUERIES.submissions_of_task if task else store.QUERIES.submissions_of_project
    subject = task or project["id"]
    async with database.connection() as uow:
        return await page_by_id(
            uow, query, store.submission_view, listing.limit, listing.next_token, subject, member
        )


async def read_submission(database: Database, caller: Caller, submission: UUID) -> SubmissionView:
    """Return one submission: the caller's own, or any for a reviewer or manager of its project."""
    row = await database.fetchrow(store.QUERIES.submission, submission)
    if row is None or row["organisation_id"] != caller.organisation_id:
        raise UnknownSubmission()
    if row["member_id"] != caller.member_id:
        access_project(caller, row["project_id"], row["organisation_id"], Role.REVIEWER)
    return store.submission_view(row)


def raw(text: str) -> msgspec.Raw:
    """Return stored JSON to be sent as it is."""
    return msgspec.Raw(text.encode())
