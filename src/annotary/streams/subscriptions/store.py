"""Subscriptions, their lanes, and what they parked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from annotary.eventlog import store as eventlog_store
from annotary.eventlog.store import Lag
from annotary.eventlog.values import Position
from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.ids import new_id
from annotary.kernel.limits import LAG_EVENTS_LOOKED_AT_MAX, PARKED_EVENTS_PER_SUBSCRIPTION_MAX
from annotary.streams.subscriptions.rules import consumer_name
from annotary.streams.subscriptions.values import LOT_FIRST, Lane, ParkedEvent, Subscription, SubscriptionSet

QUERIES = queries.load(__package__)


async def find(database: Database | UnitOfWork, organisation: UUID, name: str) -> Subscription | None:
    """Return a subscription of an organisation by name."""
    row = await database.fetchrow(QUERIES.subscription, organisation, name)
    return subscription_of(row) if row else None


async def listed(database: Database, organisation: UUID, member: UUID | None) -> list[Subscription]:
    """Return the subscriptions of an organisation, or of one of its members."""
    rows = await database.fetch(QUERIES.subscriptions, organisation, member)
    return [subscription_of(row) for row in rows]


async def every(database: Database) -> list[Subscription]:
    """Return all subscriptions of a service."""
    return [subscription_of(row) for row in await database.fetch(QUERIES.all_subscriptions)]


async def count(uow: UnitOfWork, organisation: UUID) -> int:
    """Return how many subscriptions an organisation has."""
    return int(await uow.fetchval(QUERIES.count_subscriptions, organisation))


async def add(
    uow: UnitOfWork,
    name: str,
    member: tuple[UUID, UUID],
    wanted: SubscriptionSet,
    project: UUID | None,
    begin: tuple[str, Position],
) -> Subscription | None:
    """Make a subscription of a `member` (organisation and member) that begins at a place of a service's log.

    Returns None where there is one of its name.
    """
    organisation, who = member
    terms = (wanted.lanes, wanted.lease_seconds, wanted.tries_most)
    row = await uow.fetchrow(
        QUERIES.add_subscription, new_id(), organisation, who, name, wanted.types, project, *terms
    )
    if row is None:
        return None
    made, (source, position) = subscription_of(row), begin
    await uow.execute(QUERIES.add_lanes, made.id, made.lanes, LOT_FIRST)
    await uow.execute(
        QUERIES.start_lanes, lane_names(made), source, position.transaction_id, position.sequence
    )
    return made


async def change(
    uow: UnitOfWork, held: Subscription, wanted: SubscriptionSet, project: UUID | None
) -> Subscription:
    """Put other terms in place of those of a subscription."""
    terms = (wanted.lease_seconds, wanted.tries_most)
    row = await uow.fetchrow(QUERIES.change_subscription, held.id, wanted.types, project, *terms)
    assert row is not None
    return subscription_of(row)


async def remove(uow: UnitOfWork, held: Subscription, source: str) -> bool:
    """Remove a subscription with its positions; False where somebody else has."""
    removed = await uow.fetchval(QUERIES.remove_subscription, held.id)
    await uow.execute(QUERIES.remove_positions, lane_names(held), source)
    return removed is not None


async def free_lane(uow: UnitOfWork, held: Subscription, source: str, but: Sequence[int]) -> Lane | None:
    """Hold and return the lane that waits longest of those that nobody has, but for some."""
    row = await uow.fetchrow(QUERIES.free_lane, held.id, list(but))
    return await _lane_of(uow, held, source, row) if row else None


async def leased_lane(
    uow: UnitOfWork, held: Subscription, source: str, number: int, lease: UUID
) -> Lane | None:
    """Hold and return a lane that this lease holds; None where the lease is over."""
    row = await uow.fetchrow(QUERIES.leased_lane, held.id, number, lease)
    return await _lane_of(uow, held, source, row) if row else None


async def put_lane(
    uow: UnitOfWork, held: Subscription, source: str, lane: Lane, rest_seconds: float = 0.0
) -> datetime | None:
    """Store a lane as it stands; returns until when it is held, where it has a lease."""
    name = consumer_name(held.id, lane.number)
    await eventlog_store.move(uow, name, source, lane.position)
    expires_at: datetime | None = await uow.fetchval(
        QUERIES.put_lane,
        held.id,
        lane.number,
        lane.lease,
        float(held.lease_seconds),
        [one.transaction_id for one in lane.given],
        [one.sequence for one in lane.given],
        lane.end.transaction_id,
        lane.end.sequence,
        lane.again,
        lane.lot,
        lane.tried,
        lane.tries,
        rest_seconds,
    )
    return expires_at


async def park(
    uow: UnitOfWork, held: Subscription, lane: int, event: Position, tries: int, reason: str
) -> bool:
    """Put an event aside; False where as many are parked as may be."""
    place = (event.transaction_id, event.sequence, lane, tries, reason)
    return bool(await uow.fetchval(QUERIES.park, held.id, *place, PARKED_EVENTS_PER_SUBSCRIPTION_MAX))


async def wanted_again(uow: UnitOfWork, held: Subscription, lane: int) -> Position | None:
    """Return the place of the first parked event of a lane that is wanted once more."""
    row = await uow.fetchrow(QUERIES.wanted_again, held.id, lane)
    return Position(row["transaction_id"], row["sequence"]) if row else None


async def drop_parked(uow: UnitOfWork, held: Subscription, sequence: int | None) -> bool:
    """Forget a parked event; False where it is not parked."""
    return bool(await uow.fetchval(QUERIES.drop_parked, held.id, sequence))


async def retry_parked(uow: UnitOfWork, held: Subscription, sequence: int | None) -> bool:
    """Have a parked event given out once more; False where it is not parked."""
    return bool(await uow.fetchval(QUERIES.retry_parked, held.id, sequence))


async def parked_page(
    database: Database, held: Subscription, after: int | None, limit: int
) -> list[tuple[int, ParkedEvent]]:
    """Return parked events behind one, with their sequences."""
    rows = await database.fetch(QUERIES.parked_page, held.id, after, limit)
    return [
        (
            row["sequence"],
            ParkedEvent(
                event=f"{database.schema}.{row['sequence']}",
                lane=row["lane"],
                tries=row["tries"],
                reason=row["reason"],
                again=row["again"],
                parked_at=row["parked_at"],
            ),
        )
        for row in rows
    ]


async def parked(database: Database | UnitOfWork, held: Subscription) -> int:
    """Return how many events of a subscription are parked."""
    row = await database.fetchrow(QUERIES.count_parked, held.id)
    return int(row[0]) if row else 0


async def lag(database: Database, held: Subscription) -> Lag:
    """Return how much waits for a subscription's lanes, as far as is looked, and the first of it how long."""
    patterns = eventlog_store.patterns_of(held.types or None)
    given = (lane_names(held), held.lanes, held.organisation_id, patterns, LAG_EVENTS_LOOKED_AT_MAX)
    row = await database.fetchrow(QUERIES.lag, *given)
    assert row is not None
    return Lag(row["events"], row["seconds"])


def lane_names(held: Subscription) -> list[str]:
    """Return the names of a subscription's lanes as consumers."""
    return [consumer_name(held.id, lane) for lane in range(held.lanes)]


def subscription_of(row: Row) -> Subscription:
    """Return a row as a subscription."""
    return Subscription(**{name: row[name] for name in Subscription.__struct_fields__})


async def _lane_of(uow: UnitOfWork, held: Subscription, source: str, row: Row) -> Lane:
    position = await eventlog_store.hold_position(uow, consumer_name(held.id, row["lane"]), source)
    assert position is not None, "only who holds the lane moves its position"
    given = zip(row["given_transactions"], row["given_sequences"], strict=True)
    return Lane(
        number=row["lane"],
        position=position,
        lease=row["lease"],
        given=tuple(Position(*place) for place in given),
        end=Position(row["end_transaction"], row["end_sequence"]),
        again=row["again"],
        lot=row["lot"],
        tried=row["tried"],
        tries=row["tries"],
    )
