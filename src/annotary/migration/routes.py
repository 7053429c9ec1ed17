"""HTTP of changes of stored answers; mounted below `/v1/{modality}`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.identity.service import authenticate
from annotary.identity.values import Caller
from annotary.infra.http import Page, Request, database, write
from annotary.infra.postgres import UnitOfWork
from annotary.kernel.ids import parse_id
from annotary.kernel.names import body_id
from annotary.migration import service, service_corrections, service_reading
from annotary.migration.service import Enqueue
from annotary.migration.service_corrections import NewCorrection
from annotary.migration.service_reading import AnswerHash, AnswerHistory
from annotary.migration.values import Ambiguous, ChangeView, Terms, UnchangedView
from annotary.migration.values_looking import Looked

Action = Callable[[UnitOfWork, Caller, Enqueue, UUID], Awaitable[ChangeView]]


class NewMigration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bring a project's answers to the ontology version it works with.

    `ambiguous`: whether people are asked about what the steps cannot decide (`requeue`), or not (`keep`).
    """

    project: str
    ambiguous: Ambiguous = "keep"
    reason: str = ""


def enqueue(request: Request) -> Enqueue:
    """Return what gives a change to the worker."""
    return cast(Enqueue, request.app.state.enqueue)


async def _done(request: Request, change: str, action: Action) -> Response[ChangeView]:
    """Have a job act on a change, as its manager."""
    caller, change_id = await authenticate(request), parse_id("change", change)
    return await write(
        request, caller.member_id, lambda uow: action(uow, caller, enqueue(request), change_id), status=202
    )


async def _told(
    request: Request, change: str, action: Callable[[UnitOfWork, Caller, UUID], Awaitable[ChangeView]]
) -> Response[ChangeView]:
    """Say of a change, as its manager, what becomes of it."""
    caller, change_id = await authenticate(request), parse_id("change", change)
    return await write(request, caller.member_id, lambda uow: action(uow, caller, change_id))


@post("/migrations", status_code=202, summary="Migrate answers")
async def start_migration(request: Request, data: JSONBody[NewMigration]) -> Response[ChangeView]:
    """Bring a project's answers to its ontology version; a job does it, old answers are kept."""
    caller = await authenticate(request)
    terms = Terms(ambiguous=data.ambiguous, reason=data.reason)
    project = body_id("project", data.project, "/project")
    return await write(
        request,
        caller.member_id,
        lambda uow: service.start_migration(uow, caller, enqueue(request), project, terms),
        status=202,
    )


@post("/corrections/preview", status_code=200, summary="Preview a correction")
async def preview_correction(request: Request, data: JSONBody[NewCorrection]) -> Looked:
    """Return what a correction would do: counts, and answers before and after. For managers."""
    caller = await authenticate(request)
    return await service_corrections.preview(database(request), caller, data)


@post("/corrections", status_code=202, summary="Correct answers")
async def apply_correction(request: Request, data: JSONBody[NewCorrection]) -> Response[ChangeView]:
    """Correct answers; a job does it. A large correction is only proposed: a second manager approves it."""
    caller = await authenticate(request)
    return await write(
        request,
        caller.member_id,
        lambda uow: service_corrections.apply(database(request), uow, caller, enqueue(request), data),
        status=202,
    )


@post("/changes/{change:str}/approve", status_code=202, summary="Approve a correction")
async def approve_correction(request: Request, change: FromPath[str]) -> Response[ChangeView]:
    """Approve what another manager proposed."""
    return await _done(request, change, service_corrections.approve)


@get("/changes", summary="List changes")
async def list_changes(
    request: Request,
    project: FromQuery[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[ChangeView]:
    """List migrations, corrections and rollbacks of a project's answers, oldest first. For its managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.list_changes(uow, caller, parse_id("project", project), limit, next_token)


@get("/changes/{change:str}", summary="One change")
async def read_change(request: Request, change: FromPath[str]) -> ChangeView:
    """Return a change and how far it is."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.read_change(uow, caller, parse_id("change", change))


@get("/changes/{change:str}/unchanged", summary="What a change left as it was")
async def list_unchanged(
    request: Request,
    change: FromPath[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[UnchangedView]:
    """List the answers that a change could not decide about, or that would not be valid, with the reasons."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service.list_unchanged(uow, caller, parse_id("change", change), limit, next_token)


@post("/changes/{change:str}/pause", status_code=200, summary="Pause a change")
async def pause_change(request: Request, change: FromPath[str]) -> Response[ChangeView]:
    """Stop a change where it stands; `resume` takes it up again there."""
    return await _told(request, change, service.pause)


@post("/changes/{change:str}/resume", status_code=202, summary="Resume a change")
async def resume_change(request: Request, change: FromPath[str]) -> Response[ChangeView]:
    """Take a paused change up again."""
    return await _done(request, change, service.resume)


@post("/changes/{change:str}/cancel", status_code=200, summary="Cancel a change")
async def cancel_change(request: Request, change: FromPath[str]) -> Response[ChangeView]:
    """End a change where it stands; what it did until then can be taken back."""
    return await _told(request, change, service.cancel)


@post("/changes/{change:str}/rollback", status_code=202, summary="Take a change back")
async def take_back(request: Request, change: FromPath[str]) -> Response[ChangeView]:
    """Put back, to the byte, what a change replaced; a job does it."""
    return await _done(request, change, service.take_back)


@get("/answers/hash", summary="The hash of a project's answers")
async def hash_answers(request: Request, project: FromQuery[str]) -> AnswerHash:
    """Return one hash over the ids and bytes of all stored answers of a project. For its managers."""
    caller = await authenticate(request)
    return await service_reading.hash_answers(database(request), caller, parse_id("project", project))


@get("/answers/{answer:str}/versions", summary="What an answer was before")
async def read_history(request: Request, answer: FromPath[str]) -> AnswerHistory:
    """Return a submission or outcome as it is, and as it was before each change. For managers."""
    caller = await authenticate(request)
    kind = "outcome" if answer.startswith("out_") else "submission"
    return await service_reading.read_history(database(request), caller, parse_id(kind, answer))


ROUTES = [
    start_migration,
    preview_correction,
    apply_correction,
    approve_correction,
    list_changes,
    read_change,
    list_unchanged,
    pause_change,
    resume_change,
    cancel_change,
    take_back,
    hash_answers,
    read_history,
]
