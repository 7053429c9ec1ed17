"""Claims and leases over HTTP. Paths and shapes are a contract: load clients and workspaces live on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, cast

import msgspec
from litestar import get, post
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
    SkipRequest,
    TaskGiven,
    outside_id,
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
    encode_token,
    idempotency_key,
    page_limit,
    request_hash,
    token_id,
)
from annotary.infra.postgres import Row
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id, parse_id
from annotary.kernel.limits import SKIP_REASON_CHARACTERS_MAX

NO_SUGGESTIONS = msgspec.Raw(b"[]")
_CLAIM = msgspec.json.Decoder(ClaimRequest)


class Renewed(msgspec.Struct, frozen=True):
    """A lease with its new end."""

    id: str
    fence: int
    expires_at: object


def idle(request: AnyRequest) -> Callable[[], AbstractContextManager[None]]:
    """Return what a request holds while it only waits: its place goes to another."""
    scope = cast(dict[str, Any], request.scope)
    return cast(Gate, scope["gate"]).idle


def dispatcher(request: AnyRequest) -> Dispatcher:
    """Return the service's dispatcher."""
    return cast(Dispatcher, request.app.state.dispatcher)


def given(request: AnyRequest, caller: Caller, leases: list[Lease]) -> list[AssignmentGiven]:
    """Return leases as the API gives them out, with signed URLs for the assets inside their items."""
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
                item=shown_payload(request.app.state.settings.signing_key, caller.organisation_id, lease),
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


async def claim_directly(request: DirectRequest) -> tuple[bytes, Mapping[bytes, bytes]]:
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
    wanted = page_limit(limit)
    rows = await store.live_assignments(database(request), caller.member_id, token_id(next_token), wanted)
    following = encode_token(rows[-1]["id"].hex) if len(rows) == wanted else None
    return Page([assignment_view(row) for row in rows], following)


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
    if len(data.reason) > SKIP_REASON_CHARACTERS_MAX:
        raise Invalid(
            path="/reason",
            found=len(data.reason),
            expected=f"{SKIP_REASON_CHARACTERS_MAX} characters at most",
        )
    await dispatcher(request).end(
        caller, parse_id("assignment", assignment_id), data.fence, "skipped", data.reason
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
