"""HTTP of a project's data; mounted below `/v1/{modality}`."""

from __future__ import annotations

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.dispatch.routes import write_and_wake
from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database, etag, if_match, write
from annotary.infra.postgres import UnitOfWork
from annotary.kernel.ids import parse_id
from annotary.slices import rules, service, service_actions, service_item, service_slices
from annotary.slices.values import (
    ActionRequest,
    ActionStep,
    Choices,
    Counts,
    CountsRequest,
    ItemFilter,
    ItemView,
    Look,
    NewSlice,
    Rows,
    SliceChange,
    SliceView,
)

decode_filter = msgspec.json.Decoder(ItemFilter).decode


@get("/data", summary="Look at a project's data")
async def look(request: Request, project: FromQuery[str], filter: FromQuery[str | None] = None) -> Look:
    """Return how many tasks a filter (a JSON object) finds, and the first of them.

    For managers and reviewers. Other parts of the list are asked for by the anchors that come with it.
    """
    caller = await authenticate(request)
    asked = rules.read_filter(filter, decode_filter)
    return await service.look(database(request), caller, _key(request), project, asked)


@get("/data/rows", summary="A part of a project's data")
async def read_rows(
    request: Request,
    project: FromQuery[str],
    since: FromQuery[str],
    until: FromQuery[str | None] = None,
    filter: FromQuery[str | None] = None,
) -> Rows:
    """Return what the filter of a look finds from one of its anchors up to the next."""
    caller = await authenticate(request)
    asked = rules.read_filter(filter, decode_filter)
    return await service.read_rows(database(request), caller, _key(request), project, asked, since, until)


@get("/data/choices", summary="What there is to filter by")
async def read_choices(request: Request, project: FromQuery[str]) -> Choices:
    """Return states, batches, datasets, labels and annotators of a project with their counts of tasks."""
    caller = await authenticate(request)
    return await service.read_choices(database(request), request.app.state.platform_database, caller, project)


@get("/data/{task:str}", summary="All that is known of an item")
async def read_item(request: Request, task: FromPath[str], project: FromQuery[str | None] = None) -> ItemView:
    """Return a task (or, with `project`, that of an item) with its item, answers, outcome and predictions.

    For managers and reviewers; reviewers do not learn who answered.
    """
    caller = await authenticate(request)
    return await service_item.read_item(
        database(request), request.app.state.platform_database, caller, _key(request), task, project
    )


@post("/data/counts", status_code=200, summary="Count what a filter finds")
async def count(request: Request, data: JSONBody[CountsRequest]) -> Counts:
    """Return how many tasks a filter finds, and in which states: before something is done to them."""
    caller = await authenticate(request)
    return await service.count(database(request), caller, data)


@post("/data/actions", status_code=200, summary="Act on all that a filter finds")
async def act(request: Request, data: JSONBody[ActionRequest]) -> Response[ActionStep]:
    """Pause, resume, requeue or cancel the next 1,000 tasks that a filter finds, or make gold of them.

    Repeat with the `after` of the reply until it is null. For managers.
    """
    caller = await authenticate(request)
    return await write_and_wake(request, caller.member_id, lambda uow: service_actions.act(uow, caller, data))


@post("/slices", status_code=201, summary="Keep a filter")
async def add_slice(request: Request, data: JSONBody[NewSlice]) -> Response[SliceView]:
    """Keep a filter under a name, for all who see the project's data."""
    caller = await authenticate(request)
    return await write(
        request, caller.member_id, lambda uow: service_slices.add(uow, caller, data), status=201
    )


@get("/slices", summary="List slices")
async def list_slices(
    request: Request,
    project: FromQuery[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[SliceView]:
    """List the slices of a project."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_slices.list_slices(uow, caller, parse_id("project", project), limit, next_token)


@patch("/slices/{slice_id:str}", summary="Change a slice")
async def change_slice(
    request: Request, slice_id: FromPath[str], data: JSONBody[SliceChange]
) -> Response[SliceView]:
    """Give a slice another name or filter: for whoever made it, and managers."""
    caller = await authenticate(request)

    async def action(uow: UnitOfWork) -> SliceView:
        return await service_slices.change(uow, caller, parse_id("slice", slice_id), data, if_match(request))

    return await write(request, caller.member_id, action, headers=lambda view: etag(view.version))


@delete("/slices/{slice_id:str}", status_code=200, summary="Remove a slice")
async def remove_slice(request: Request, slice_id: FromPath[str]) -> Response[SliceView]:
    """Forget a slice; the reply says what it was. For whoever made it, and managers."""
    caller = await authenticate(request)
    identity = parse_id("slice", slice_id)
    return await write(request, caller.member_id, lambda uow: service_slices.remove(uow, caller, identity))


def _key(request: Request) -> bytes:
    key: bytes = request.app.state.settings.signing_key
    return key


ROUTES = [
    look,
    read_rows,
    read_choices,
    read_item,
    act,
    count,
    add_slice,
    list_slices,
    change_slice,
    remove_slice,
]
