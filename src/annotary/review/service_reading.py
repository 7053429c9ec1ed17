"""Reviews, read back: lists, the history of a task, one of them."""

from __future__ import annotations

from uuid import UUID

from annotary.dispatch.errors import UnknownTask
from annotary.dispatch.values import Listing
from annotary.identity.rules import access_project, project_role
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import UnitOfWork
from annotary.infra.rows import page_by_id
from annotary.kernel.limits import REVIEW_ANSWERS_SHOWN_MAX
from annotary.projects.quality import read_quality
from annotary.projects.service import read_project
from annotary.review import store
from annotary.review.errors import UnknownReview
from annotary.review.store import QUERIES
from annotary.review.values import AnswersReviewed, ReviewView


async def list_reviews(
    uow: UnitOfWork, caller: Caller, listing: Listing, state: str | None
) -> Page[ReviewView]:
    """Return a page of a project's or a task's reviews: managers see all, reviewers their own.

    So a reviewer judges without knowing what others said of the same work.
    """
    project, task = listing.place
    manages = await role_there(uow, caller, project, task, Role.REVIEWER) >= Role.MANAGER
    return await page_by_id(
        uow,
        QUERIES.reviews_of_task if task is not None else QUERIES.reviews_of_project,
        lambda row: store.review_view(row, open_handed=manages),
        listing.limit,
        listing.next_token,
        task or project,
        state,
        None if manages else caller.member_id,
    )


async def role_there(
    uow: UnitOfWork, caller: Caller, project: UUID | None, task: UUID | None, at_least: Role
) -> Role:
    """Return the caller's role on a project, or on that of a task; raises what keeps them from reading it."""
    if task is None:
        assert project is not None
        row = await read_project(uow, caller, project, at_least)
        return access_project(caller, project, row["organisation_id"], at_least)
    place = await uow.fetchrow(QUERIES.task_place, task, caller.member_id)
    if place is None or project_role(caller, place["project_id"], place["organisation_id"]) is None:
        raise UnknownTask()
    return access_project(caller, place["project_id"], place["organisation_id"], at_least)


async def read_review(uow: UnitOfWork, caller: Caller, review: UUID) -> ReviewView:
    """Return one review: any to a manager, an own one to a reviewer."""
    row = await uow.fetchrow(QUERIES.review, review)
    if row is None or row["organisation_id"] != caller.organisation_id:
        raise UnknownReview()
    role = access_project(caller, row["project_id"], row["organisation_id"], Role.REVIEWER)
    if role < Role.MANAGER and row["member_id"] != caller.member_id:
        raise UnknownReview()
    return store.review_view(row, open_handed=role >= Role.MANAGER)


async def read_answers(uow: UnitOfWork, caller: Caller, review: UUID) -> AnswersReviewed:
    """Return the answers behind the outcome of one's own review, as far as the project shows them.

    It is the same for a look of any purpose, so that nobody knows an audit by it. Managers see any review's.
    """
    row = await uow.fetchrow(QUERIES.outcome_reviewed, review)
    if row is None or row["organisation_id"] != caller.organisation_id:
        raise UnknownReview()
    role = access_project(caller, row["project_id"], row["organisation_id"], Role.REVIEWER)
    if role < Role.MANAGER and row["member_id"] != caller.member_id:
        raise UnknownReview()
    shows = read_quality(row["quality"]).review.shows
    if shows == "outcome":
        return AnswersReviewed(shows)
    found = await uow.fetch(QUERIES.answers_reviewed, row["submission_ids"], REVIEW_ANSWERS_SHOWN_MAX)
    return AnswersReviewed(
        shows=shows,
        aggregator=row["aggregator"],
        confidence=row["confidence"],
        agreement=row["agreement"],
        count=len(row["submission_ids"]),
        answers=[store.answer_reviewed(one, named=shows == "names") for one in found],
    )
