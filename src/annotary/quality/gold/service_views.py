"""Gold as managers see it, and what an annotator in training learns of an answer."""

from __future__ import annotations

from uuid import UUID

import msgspec

from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import page_by_id
from annotary.kernel.ids import format_id
from annotary.projects.service import read_project
from annotary.quality.gold.errors import NoFeedback
from annotary.quality.gold.store import QUERIES
from annotary.quality.gold.values import Feedback, GoldState, GoldView


async def list_gold(
    uow: UnitOfWork,
    caller: Caller,
    project_id: UUID,
    state: GoldState | None,
    qualification: bool | None,
    limit: int | None,
    next_token: str | None,
) -> Page[GoldView]:
    """Return a page of a project's known answers, with exposures and scores. For its managers."""
    await read_project(uow, caller, project_id, Role.MANAGER)
    return await page_by_id(
        uow, QUERIES.gold_page, gold_view, limit, next_token, project_id, state, qualification
    )


async def read_feedback(uow: UnitOfWork, caller: Caller, assignment_id: UUID) -> Feedback:
    """Return what is known of the task that the caller answered, in a training project.

    Everywhere else there is none, for any assignment: it would tell which tasks are gold.
    """
    row = await uow.fetchrow(QUERIES.feedback, assignment_id, caller.member_id)
    if row is None:
        raise NoFeedback
    return Feedback(
        assignment=format_id("assignment", row["id"]),
        task=format_id("task", row["task_id"]),
        answer=msgspec.Raw(row["answer"].encode()),
        known=msgspec.Raw(row["known"].encode()),
        score=row["score"],
        labels=msgspec.json.decode(row["labels"]) if row["labels"] else {},
    )


def gold_view(row: Row) -> GoldView:
    """Return a known answer as the API shows it."""
    return GoldView(
        task=format_id("task", row["task_id"]),
        unique_id=row["unique_id"],
        project=format_id("project", row["project_id"]),
        state=row["state"],
        qualification=row["qualification"],
        source=row["source"],
        answer=msgspec.Raw(row["answer"].encode()),
        ontology_version=format_id("ontology_version", row["ontology_version_id"]),
        exposures=max(0, row["exposures"]),
        answers=row["answers"],
        score=row["score"],
        reason=row["reason"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
    )
