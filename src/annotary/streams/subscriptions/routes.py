"""HTTP of subscriptions; mounted below `/v1` and `/v1/{modality}`."""

from __future__ import annotations

from typing import cast

from litestar import Response, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.identity.service import authenticate
from annotary.infra.http import JSON, Page, Request, database, write
from annotary.streams.routes import checked_limit, idle, wait_seconds
from annotary.streams.routes_sse import Streams
from annotary.streams.subscriptions import service, service_lots
from annotary.streams.subscriptions.values import (
    Acknowledged,
    Acknowledgement,
    GivenLot,
    ParkedEvent,
    SubscriptionSet,
    SubscriptionView,
)

_PATH = "/subscriptions/{name:str}"


@put(_PATH, summary="Make or change a subscription")
async def put_subscription(
    request: Request, name: FromPath[str], data: JSONBody[SubscriptionSet]
) -> Response[SubscriptionView]:
    """Make a durable subscription, or put these terms in place of those it has; its lanes stay as they are.

    It delivers what its member may see: see `/events`. `start` counts when it is made.
    """
    caller, source = await authenticate(request), database(request)
    return await write(
        request,
        caller.member_id,
        lambda uow: service.put_subscription(source, uow, caller, name, data),
    )


@get("/subscriptions", summary="Subscriptions, and how far they are behind")
async def list_subscriptions(request: Request) -> list[SubscriptionView]:
    """List the caller's subscriptions; for managers of the organisation all of its."""
    return await service.list_subscriptions(database(request), await authenticate(request))


@get(_PATH, summary="A subscription, and how far it is behind")
async def read_subscription(request: Request, name: FromPath[str]) -> SubscriptionView:
    """Return a subscription with how many events wait for its handlers, and since when."""
    source = database(request)
    held = await service.managed_subscription(source, await authenticate(request), name)
    return await service.shown(source, held)


@delete(_PATH, summary="End a subscription", status_code=204)
async def end_subscription(request: Request, name: FromPath[str]) -> Response[None]:
    """End a subscription: its positions and what it parked are gone."""
    caller, schema = await authenticate(request), database(request).schema
    return await write(
        request, caller.member_id, lambda uow: service.end_subscription(uow, caller, name, schema)
    )


@get(_PATH + "/events", summary="The next lot of a subscription")
async def take_lot(
    request: Request,
    name: FromPath[str],
    limit: FromQuery[int | None] = None,
    wait_ms: FromQuery[int] = 0,
) -> Response[GivenLot]:
    """Lease one lane with its next events, in order; waits up to `wait_ms` for some.

    As many handlers as there are lanes work at once. What is not acknowledged before the lease ends is given
    out again, so an event may come more than once: handle each by its id.
    """
    caller = await authenticate(request)
    held = await service.own_subscription(database(request), caller, name)
    lots = service_lots.Lots(database(request), held, caller)
    streams = cast(Streams, request.app.state.streams)
    length, wait = checked_limit(limit), wait_seconds(wait_ms)
    return Response(await lots.take(streams.pulse, length, wait, idle(request)), media_type=JSON)  # type: ignore[arg-type]


@post(_PATH + "/acknowledge", summary="Say what became of a lot", status_code=200)
async def acknowledge(
    request: Request, name: FromPath[str], data: JSONBody[Acknowledgement]
) -> Response[Acknowledged]:
    """Acknowledge a lot up to a cursor; `failed` says that the event behind it could not be dealt with.

    One that failed often enough is parked, and the lane goes on without it.
    """
    caller, source = await authenticate(request), database(request)
    held = await service.own_subscription(source, caller, name)
    return await write(
        request,
        caller.member_id,
        lambda uow: service_lots.acknowledge(uow, held, source.schema, data),
    )


@get(_PATH + "/parked", summary="Events that were put aside")
async def list_parked(
    request: Request,
    name: FromPath[str],
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[ParkedEvent]:
    """List the events that handlers could not deal with, with the reason of each."""
    caller = await authenticate(request)
    return await service.parked_page(database(request), caller, name, limit, next_token)


@post(_PATH + "/parked/{event:str}/retry", summary="Have a parked event given out once more", status_code=204)
async def retry_parked(request: Request, name: FromPath[str], event: FromPath[str]) -> Response[None]:
    """Give a parked event out once more, alone, before what is new in its lane."""
    caller, own = await authenticate(request), database(request)
    return await write(
        request, caller.member_id, lambda uow: service.retry_parked(uow, caller, name, event, own.schema)
    )


@delete(_PATH + "/parked/{event:str}", summary="Forget a parked event", status_code=204)
async def drop_parked(request: Request, name: FromPath[str], event: FromPath[str]) -> Response[None]:
    """Forget a parked event: it will not be given out again."""
    caller, own = await authenticate(request), database(request)
    return await write(
        request, caller.member_id, lambda uow: service.drop_parked(uow, caller, name, event, own.schema)
    )


ROUTES = [
    put_subscription,
    list_subscriptions,
    read_subscription,
    end_subscription,
    take_lot,
    acknowledge,
    list_parked,
    retry_parked,
    drop_parked,
]
