"""The tables of webhooks: what there is, how far each courier has come, what waits to be delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from annotary.eventlog.store import event_of, position_before
from annotary.eventlog.values import Position
from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel import limits
from annotary.kernel.ids import format_id
from annotary.streams.rules import cursor_text
from annotary.streams.values import Cursor
from annotary.streams.webhooks import rules
from annotary.streams.webhooks.values import (
    TESTED,
    Circuit,
    CourierView,
    DeliveryView,
    Ended,
    Taken,
    Verdict,
    Webhook,
    WebhookView,
)

QUERIES = queries.load(__package__)


class Looked(NamedTuple):
    """An active webhook as a look found it. `log`: it has a courier, and the log goes on behind its place."""

    webhook: Webhook
    created_at: datetime
    courier_version: int | None
    gone_reason: str | None
    log: bool
    due: bool


async def look(database: Database) -> list[Looked]:
    """Return all active webhooks, and for which of them there is something to do."""
    return [
        Looked(
            Webhook(
                id=row["id"],
                url=row["url"],
                version=row["version"],
                secret_number=row["secret_number"],
                former_until=row["former_until"],
            ),
            row["created_at"],
            row["webhook_version"],
            row["gone_reason"],
            _is_behind(row),
            row["due"],
        )
        for row in await database.fetch(QUERIES.look)
    ]


def _is_behind(row: Row) -> bool:
    if row["transaction_id"] is None or row["last_transaction_id"] is None:
        return False
    last = (row["last_transaction_id"], row["last_sequence"])
    return bool((row["transaction_id"], row["sequence"]) < last)


async def add_courier(database: Database, webhook: Webhook, since: datetime) -> None:
    """Begin a courier with the events from `since` on."""
    place = await position_before(database, since)
    await database.execute(
        QUERIES.add_courier, webhook.id, webhook.version, place.transaction_id, place.sequence, since
    )


async def begin_anew(database: Database, webhook: Webhook) -> None:
    """Let what waits be tried at once, since the webhook was changed."""
    retried = limits.WEBHOOK_RETRIED_SECONDS_MAX
    await database.execute(QUERIES.begin_anew, webhook.id, webhook.version, retried)


async def take_in(database: Database, webhook_id: UUID) -> tuple[int, int]:
    """Move a courier on in the log; returns how many events it went past, and how many are to be sent."""
    row = await database.fetchrow(
        QUERIES.take_in,
        webhook_id,
        limits.WEBHOOK_EVENTS_PER_LOOK_MAX,
        limits.WEBHOOK_WAITING_MAX,
        limits.WEBHOOK_RETRIED_SECONDS_MAX,
        TESTED,
    )
    assert row is not None
    return row["seen"], row["wanted"]


async def take(database: Database, webhook_id: UUID, room: int) -> list[Taken]:
    """Take up to `room` deliveries that are due; whoever does not end them in time has lost them."""
    rows = await database.fetch(QUERIES.take, webhook_id, room, limits.WEBHOOK_TRY_LOST_SECONDS)
    return [
        Taken(
            sequence=row["sequence"],
            tries=row["tries"],
            deadline_at=row["deadline_at"],
            probe=row["probe"],
            event=None if row["type"] is None else event_of(row, database.schema),
        )
        for row in rows
    ]


async def hold_circuit(uow: UnitOfWork, webhook_id: UUID) -> tuple[Circuit, datetime] | None:
    """Lock and return how a receiver does, and the time; None when the courier is no more."""
    row = await uow.fetchrow(QUERIES.hold_courier, webhook_id)
    if row is None:
        return None
    return Circuit(row["failures"], row["failing_since"], row["open_until"]), row["now"]


async def end_tries(
    uow: UnitOfWork, webhook_id: UUID, ended: Sequence[Ended], verdicts: Sequence[Verdict]
) -> None:
    """Write what tries came to."""
    await uow.execute(
        QUERIES.end_tries,
        webhook_id,
        [one.taken.sequence for one in ended],
        [one.taken.tries for one in ended],
        [one.state for one in verdicts],
        [one.due_at for one in verdicts],
        [one.answer.code for one in ended],
        [one.reason and one.reason[: limits.WEBHOOK_REASON_CHARACTERS_MAX] for one in verdicts],
        [one.answer.seconds for one in ended],
    )


async def move_circuit(uow: UnitOfWork, webhook_id: UUID, circuit: Circuit, gone_reason: str | None) -> None:
    """Write how a receiver does."""
    await uow.execute(
        QUERIES.move_circuit,
        webhook_id,
        circuit.failures,
        circuit.failing_since,
        circuit.open_until,
        gone_reason,
    )


async def bury(database: Database) -> None:
    """Give up what waited behind open circuits for as long as deliveries are retried."""
    await database.execute(QUERIES.bury, limits.WEBHOOK_REASON_CHARACTERS_MAX)


async def trim(database: Database, rows_max: int) -> int:
    """Forget old deliveries, and those of removed webhooks; returns how many, at most `rows_max`."""
    tag = await database.execute(
        QUERIES.trim, limits.WEBHOOK_DELIVERED_KEPT_DAYS, limits.WEBHOOK_DEAD_KEPT_DAYS, rows_max
    )
    return int(tag.rpartition(" ")[2])


async def lags(database: Database) -> tuple[float, float, float]:
    """Return how many events and seconds the last courier is behind, and how many circuits are open."""
    row = await database.fetchrow(QUERIES.lags, limits.WEBHOOK_WAITING_MAX)
    assert row is not None
    return row["events_behind"], row["seconds_behind"], row["circuits_open"]


def webhook_view(row: Row) -> WebhookView:
    """Return a webhook as the API shows it."""
    return WebhookView(
        id=format_id("webhook", row["id"]),
        url=row["url"],
        description=row["description"],
        event_types=row["event_types"],
        projects=[format_id("project", project) for project in row["projects"]],
        state=row["state"],
        reason=row["reason"],
        secret_number=row["secret_number"],
        former_secret_until=row["former_until"],
        version=row["version"],
        created_at=row["created_at"],
    )


def delivery_view(row: Row, service: str) -> DeliveryView:
    """Return a delivery as the API shows it."""
    return DeliveryView(
        event=f"{service}.{row['sequence']}",
        type=row["type"],
        state=row["state"],
        tries=row["tries"],
        due_at=row["due_at"] if row["state"] == "waiting" else None,
        created_at=row["created_at"],
        ended_at=row["ended_at"],
        code=row["code"],
        reason=row["reason"],
        seconds=row["seconds"],
        cursor=_cursor(row, service),
    )


def courier_view(webhook_id: UUID, row: Row | None, service: str) -> CourierView:
    """Return a courier as the API shows it; a webhook that was made just now has none yet."""
    late = row["now"] - row["oldest"] if row and row["oldest"] else timedelta()
    return CourierView(
        webhook=format_id("webhook", webhook_id),
        service=service,
        cursor=_cursor(row, service) if row else None,
        events_behind=row["events_behind"] if row else 0,
        waiting=row["waiting"] if row else 0,
        dead=row["dead"] if row else 0,
        seconds_behind=max(late.total_seconds(), 0.0),
        circuit=rules.circuit_state(row["open_until"], row["now"]) if row else "closed",
        failures=row["failures"] if row else 0,
        open_until=row["open_until"] if row else None,
    )


def _cursor(row: Row, service: str) -> str:
    return cursor_text(Cursor(service, Position(row["transaction_id"], row["sequence"])))
