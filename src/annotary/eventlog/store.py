"""The log's tables: writing facts and reading them in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from annotary.eventlog import registry
from annotary.eventlog.values import EVERYTHING, Event, Only, Position
from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.limits import LAG_EVENTS_LOOKED_AT_MAX, LOG_DISORDER_SECONDS_MAX

QUERIES = queries.load(__package__)
_encode = msgspec.json.Encoder().encode


def fact(
    kind: str, row: Row, by: UUID | None, data: dict[str, Any] | None = None, subject: str = "id"
) -> Event:
    """Return a fact about a row of an organisation; `subject` is the column with what the fact is about."""
    return Event(
        organisation_id=row["organisation_id"],
        type=kind,
        subject_id=row[subject],
        actor_id=by,
        data=data or {},
    )


async def record(uow: UnitOfWork, *events: Event) -> None:
    """Write facts in the transaction of the change they tell of; raises UnknownEventType."""
    for event in events:
        registry.event_type(event.type, event.schema_version)
    await uow.execute(
        QUERIES.record,
        [event.organisation_id for event in events],
        [event.type for event in events],
        [event.schema_version for event in events],
        [event.subject_id for event in events],
        [event.actor_id for event in events],
        [event.occurred_at for event in events],
        [_encode(event.data).decode() for event in events],
    )


class Ahead(NamedTuple):
    """What lies ahead: the wanted facts among the next ones, how many those are, and where they end."""

    events: list[Event]
    seen: int
    end: Position


class Lag(NamedTuple):
    """How many wanted facts wait for a consumer (of the next ones that are looked at), the first how long."""

    events: int
    seconds: float


async def read_after(
    database: Database,
    position: Position,
    limit: int,
    types: Sequence[str] | None = None,
    *,
    only: Only = EVERYTHING,
) -> Ahead:
    """Look at up to `limit` facts after `position`; `types` are prefixes of what is wanted, None for all.

    `only` says more about what is wanted (its types count where `types` are not given).
    """
    rows = await database.fetch(
        QUERIES.read_after,
        position.transaction_id,
        position.sequence,
        limit,
        patterns_of(only.types if types is None else types),
        only.organisation_id,
        only.subject_id,
        only.since,
        only.lane,
        only.lanes,
    )
    if not rows:
        return Ahead([], 0, position)
    last = rows[-1]
    events = [event_of(row, database.schema) for row in rows if row["wanted"]]
    return Ahead(events, last["seen"], Position(last["transaction_id"], last["sequence"]))


def event_of(row: Row, service: str) -> Event:
    """Return the event in a row with the columns of a service's log."""
    return Event(
        organisation_id=row["organisation_id"],
        type=row["type"],
        schema_version=row["schema_version"],
        subject_id=row["subject_id"],
        actor_id=row["actor_id"],
        occurred_at=row["occurred_at"],
        data=msgspec.json.decode(row["data"]),
        traceparent=row["traceparent"],
        service=service,
        transaction_id=row["transaction_id"],
        sequence=row["sequence"],
    )


async def log_end(database: Database) -> Position:
    """Return the place of the last fact that may be read now."""
    row = await database.fetchrow(QUERIES.log_end)
    return Position(row["transaction_id"], row["sequence"]) if row else Position()


async def log_has(database: Database, position: Position) -> bool:
    """Say whether there is a fact at just this place."""
    return bool(await database.pool.fetchval(QUERIES.log_has, position.transaction_id, position.sequence))


async def position_before(database: Database, moment: datetime) -> Position:
    """Return the place before the first fact that happened at or after a moment, also of what is still open.

    Transactions are numbered as they begin, so facts are nearly in the order of their times: by halving a
    place is found that lies a little before the moment, since a transaction may take a while, and from there
    the first one is looked for.
    """
    bounds = await database.fetchrow(QUERIES.log_bounds)
    if bounds is None or bounds["first"] is None:
        return Position()
    wanted = moment - timedelta(seconds=LOG_DISORDER_SECONDS_MAX)
    low, high = bounds["first"], bounds["last"] + 1
    while low < high:
        middle = (low + high) // 2
        happened = await database.pool.fetchval(QUERIES.happened_from, middle)
        if happened is not None and happened < wanted:
            low = middle + 1
        else:
            high = middle
    # The transaction before may go on behind the moment: a restored backup is one transaction.
    return Position(await database.pool.fetchval(QUERIES.first_from, low - 1, moment), 0)


def patterns_of(types: Sequence[str] | None) -> list[str]:
    """Return what a type is held against: prefixes, in which no character is special."""
    if types is None:
        return ["%"]
    plain = (prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for prefix in types)
    return [f"{prefix}%" for prefix in plain]


async def position(database: Database, consumer: str, source: str) -> Position:
    """Return how far a consumer has come, without locking."""
    row = await database.fetchrow(QUERIES.peek_position, consumer, source)
    return Position(row["transaction_id"], row["sequence"]) if row else Position()


async def introduce(database: Database, consumer: str, source: str) -> None:
    """Begin a consumer at the start of the log, unless it is known."""
    await database.execute(QUERIES.add_consumer, consumer, source)


async def hold_position(uow: UnitOfWork, consumer: str, source: str) -> Position | None:
    """Lock and return a consumer's position; None while another process holds it."""
    await uow.execute(QUERIES.add_consumer, consumer, source)
    row = await uow.fetchrow(QUERIES.position, consumer, source)
    return Position(row["transaction_id"], row["sequence"]) if row else None


async def move(uow: UnitOfWork, consumer: str, source: str, end: Position) -> None:
    """Set a consumer's position to just behind `end`."""
    await uow.execute(QUERIES.move, consumer, source, end.transaction_id, end.sequence)


async def park(uow: UnitOfWork, consumer: str, source: str, event: Event, reason: str) -> None:
    """Put an event aside that its consumer cannot handle."""
    await uow.execute(QUERIES.park, consumer, source, event.sequence, reason)


async def parked(database: Database) -> dict[tuple[str, str], int]:
    """Return how many events were put aside, by consumer and source."""
    return {(row["consumer"], row["source"]): row["events"] for row in await database.fetch(QUERIES.parked)}


async def lag(database: Database, position: Position, types: Sequence[str] | None) -> Lag:
    """Return how much of what a consumer wants lies ahead of its position in a log, and since when."""
    row = await database.fetchrow(
        QUERIES.lag, position.transaction_id, position.sequence, LAG_EVENTS_LOOKED_AT_MAX, patterns_of(types)
    )
    assert row is not None
    return Lag(row["events"], row["seconds"])


async def copy_rows(
    source: Database, target: UnitOfWork, table: str, key: str, subjects: Sequence[object]
) -> None:
    """Make the rows of `table` whose `key` is among `subjects` the same in the target as in the source."""
    rows = await source.fetch(_named(QUERIES.read_rows, table, key), list(subjects))
    await target.execute(_named(QUERIES.remove_rows, table, key), list(subjects))
    if rows:
        await target.execute(
            _named(QUERIES.write_rows, table, key), "[" + ",".join(row[0] for row in rows) + "]"
        )


def _named(query: str, table: str, key: str) -> str:
    assert table.isidentifier() and key.isidentifier()
    return query.replace("{table}", table).replace("{key}", key)
