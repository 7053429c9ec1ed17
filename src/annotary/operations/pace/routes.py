"""HTTP of a project's pace; mounted below `/v1/{modality}`."""

from __future__ import annotations

from datetime import datetime

from litestar import get
from litestar.params import FromQuery

from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database
from annotary.kernel.ids import parse_id
from annotary.operations.pace import service
from annotary.operations.pace.service import Asked
from annotary.operations.pace.values import PaceAnswer, PaceView, Step


@get("/pace", summary="How fast answers come in")
async def read_pace(
    request: Request,
    project: FromQuery[str],
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    step: FromQuery[Step] = "hour",
    member: FromQuery[str | None] = None,
) -> PaceView:
    """Return how many answers came in by hours or days, and from whom; with `member` of them alone.

    By default in the last week. For reviewers.
    """
    caller = await authenticate(request)
    asked = _asked(project, since, until, member)
    return await service.project_pace(database(request), caller, asked, step)


@get("/pace/answers", summary="The answers that came in between two times")
async def list_pace_answers(
    request: Request,
    project: FromQuery[str],
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    member: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[PaceAnswer]:
    """Return answers in the order they came, by whole hours as in `/pace`. For reviewers."""
    caller = await authenticate(request)
    asked = _asked(project, since, until, member)
    return await service.answers(database(request), caller, asked, limit, next_token)


def _asked(project: str, since: datetime | None, until: datetime | None, member: str | None) -> Asked:
    person = parse_id("member", member) if member else None
    return Asked(parse_id("project", project), since, until, person)


ROUTES = [read_pace, list_pace_answers]
