"""HTTP of outcomes and progress; mounted below `/v1/{modality}`."""

from __future__ import annotations

from typing import cast

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database, write
from annotary.kernel.ids import parse_id
from annotary.quality import service_outcomes as outcomes
from annotary.quality.service_revert import revert_outcome
from annotary.quality.values import OutcomeView, Progress, RevertRequest, TaskOutcome


@get("/outcomes", summary="Agreed answers of a project")
async def list_outcomes(
    request: Request,
    project: FromQuery[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[OutcomeView]:
    """List the current outcomes of a project, in the order of its tasks. For reviewers and managers."""
    caller = await authenticate(request)
    return await outcomes.list_outcomes(
        database(request), caller, parse_id("project", project), limit, next_token
    )


@get("/outcomes/{task:str}", summary="A task's agreed answer and how it came about")
async def read_outcome(request: Request, task: FromPath[str]) -> TaskOutcome:
    """Return a task's outcome and its earlier versions, for reviewers; managers also see the submissions."""
    caller = await authenticate(request)
    return await outcomes.read_outcome(database(request), caller, parse_id("task", task))


@post("/outcomes/{outcome:str}/revert", status_code=200, summary="Go back to an earlier outcome")
async def revert(
    request: Request, outcome: FromPath[str], data: JSONBody[RevertRequest]
) -> Response[OutcomeView]:
    """Write what this earlier version said as the task's next version. For managers.

    Doing it again has no effect while that version is the current one.
    """
    caller, outcome_id = await authenticate(request), parse_id("outcome", outcome)
    return await write(
        request, caller.member_id, lambda uow: revert_outcome(uow, caller, outcome_id, data.reason)
    )


@get("/progress", summary="How far a project is")
async def read_progress(request: Request, project: FromQuery[str]) -> Progress:
    """Return counts of a project's tasks by state, of answers and of outcomes; a few seconds old at most."""
    caller = await authenticate(request)
    counts = cast(outcomes.ProgressCounts, request.app.state.progress_counts)
    return await outcomes.read_progress(database(request), counts, caller, parse_id("project", project))


ROUTES = [list_outcomes, read_outcome, revert, read_progress]
