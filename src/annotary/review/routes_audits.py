"""HTTP of audits; mounted below `/v1/{modality}`."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database, write
from annotary.kernel.errors import Malformed
from annotary.kernel.ids import parse_id
from annotary.kernel.limits import AUDIT_MARGIN_MIN
from annotary.review import service_audits
from annotary.review.values import AuditView, NewAudit

HALF = 0.5


@post("/audits", status_code=201, summary="Draw a random sample to judge")
async def start_audit(request: Request, data: JSONBody[NewAudit]) -> Response[AuditView]:
    """Draw a simple random sample of accepted outcomes; reviewers judge it through ordinary claims."""
    caller = await authenticate(request)
    return await write(
        request, caller.member_id, lambda uow: service_audits.start_audit(uow, caller, data), status=201
    )


@get("/audits", summary="List audits")
async def list_audits(
    request: Request,
    project: FromQuery[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[AuditView]:
    """List the audits of a project. For managers."""
    caller = await authenticate(request)
    project_id = parse_id("project", project)
    async with database(request).connection() as uow:
        return await service_audits.list_audits(uow, caller, project_id, limit, next_token)


@get("/audits/{audit:str}", summary="What an audit says")
async def read_audit(
    request: Request, audit: FromPath[str], margin: FromQuery[float | None] = None
) -> AuditView:
    """Return the error rate with its interval, and how many verdicts a `margin` would still need."""
    caller = await authenticate(request)
    if margin is not None and not AUDIT_MARGIN_MIN <= margin < HALF:
        raise Malformed(
            f"margin: found {margin}, expected {AUDIT_MARGIN_MIN} to less than {HALF}.", path="margin"
        )
    async with database(request).connection() as uow:
        return await service_audits.read_audit(uow, caller, parse_id("audit", audit), margin)


ROUTES = [start_audit, list_audits, read_audit]
