"""HTTP of deliveries from one service's own log; mounted below `/v1` and below `/v1/{modality}`."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from annotary.identity.service import authenticate
from annotary.infra.http import Page, Request, database, write
from annotary.kernel.ids import parse_id
from annotary.streams.webhooks import service_deliveries
from annotary.streams.webhooks.values import CourierView, DeliveryState, DeliveryView, Replay


@get("/webhooks/{webhook:str}/deliveries", summary="List deliveries of a webhook")
async def list_deliveries(
    request: Request,
    webhook: FromPath[str],
    wanted: Annotated[DeliveryState | None, QueryParameter(name="state")] = None,
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[DeliveryView]:
    """List deliveries from this service's log, the newest events first. `state=dead`: the dead letters."""
    caller = await authenticate(request)
    webhook_id, own = parse_id("webhook", webhook), database(request)
    async with own.connection() as uow:
        return await service_deliveries.list_deliveries(
            uow, caller, webhook_id, own.schema, state=wanted, limit=limit, next_token=next_token
        )


@post(
    "/webhooks/{webhook:str}/deliveries/{event:str}/redeliver",
    status_code=202,
    summary="Send an event to a webhook again",
)
async def redeliver(request: Request, webhook: FromPath[str], event: FromPath[str]) -> Response[DeliveryView]:
    """Send one event again, whatever became of it, under the same `webhook-id`."""
    caller = await authenticate(request)
    webhook_id, own = parse_id("webhook", webhook), database(request)
    return await write(
        request,
        caller.member_id,
        lambda uow: service_deliveries.redeliver(uow, caller, webhook_id, own.schema, event),
        status=202,
    )


@get("/webhooks/{webhook:str}/courier", summary="How far a webhook has come")
async def read_courier(request: Request, webhook: FromPath[str]) -> CourierView:
    """Return how far a webhook has come in this service's log, and how its receiver does."""
    caller = await authenticate(request)
    webhook_id, own = parse_id("webhook", webhook), database(request)
    async with own.connection() as uow:
        return await service_deliveries.read_courier(uow, caller, webhook_id, own.schema)


@post("/webhooks/{webhook:str}/replay", status_code=202, summary="Send events to a webhook again")
async def replay(request: Request, webhook: FromPath[str], data: JSONBody[Replay]) -> Response[CourierView]:
    """Send again what the webhook wants of this service's log, from a time or from behind a cursor."""
    caller = await authenticate(request)
    webhook_id, own = parse_id("webhook", webhook), database(request)
    place = await service_deliveries.find_place(own, data)
    return await write(
        request,
        caller.member_id,
        lambda uow: service_deliveries.replay(uow, caller, webhook_id, own.schema, place),
        status=202,
    )


ROUTES = [list_deliveries, redeliver, read_courier, replay]
