"""HTTP of checks for contradictions; mounted below `/v1/{modality}`."""

from __future__ import annotations

from litestar import get, post
from litestar.params import FromQuery, JSONBody

from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database
from annotary.kernel.ids import format_id, parse_id
from annotary.kernel.names import body_id
from annotary.quality.consistency import service
from annotary.quality.consistency.values import CheckStarted, ContradictionView, Kind, NewCheck


@post("/consistency", status_code=202, summary="Look for contradictions")
async def start_check(request: Request, data: JSONBody[NewCheck]) -> CheckStarted:
    """Check a project's accepted outcomes for contradictions, as a job. For the project's managers."""
    caller = await authenticate(request)
    project = body_id("project", data.project, "/project")
    async with database(request).connection() as uow:
        told = await service.asked(uow, caller, project, data)
    job = await request.app.state.enqueue(caller, "consistency", told, project)
    return CheckStarted(format_id("job", job))


@get("/consistency", summary="Contradictions found")
async def list_contradictions(
    request: Request,
    project: FromQuery[str],
    run: FromQuery[str | None] = None,
    kind: FromQuery[Kind | None] = None,
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[ContradictionView]:
    """List what checks of a project found: of one run (its job), of one kind, if so asked. For managers."""
    caller = await authenticate(request)
    project_id, run_id = parse_id("project", project), None if run is None else parse_id("job", run)
    async with database(request).connection() as uow:
        return await service.list_contradictions(uow, caller, project_id, run_id, kind, limit, next_token)


ROUTES = [start_check, list_contradictions]
