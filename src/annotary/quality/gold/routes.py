"""HTTP of gold; mounted below `/v1/{modality}`."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from annotary.dispatch.routes import write_and_wake
from annotary.dispatch.routes_management import acting
from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database, write
from annotary.kernel.ids import parse_id
from annotary.kernel.names import body_id
from annotary.quality.gold import service, service_upkeep, service_views
from annotary.quality.gold.service_upkeep import Action
from annotary.quality.gold.values import (
    Feedback,
    GoldMade,
    GoldState,
    GoldView,
    NewGoldSet,
    Rotated,
    Rotation,
)

ACTIONS: tuple[tuple[Action, str, str], ...] = (
    ("retire", "Retire gold", "Give gold tasks to nobody any more; their known answers and scores stay."),
    ("reinstate", "Use gold again", "Give retired or suspect gold tasks out again; exposures begin anew."),
    ("return", "Turn gold back", "Make gold tasks what they were before; answers to the gold are set aside."),
)


@post("/gold", status_code=200, summary="Make gold")
async def add_gold(request: Request, data: JSONBody[NewGoldSet]) -> Response[GoldMade]:
    """Give tasks known answers, or take those of their outcomes: they become gold tasks, all or none."""
    caller = await authenticate(request)
    return await write_and_wake(request, caller.member_id, lambda uow: service.add_gold(uow, caller, data))


@get("/gold", summary="List gold")
async def list_gold(
    request: Request,
    project: FromQuery[str],
    gold_state: Annotated[GoldState | None, QueryParameter(name="state")] = None,
    qualification: FromQuery[bool | None] = None,
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[GoldView]:
    """List a project's known answers with exposures and scores. For its managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_views.list_gold(
            uow, caller, parse_id("project", project), gold_state, qualification, limit, next_token
        )


@post("/gold/rotate", status_code=200, summary="Rotate gold")
async def rotate_gold(request: Request, data: JSONBody[Rotation]) -> Response[Rotated]:
    """Exchange the most exposed gold tasks for retired ones that rested longest."""
    caller = await authenticate(request)
    project_id = body_id("project", data.project, "/project")
    return await write(
        request,
        caller.member_id,
        lambda uow: service_upkeep.rotate(uow, caller, project_id, data.tasks),
    )


@get("/assignments/{assignment_id:str}/feedback", summary="How an answer in training was")
async def read_feedback(request: Request, assignment_id: FromPath[str]) -> Feedback:
    """Return the known answer beside one's own, in a training project, after the answer."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_views.read_feedback(uow, caller, parse_id("assignment", assignment_id))


ROUTES = [
    add_gold,
    list_gold,
    *(acting("/gold", service_upkeep.change_gold, *one) for one in ACTIONS),
    rotate_gold,
    read_feedback,
]
