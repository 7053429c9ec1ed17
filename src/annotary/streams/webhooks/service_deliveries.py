"""Deliveries from one service's log: looked at, sent again, replayed. For owners and managers."""

from __future__ import annotations

from uuid import UUID

from annotary.identity.values import Caller
from annotary.infra.http import Page, encode_token, page_limit
from annotary.infra.postgres import Database, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel import limits
from annotary.kernel.errors import Invalid
from annotary.streams.rules import event_sequence
from annotary.streams.service import LONG_AGO, start, token_sequence
from annotary.streams.values import Cursor
from annotary.streams.webhooks import service
from annotary.streams.webhooks.errors import UnknownDelivery
from annotary.streams.webhooks.store import QUERIES, courier_view, delivery_view
from annotary.streams.webhooks.values import CourierView, DeliveryState, DeliveryView, Replay


async def list_deliveries(
    uow: UnitOfWork,
    caller: Caller,
    webhook_id: UUID,
    of_service: str,
    *,
    state: DeliveryState | None,
    limit: int | None,
    next_token: str | None,
) -> Page[DeliveryView]:
    """Return the deliveries of a webhook, the newest events first."""
    await service.read(uow, caller, webhook_id)
    length, before = page_limit(limit), token_sequence(next_token)
    rows = await uow.fetch(QUERIES.deliveries_page, webhook_id, state, before, length + 1)
    shown = rows[:length]
    following = encode_token(str(shown[-1]["sequence"])) if len(rows) > length else None
    return Page([delivery_view(row, of_service) for row in shown], following)


async def redeliver(
    uow: UnitOfWork, caller: Caller, webhook_id: UUID, of_service: str, event: str
) -> DeliveryView:
    """Send one event again, whatever became of it, under the same `webhook-id`."""
    await service.read(uow, caller, webhook_id)
    sequence = event_sequence(event, of_service)
    retried = limits.WEBHOOK_RETRIED_SECONDS_MAX
    row = await uow.fetchrow(QUERIES.redeliver, webhook_id, sequence, retried)
    if row is None:
        raise UnknownDelivery
    return delivery_view(row, of_service)


async def find_place(database: Database, wanted: Replay) -> Cursor:
    """Return where a replay begins; raises Invalid, WrongCursor, CursorLost."""
    if (wanted.since is None) == (wanted.cursor is None):
        raise Invalid(path="/since", found=wanted.since, expected="either since or cursor")
    return await start(database, wanted.cursor, wanted.since)


async def replay(
    uow: UnitOfWork, caller: Caller, webhook_id: UUID, of_service: str, place: Cursor
) -> CourierView:
    """Let a webhook's courier go on from another place: what it wants of all that follows is sent again."""
    await service.read(uow, caller, webhook_id)
    position = place.position
    moved = await uow.fetchrow(
        QUERIES.replay, webhook_id, position.transaction_id, position.sequence, place.since or LONG_AGO
    )
    if moved is None:
        raise UnknownDelivery("This webhook was made just now and has sent nothing yet: try again.")
    row = await one(uow, QUERIES.courier, webhook_id, limits.PAGE_ITEMS_MAX)
    return courier_view(webhook_id, row, of_service)


async def read_courier(uow: UnitOfWork, caller: Caller, webhook_id: UUID, of_service: str) -> CourierView:
    """Return how far a webhook has come in this service's log, and how its receiver does."""
    await service.read(uow, caller, webhook_id)
    row = await uow.fetchrow(QUERIES.courier, webhook_id, limits.PAGE_ITEMS_MAX)
    return courier_view(webhook_id, row, of_service)
