"""HTTP of annotators and their skill; mounted below `/v1/{modality}`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.dispatch.routes import write_and_wake
from annotary.identity.service import authenticate
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page, Request, database
from annotary.infra.postgres import UnitOfWork
from annotary.kernel.ids import parse_id
from annotary.kernel.names import body_id
from annotary.projects.service import read_project
from annotary.quality.skill import service_pauses, service_views
from annotary.quality.skill.values import AnnotatorView, PauseRequest, ResumeRequest, SkillView


@get("/annotators", summary="Who works on a project")
async def list_annotators(
    request: Request,
    project: FromQuery[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[AnnotatorView]:
    """List a project's annotators and how they stand: active, qualifying or paused, and why. For managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_views.list_annotators(
            uow, caller, parse_id("project", project), limit, next_token
        )


@post("/annotators/{member:str}/pause", status_code=200, summary="Pause an annotator")
async def pause_annotator(
    request: Request, member: FromPath[str], data: JSONBody[PauseRequest]
) -> Response[AnnotatorView]:
    """Give an annotator nothing more, take their leases back, and ask for their recent work again."""

    async def pause(uow: UnitOfWork, caller: Caller, project: UUID, member: UUID) -> None:
        await service_pauses.pause(uow, caller, project, member, data.reason, data.requeue_days)

    return await _change(request, member, data.project, pause)


@post("/annotators/{member:str}/resume", status_code=200, summary="Let an annotator work again")
async def resume_annotator(
    request: Request, member: FromPath[str], data: JSONBody[ResumeRequest]
) -> Response[AnnotatorView]:
    """Let a paused annotator work again; their skill is learned anew from here on."""
    return await _change(request, member, data.project, service_pauses.resume)


async def _change(
    request: Request,
    member: str,
    project: str,
    act: Callable[[UnitOfWork, Caller, UUID, UUID], Awaitable[None]],
) -> Response[AnnotatorView]:
    """Let a manager change how an annotator stands, and show how it is then."""
    caller = await authenticate(request)
    member_id, project_id = parse_id("member", member), body_id("project", project, "/project")

    async def action(uow: UnitOfWork) -> AnnotatorView:
        await read_project(uow, caller, project_id, Role.MANAGER)
        await act(uow, caller, project_id, member_id)
        return await service_views.read_annotator(uow, project_id, member_id)

    return await write_and_wake(request, caller.member_id, action)


@get("/skill", summary="How good annotators are")
async def list_skills(
    request: Request,
    project: FromQuery[str],
    member: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[SkillView]:
    """List the skills of a project's annotators, with intervals, whole and by label.

    Managers see all, an annotator sees their own. With `member` the newest days come too.
    """
    caller = await authenticate(request)
    member_id = parse_id("member", member) if member else None
    async with database(request).connection() as uow:
        return await service_views.list_skills(
            uow, caller, parse_id("project", project), member_id, limit, next_token
        )


ROUTES = [list_annotators, pause_annotator, resume_annotator, list_skills]
