"""HTTP of runs; mounted below `/v1/{modality}`."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database, write
from annotary.kernel.ids import parse_id
from annotary.quality.runs import service
from annotary.quality.runs.values import NewRun, RunView


@post("/consensus/runs", status_code=202, summary="Find outcomes anew")
async def start_run(request: Request, data: JSONBody[NewRun]) -> Response[RunView]:
    """Aggregate the answers again; changed outcomes get a new version beside the old. A job does it."""
    caller = await authenticate(request)
    enqueue = request.app.state.enqueue
    return await write(
        request, caller.member_id, lambda uow: service.start_run(uow, caller, enqueue, data), status=202
    )


@get("/consensus/runs", summary="List runs")
async def list_runs(
    request: Request,
    project: FromQuery[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[RunView]:
    """List the runs over a project's outcomes, oldest first. For its managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.list_runs(uow, caller, parse_id("project", project), limit, next_token)


@get("/consensus/runs/{run:str}", summary="One run")
async def read_run(request: Request, run: FromPath[str]) -> RunView:
    """Return a run and what it changed."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.read_run(uow, caller, parse_id("consensus_run", run))


@post("/consensus/runs/{run:str}/revert", status_code=202, summary="Take a run back")
async def revert_run(request: Request, run: FromPath[str]) -> Response[RunView]:
    """Put back, as new versions, what a run replaced; outcomes that changed since stay as they are."""
    caller = await authenticate(request)
    enqueue = request.app.state.enqueue
    run_id = parse_id("consensus_run", run)
    return await write(
        request, caller.member_id, lambda uow: service.revert_run(uow, caller, enqueue, run_id), status=202
    )


ROUTES = [start_run, list_runs, read_run, revert_run]
