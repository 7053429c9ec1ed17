"""The tables of submissions and drafts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from annotary.infra import queries
from annotary.infra.grouping import Flushed
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.ids import format_id, outside_id
from annotary.submissions.values import Entry, LeaseContext, SubmissionView

QUERIES = queries.load(__package__)
_COLUMNS = Entry.__struct_fields__[:14]


async def submit_group(uow: UnitOfWork, entries: Sequence[Entry], flushed: Flushed) -> list[Row]:
    """Take a group of checked answers; one row for each, in order (see the query)."""
    columns = [[getattr(entry, name) for entry in entries] for name in _COLUMNS]
    return await uow.fetch(QUERIES.submit_group, *columns, *flushed)


async def lease_context(database: Database, assignment: UUID) -> LeaseContext | None:
    """Return what checking an answer needs to know of a lease."""
    row = await database.fetchrow(QUERIES.lease_context, assignment)
    return LeaseContext(*row.values()) if row else None


async def keep_refused(database: Database, assignment: UUID, member: UUID, answer: str) -> None:
    """Keep an answer whose lease was lost as a draft."""
    await database.execute(QUERIES.keep_refused, assignment, member, answer)


async def save_draft(
    uow: UnitOfWork, assignment: UUID, member: UUID, fence: int, answer: str, version: int | None
) -> Row | None:
    """Keep an answer being written; None when there is no such live lease, or the version is another."""
    return await uow.fetchrow(QUERIES.save_draft, assignment, member, fence, answer, version)


async def draft(database: Database | UnitOfWork, assignment: UUID, member: UUID) -> Row | None:
    """Return a member's draft for the task of an assignment."""
    return await database.fetchrow(QUERIES.draft, assignment, member)


async def drafts_left(database: Database, assignments: Sequence[UUID], member: UUID) -> Sequence[Row]:
    """Return the drafts that a member may go on from, of those of their assignments that have one."""
    return await database.fetch(QUERIES.drafts_left, assignments, member)


def submission_view(row: Row) -> SubmissionView:
    """Return a submission as the API shows it."""
    return SubmissionView(
        id=format_id("submission", row["id"]),
        assignment=format_id("assignment", row["assignment_id"]),
        task=format_id("task", row["task_id"]),
        project=format_id("project", row["project_id"]),
        member=format_id("member", row["member_id"]),
        answer=msgspec.Raw(row["answer"].encode()),
        content_hash=row["content_hash"].hex(),
        seconds=row["seconds"],
        ontology_version=format_id("ontology_version", row["ontology_version_id"]),
        instructions_version=row["instructions_version"],
        suggested_by=[format_id("prediction", one) for one in row["suggested_by"] or ()],
        supersedes=outside_id("submission", row["supersedes"]),
        counts=bool(row["counts"]),
        received_at=row["received_at"],
        committed_at=row["committed_at"],
    )
