"""HTTP of the log: lots by cursor, streams, and the schemas; mounted below `/v1` and `/v1/{modality}`."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from msgspec.structs import replace

from annotary.eventlog import registry
from annotary.identity.service import authenticate
from annotary.identity.values import Caller, Role
from annotary.infra.gate import Gate
from annotary.infra.http import JSON, Request, database
from annotary.kernel.errors import Malformed, NotFound
from annotary.kernel.ids import parse_id
from annotary.kernel.limits import (
    STREAM_EVENTS_PER_LOT_DEFAULT,
    STREAM_EVENTS_PER_LOT_MAX,
    STREAM_LANES_MAX,
    STREAM_WAIT_MILLISECONDS_MAX,
)
from annotary.streams import rules, service
from annotary.streams.routes_sse import MEDIA_TYPE, Stream, StreamResponse, Streams
from annotary.streams.service_outcomes import OutcomeSource
from annotary.streams.values import Asked, Cursor, EventLot, OutcomeLot

Open = Callable[[], Awaitable[service.Source]]


class UnknownSchema(NotFound):
    """There is no such type of events, or not in that version."""


@get("/events", summary="What happened: by cursor, waiting for more, or as a stream")
async def read_events(
    request: Request,
    types: FromQuery[str | None] = None,
    project: FromQuery[str | None] = None,
    subject: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    since: FromQuery[datetime | None] = None,
    limit: FromQuery[int | None] = None,
    wait_ms: FromQuery[int] = 0,
    lane: FromQuery[int] = 0,
    lanes: FromQuery[int] = 1,
) -> Response[EventLot]:
    """Return events behind a cursor as CloudEvents 1.0, oldest first, or with `Accept: text/event-stream` all
    that come.

    Begin with `since` (a time), `cursor=end`, or neither, which is the beginning; go on with the cursor of
    the last reply, or of a stream with `Last-Event-ID`. `types` are prefixes between commas; `wait_ms` waits
    so long for the first event. Of `lanes` readers, each takes its `lane`: all events of a subject fall into
    the same. For managers of the organisation, and of projects for their managers and reviewers.
    """
    caller = await authenticate(request)
    rules.sight_of(caller)
    project_id = None if project is None else parse_id("project", project)
    begin = await _begin(request, caller, project_id, cursor, since)
    asked = replace(
        _asked(begin, limit, wait_ms, (lane, lanes)),
        types=rules.types_of(types),
        project=project_id,
        subject=None if subject is None else rules.subject_of(subject),
    )

    async def open_source() -> service.Source:
        return service.EventSource(database(request), rules.sight_of(await authenticate(request)), asked)

    return await _reply(request, caller, asked, open_source)


@get("/outcome-changes", summary="Outcomes as they are accepted, corrected and retracted")
async def read_outcome_changes(
    request: Request,
    project: FromQuery[str],
    cursor: FromQuery[str | None] = None,
    since: FromQuery[datetime | None] = None,
    limit: FromQuery[int | None] = None,
    wait_ms: FromQuery[int] = 0,
    lane: FromQuery[int] = 0,
    lanes: FromQuery[int] = 1,
) -> Response[OutcomeLot]:
    """Return what became of a project's outcomes behind a cursor, whole and with what was labelled, or with
    `Accept: text/event-stream` all that comes. For reviewers and managers; see `/events` for the parameters.
    """
    caller = await authenticate(request)
    project_id = parse_id("project", project)
    asked = _asked(await _begin(request, caller, project_id, cursor, since), limit, wait_ms, (lane, lanes))

    async def open_source() -> service.Source:
        now = await authenticate(request)
        await service.project_born_at(database(request), now, project_id, Role.REVIEWER)
        return OutcomeSource(database(request), project_id, now.organisation_id, asked)

    return await _reply(request, caller, asked, open_source)


@get("/events/schemas", summary="The types of events")
async def list_schemas(request: Request) -> list[dict[str, Any]]:
    """List every type of event: what it means, what it is about, and where its data is described."""
    await authenticate(request)
    return registry.schemas()


@get("/events/schemas/{name:str}/{version:int}", summary="What the data of a type of events is")
async def read_schema(request: Request, name: FromPath[str], version: FromPath[int]) -> dict[str, Any]:
    """Return the JSON Schema of the data of a type of events."""
    await authenticate(request)
    try:
        return registry.schema(name, version)
    except registry.UnknownEventType:
        raise UnknownSchema from None


async def _reply(request: Request, caller: Caller, asked: Asked, open_source: Open) -> Response[Any]:
    streams, source = cast(Streams, request.app.state.streams), await open_source()
    if MEDIA_TYPE in request.headers.get("accept", ""):
        streams.require_room(caller.member_id)
        return StreamResponse(Stream(streams, caller.member_id, asked, open_source, idle(request)))
    lot = await service.next_lot(source, streams.pulse, asked, idle(request))
    body = rules.lot_body(lot.entries, rules.cursor_text(lot.end), lot.more)
    return Response(body, media_type=JSON)


def idle(request: Request) -> service.Idle:
    """Return what a request holds while it only waits: its place at the gate goes to another."""
    gate: Gate | None = cast(dict[str, Any], request.scope).get("gate")
    return contextlib.nullcontext if gate is None else gate.idle


async def _begin(
    request: Request, caller: Caller, project: UUID | None, cursor: str | None, since: datetime | None
) -> Cursor:
    """Return where to begin; raises where the caller may not follow the project."""
    born_at = await service.project_born_at(database(request), caller, project, Role.REVIEWER)
    # A stream that broke off is asked for again by the browser with the address it was first asked for.
    if (seen := request.headers.get("last-event-id")) and MEDIA_TYPE in request.headers.get("accept", ""):
        cursor, since = seen, None
    return await service.start(database(request), cursor, since, born_at=born_at)


def _asked(begin: Cursor, limit: int | None, wait_ms: int, lane_of: tuple[int, int]) -> Asked:
    """Return what every request of the log says, checked; `lane_of` is a lane, and of how many."""
    lane, lanes = lane_of
    _between("lanes", lanes, 1, STREAM_LANES_MAX)
    _between("lane", lane, 0, lanes - 1)
    waits = wait_seconds(wait_ms)
    return Asked(cursor=begin, limit=checked_limit(limit), wait_seconds=waits, lane=lane, lanes=lanes)


def checked_limit(limit: int | None) -> int:
    """Return how many are asked for at once, checked."""
    if limit is None:
        return STREAM_EVENTS_PER_LOT_DEFAULT
    return _between("limit", limit, 1, STREAM_EVENTS_PER_LOT_MAX)


def wait_seconds(wait_ms: int) -> float:
    """Return for how long is waited, checked."""
    return _between("wait_ms", wait_ms, 0, STREAM_WAIT_MILLISECONDS_MAX) / 1_000


def _between(name: str, value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise Malformed(f"{name}: found {value}, expected {least} to {most}.", path=name)
    return value


ROUTES = [read_events, read_outcome_changes]
SCHEMA_ROUTES = [list_schemas, read_schema]
