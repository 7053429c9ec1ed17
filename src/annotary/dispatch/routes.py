"""Claims and leases over HTTP. Paths and shapes are a contract: load clients and workspaces live on them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.dispatch import store
from annotary.dispatch.errors import UnknownAssignment
from annotary.dispatch.payloads import shown_payload
from annotary.dispatch.service import Dispatcher
from annotary.dispatch.values import (
    AssignmentGiven,
    AssignmentState,
    AssignmentView,
    Claimed,
    ClaimRequest,
    FenceRequest,
    Lease,
    Renewed,
    SkipRequest,
    TaskGiven,
)
from annotary.identity.rules import access_project
from annotary.identity.service import authenticate
from annotary.identity.values import Caller, Role
from annotary.infra.direct import DirectRequest
from annotary.infra.gate import Gate
from annotary.infra.http import (
    AnyRequest,
    Page,
    Request,
    database,
    encode,
    idempotency_key,
    request_hash,
    write,
)
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import page_by_id
from annotary.kernel.ids import format_id, outside_id, parse_id
from annotary.kernel.limits import SKIP_REASON_CHARACTERS_MAX
from annotary.kernel.names import check_text

NO_SUGGESTIONS = msgspec.Raw(b"[]")
_CLAIM = msgspec.json.Decoder(ClaimRequest)
T = TypeVar("T")


def idle(request: AnyRequest) -> Callable[[], AbstractContextManager[None]]:
    """Return what a request holds while it only waits: its place goes to another."""
    scope = cast(dict[str, Any], request.scope)
    return cast(Gate, scope["gate"]).idle


def dispatcher(request: AnyRequest) -> Dispatcher:
    """Return the service's dispatcher."""
    return cast(Dispatcher, request.app.state.dispatcher)


async def write_and_wake(
    request: Request, member_id: UUID, action: Callable[[UnitOfWork], Awaitable[T]], **options: Any
) -> Response[T]:
    """Run a write (with the options of `write`) that may leave more to claim: who waits is served."""
    response = await write(request, member_id, action, **options)
    dispatcher(request).work_came()
    return response


def given(request: AnyRequest, caller: Caller, leases: list[Lease]) -> list[AssignmentGiven]:
    """Return leases as the API gives them out, with signed URLs for the assets inside their items."""
    key = request.app.state.settings.signing_key
    return [
        AssignmentGiven(
            id=format_id("assignment", lease.assignment_id),
            fence=lease.fence,
            expires_at=lease.expires_at,
            task=TaskGiven(
                id=format_id("task", lease.task_id),
                unique_id=lease.unique_id,
                stage=lease.stage,
                ontology_version=format_id("ontology_version", lease.ontology_version_id),
                item=shown_payload(key, caller.organisation_id, lease.payload, lease.expires_at),
                suggestions=msgspec.Raw(lease.suggestions.encode()) if lease.suggestions else NO_SUGGESTIONS,
                project=format_id("project", lease.project_id),
                instructions_version=lease.instructions_version,
            ),
        )
        for lease in leases
    ]


@post("/claims", status_code=200, summary="Lease tasks")
async def claim(request: Request, data: JSONBody[ClaimRequest]) -> Claimed:
    """Lease up to `count` tasks of a project (without one: of any of the member's), the most urgent first."""
    return await _claim(request, data, await request.body())


async def claim_directly(request: DirectRequest) -> tuple[bytes, Mapping[str, str]]:
    """Lease tasks, for the direct route."""
    return encode(await _claim(request, request.decode(_CLAIM), request.raw_body)), {}


async def _claim(request: AnyRequest, data: ClaimRequest, body: bytes) -> Claimed:
    caller = await authenticate(request)
    project = parse_id("project", data.project) if data.project else None
    key = idempotency_key(request)
    keyed = (key, request_hash(request, body)) if key else None
    leases = await dispatcher(request).claim(caller, project, data.count, data.wait_ms, keyed, idle(request))
    request.app.state.keep_leases(caller.member_id, leases)
    return Claimed(given(request, caller, leases))


@get("/assignments", summary="What I hold")
async def list_assignments(
    request: Request, limit: FromQuery[int | None] = None, next_token: FromQuery[str | None] = None
) -> Page[AssignmentView]:
    """List the caller's live leases."""
    caller = await authenticate(request)
    query = store.QUERIES.live_assignments
    async with database(request).connection() as uow:
        return await page_by_id(uow, query, assignment_view, limit, next_token, caller.member_id)


@get("/assignments/{assignment_id:str}", summary="One assignment")
async def get_assignment(request: Request, assignment_id: FromPath[str]) -> AssignmentView:
    """Return an assignment of the caller's, or any of a project they manage."""
    caller = await authenticate(request)
    row = await store.assignment(database(request), parse_id("assignment", assignment_id))
    if row is None or row["organisation_id"] != caller.organisation_id:
        raise UnknownAssignment()
    if row["member_id"] != caller.member_id:
        access_project(caller, row["project_id"], row["organisation_id"], Role.MANAGER)
    return assignment_view(row)


@post("/assignments/{assignment_id:str}/renew", status_code=200, summary="Keep a lease")
async def renew(request: Request, assignment_id: FromPath[str], data: JSONBody[FenceRequest]) -> Renewed:
    """Put the end of a lease off by the project's lease time."""
    caller = await authenticate(request)
    fence, expires_at = await dispatcher(request).renew(
        caller, parse_id("assignment", assignment_id), data.fence
    )
    return Renewed(assignment_id, fence, expires_at)


@post("/assignments/{assignment_id:str}/release", status_code=204, summary="Give a task back")
async def release(request: Request, assignment_id: FromPath[str], data: JSONBody[FenceRequest]) -> None:
    """Give a task back: it goes to whoever claims next."""
    caller = await authenticate(request)
    await dispatcher(request).end(caller, parse_id("assignment", assignment_id), data.fence, "released")


@post("/assignments/{assignment_id:str}/skip", status_code=204, summary="Pass a task over")
async def skip(request: Request, assignment_id: FromPath[str], data: JSONBody[SkipRequest]) -> None:
    """Pass a task over, with a reason: it is not offered to this member again."""
    caller = await authenticate(request)
    reason = check_text(data.reason, "/reason", SKIP_REASON_CHARACTERS_MAX, may_be_empty=True)
    await dispatcher(request).end(
        caller, parse_id("assignment", assignment_id), data.fence, "skipped", reason
    )


def assignment_view(row: Row) -> AssignmentView:
    """Return an assignment's record as the API shows it."""
    state: AssignmentState = "expired" if row["state"] == "leased" and row["is_over"] else row["state"]
    return AssignmentView(
        id=format_id("assignment", row["id"]),
        task=format_id("task", row["task_id"]),
        project=format_id("project", row["project_id"]),
        member=format_id("member", row["member_id"]),
        state=state,
        fence=row["fence"],
        claimed_at=row["claimed_at"],
        expires_at=row["expires_at"],
        ended_at=row["ended_at"],
        submission=outside_id("submission", row["submission_id"]),
    )


ROUTES = [claim, list_assignments, get_assignment, renew, release, skip]
