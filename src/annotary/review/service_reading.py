"""Reviews, read back: lists, the history of a task, one of them."""

from __future__ import annotations

from uuid import UUID

from annotary.identity.rules import access_project, project_role
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import UnitOfWork
from annotary.infra.rows import page_by_id
from annotary.projects.service import read_project
from annotary.review import store
from annotary.review.errors import UnknownReview, UnknownTask
from annotary.review.store import QUERIES
from annotary.review.values import ReviewView


async def list_reviews(
    uow: UnitOfWork,
    caller: Caller,
    project: UUID | None,
    task: UUID | None,
    state: str | None,
    limit: int | None,
    next_token: str | None,
) -> Page[ReviewView]:
    """Return a page of a project's or a task's reviews: managers see all, reviewers their own.

    So a reviewer judges without knowing what others said of the same work.
    """
    if task is not None:
        place = await uow.fetchrow(QUERIES.task_place, task, caller.member_id)
        if place is None or project_role(caller, place["project_id"], place["organisation_id"]) is None:
            raise UnknownTask()
        role = access_project(caller, place["project_id"], place["organisation_id"], Role.REVIEWER)
    else:
        assert project is not None
        row = await read_project(uow, caller, project, Role.REVIEWER)
        role = access_project(caller, project, row["organisation_id"], Role.REVIEWER)
    manages = role >= Role.MANAGER
    return await page_by_id(
        uow,
        QUERIES.reviews_of_task if task is not None else QUERIES.reviews_of_project,
        lambda row: store.review_view(row, open_handed=manages),
        limit,
        next_token,
        task or project,
        state,
        None if manages else caller.member_id,
    )


async def read_review(uow: UnitOfWork, caller: Caller, review: UUID) -> ReviewView:
    """Return one review: any to a manager, an own one to a reviewer."""
    row = await uow.fetchrow(QUERIES.review, review)
    if row is None or row["organisation_id"] != caller.organisation_id:
        raise UnknownReview()
    role = access_project(caller, row["project_id"], row["organisation_id"], Role.REVIEWER)
    if role < Role.MANAGER and row["member_id"] != caller.member_id:
        raise UnknownReview()
    return store.review_view(row, open_handed=role >= Role.MANAGER)
