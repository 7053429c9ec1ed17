"""HTTP of hops; mounted below `/v1/{modality}`."""

from __future__ import annotations

from datetime import datetime

from litestar import get
from litestar.params import FromPath, FromQuery

from annotary.identity.service import authenticate
from annotary.infra.http import Request, database
from annotary.kernel.ids import parse_id
from annotary.operations.hops import service
from annotary.operations.hops.values import HopsView, SubmissionHops


@get("/submissions/{submission_id:str}/hops", summary="Where the time of an answer went")
async def read_submission_hops(request: Request, submission_id: FromPath[str]) -> SubmissionHops:
    """Return the hand-offs of one label and how long each took, to the microsecond. For managers."""
    caller = await authenticate(request)
    return await service.submission_hops(database(request), caller, parse_id("submission", submission_id))


@get("/hops", summary="Where the time of a project's answers went")
async def read_project_hops(
    request: Request,
    project: FromQuery[str],
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    step_minutes: FromQuery[int] = 0,
) -> HopsView:
    """Return how long each hop took between two times (default: the last day), with the slowest labels.

    A hop is in the minute it ended. With `step_minutes` its median and tail also come by steps of time.
    For managers.
    """
    caller = await authenticate(request)
    found = parse_id("project", project)
    return await service.project_hops(database(request), caller, found, since, until, step_minutes)


ROUTES = [read_submission_hops, read_project_hops]
