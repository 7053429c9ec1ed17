"""HTTP of reviews: claims, leases, verdicts, lists; mounted below `/v1/{modality}`."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from annotary.dispatch.payloads import shown_payload
from annotary.dispatch.routes import dispatcher, idle
from annotary.dispatch.routes_listing import LISTING
from annotary.dispatch.service import project_copy
from annotary.dispatch.values import ClaimRequest, FenceRequest, Listing, Renewed
from annotary.identity.service import authenticate
from annotary.identity.values import Caller
from annotary.infra.http import Page, Request, database, idempotency_key, write
from annotary.infra.postgres import Row, UnitOfWork
from annotary.kernel.ids import format_id, parse_id
from annotary.kernel.limits import WAITER_POLL_SECONDS_MAX
from annotary.review import service, service_reading
from annotary.review.service_verdicts import give_verdict
from annotary.review.values import (
    AnswersReviewed,
    IssueView,
    OutcomeReviewed,
    ReviewGiven,
    ReviewsClaimed,
    ReviewState,
    ReviewView,
    TaskReviewed,
    VerdictRequest,
    VerdictTaken,
)

POLL_SECONDS_FIRST = 0.1


class NothingFree(Exception):
    """There is nothing to review for this member now: the claim had no effect, and its key stays free."""


@post("/reviews/claims", status_code=200, summary="Lease reviews")
async def claim_reviews(request: Request, data: JSONBody[ClaimRequest]) -> Response[ReviewsClaimed]:
    """Lease up to `count` reviews of a project (without one: of any one reviews), the oldest first.

    For reviewers and managers; never of a task one has answered, nor a second look in one round.
    """
    caller = await authenticate(request)
    project = None
    if data.project is not None:
        project = await project_copy(database(request), parse_id("project", data.project))
    deadline, pause = time.monotonic() + data.wait_ms / 1000, POLL_SECONDS_FIRST
    while True:
        projects = await service.reviewed_projects(database(request), caller, project)
        try:
            return await _claim_once(request, caller, projects, data.count)
        except NothingFree:
            left = deadline - time.monotonic()
            if left <= 0:
                return Response(ReviewsClaimed([]))
        with idle(request)():
            await asyncio.sleep(min(left, pause))
        pause = min(pause * 2, WAITER_POLL_SECONDS_MAX)


async def _claim_once(
    request: Request, caller: Caller, projects: list[UUID], count: int
) -> Response[ReviewsClaimed]:
    async def action(uow: UnitOfWork) -> ReviewsClaimed:
        rows, issues = await service.claim(uow, caller, projects, count)
        if not rows:
            raise NothingFree
        return ReviewsClaimed([_given(request, row, issues[row["id"]]) for row in rows])

    return await write(request, caller.member_id, action)


@post("/reviews/{review:str}/renew", status_code=200, summary="Keep a review")
async def renew_review(
    request: Request, review: FromPath[str], data: JSONBody[FenceRequest]
) -> Response[Renewed]:
    """Put the end of a lease off by the project's lease time."""
    caller = await authenticate(request)
    review_id = parse_id("review", review)

    async def action(uow: UnitOfWork) -> Renewed:
        return Renewed(review, data.fence, await service.renew(uow, caller, review_id, data.fence))

    return await write(request, caller.member_id, action)


@post("/reviews/{review:str}/release", status_code=204, summary="Give a review back")
async def release_review(
    request: Request, review: FromPath[str], data: JSONBody[FenceRequest]
) -> Response[None]:
    """Give a review back: it goes to whoever claims next."""
    caller = await authenticate(request)
    review_id = parse_id("review", review)
    return await write(
        request,
        caller.member_id,
        lambda uow: service.release(uow, caller, review_id, data.fence),
        status=204,
    )


@post("/reviews/{review:str}/verdict", status_code=200, summary="Give a verdict")
async def verdict(
    request: Request, review: FromPath[str], data: JSONBody[VerdictRequest]
) -> Response[VerdictTaken]:
    """Accept, reject or amend the outcome under review. Needs an `Idempotency-Key`."""
    caller = await authenticate(request)
    idempotency_key(request, required=True)
    review_id = parse_id("review", review)
    reply = await write(request, caller.member_id, lambda uow: give_verdict(uow, caller, review_id, data))
    if data.verdict == "rejected":
        dispatcher(request).work_came()
    return reply


@get("/reviews", summary="List reviews", dependencies=LISTING)
async def list_reviews(
    request: Request,
    listing: NamedDependency[Listing],
    review_state: Annotated[ReviewState | None, QueryParameter(name="state")] = None,
) -> Page[ReviewView]:
    """List the reviews of a project, or the history of a task: managers see all, reviewers their own."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_reading.list_reviews(uow, caller, listing, review_state)


@get("/reviews/{review:str}", summary="One review")
async def read_review(request: Request, review: FromPath[str]) -> ReviewView:
    """Return one review with its verdict and what it amended."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_reading.read_review(uow, caller, parse_id("review", review))


def _given(request: Request, row: Row, issues: list[IssueView]) -> ReviewGiven:
    key = request.app.state.settings.signing_key
    return ReviewGiven(
        id=format_id("review", row["id"]),
        fence=row["fence"],
        expires_at=row["expires_at"],
        level=row["level"],
        task=TaskReviewed(
            id=format_id("task", row["task_id"]),
            unique_id=row["unique_id"],
            project=format_id("project", row["project_id"]),
            ontology_version=format_id("ontology_version", row["ontology_version_id"]),
            item=shown_payload(key, row["organisation_id"], row["payload"], row["expires_at"]),
        ),
        outcome=OutcomeReviewed(
            id=format_id("outcome", row["outcome_id"]),
            version=row["outcome_version"],
            answer=msgspec.Raw(row["answer"].encode()),
        ),
        issues=issues,
    )


@get("/reviews/{review:str}/answers", summary="The answers behind an outcome under review")
async def read_answers(request: Request, review: FromPath[str]) -> AnswersReviewed:
    """Return the answers behind the outcome of an own review, as far as the project's settings show them."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_reading.read_answers(uow, caller, parse_id("review", review))


ROUTES = [claim_reviews, renew_review, release_review, verdict, list_reviews, read_review, read_answers]
