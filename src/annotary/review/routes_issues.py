"""HTTP of issues; mounted below `/v1/{modality}`."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from annotary.dispatch.routes_listing import LISTING
from annotary.dispatch.values import Listing
from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database, write
from annotary.kernel.ids import parse_id
from annotary.review import service_issues
from annotary.review.values import CommentView, IssueState, IssueView, NewComment, NewIssue


@post("/issues", status_code=201, summary="Raise an issue")
async def raise_issue(request: Request, data: JSONBody[NewIssue]) -> Response[IssueView]:
    """Raise an issue about a task: for reviewers, and for annotators who were given it."""
    caller = await authenticate(request)
    return await write(
        request, caller.member_id, lambda uow: service_issues.raise_issue(uow, caller, data), status=201
    )


@get("/issues", summary="List issues", dependencies=LISTING)
async def list_issues(
    request: Request,
    listing: NamedDependency[Listing],
    issue_state: Annotated[IssueState | None, QueryParameter(name="state")] = None,
) -> Page[IssueView]:
    """List the issues of a project or task: annotators see those of the tasks they were given."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_issues.list_issues(uow, caller, listing, issue_state)


@get("/issues/{issue:str}", summary="One issue")
async def read_issue(request: Request, issue: FromPath[str]) -> IssueView:
    """Return one issue with its comments."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_issues.read_issue(uow, caller, parse_id("issue", issue))


@post("/issues/{issue:str}/comments", status_code=201, summary="Comment on an issue")
async def comment(
    request: Request, issue: FromPath[str], data: JSONBody[NewComment]
) -> Response[CommentView]:
    """Comment on an issue."""
    caller = await authenticate(request)
    issue_id = parse_id("issue", issue)
    return await write(
        request, caller.member_id, lambda uow: service_issues.comment(uow, caller, issue_id, data), status=201
    )


@post("/issues/{issue:str}/resolve", status_code=200, summary="Resolve an issue")
async def resolve(request: Request, issue: FromPath[str]) -> Response[IssueView]:
    """Say that an issue is settled."""
    return await _set_state(request, issue, "resolved")


@post("/issues/{issue:str}/reopen", status_code=200, summary="Open an issue again")
async def reopen(request: Request, issue: FromPath[str]) -> Response[IssueView]:
    """Say that an issue is not settled after all."""
    return await _set_state(request, issue, "open")


async def _set_state(request: Request, issue: str, state: IssueState) -> Response[IssueView]:
    caller = await authenticate(request)
    issue_id = parse_id("issue", issue)
    return await write(
        request, caller.member_id, lambda uow: service_issues.set_state(uow, caller, issue_id, state)
    )


ROUTES = [raise_issue, list_issues, read_issue, comment, resolve, reopen]
