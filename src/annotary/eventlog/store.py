"""The log's tables: writing facts and reading them in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from annotary.eventlog.values import Event, Position
from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork

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
    """Write facts in the transaction of the change they tell of."""
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


async def read_after(
    database: Database, position: Position, limit: int, types: Sequence[str] | None = None
) -> Ahead:
    """Look at up to `limit` facts after `position`; `types` are prefixes of what is wanted, None for all."""
    patterns = ["%"] if types is None else [f"{prefix}%" for prefix in types]
    rows = await database.fetch(
        QUERIES.read_after, position.transaction_id, position.sequence, limit, patterns
    )
    if not rows:
        return Ahead([], 0, position)
    last = rows[-1]
    events = [
        Event(
            organisation_id=row["organisation_id"],
            type=row["type"],
            schema_version=row["schema_version"],
            subject_id=row["subject_id"],
            actor_id=row["actor_id"],
            occurred_at=row["occurred_at"],
            data=msgspec.json.decode(row["data"]),
            service=database.schema,
            transaction_id=row["transaction_id"],
            sequence=row["sequence"],
        )
        for row in rows
        if row["wanted"]
    ]
    return Ahead(events, last["seen"], Position(last["transaction_id"], last["sequence"]))


async def position(database: Database, consumer: str, source: str) -> Position:
    """Return how far a consumer has come, without locking."""
    row = await database.fetchrow(QUERIES.peek_position, consumer, source)
    return Position(row["transaction_id"], row["sequence"]) if row else Position()


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


async def lag(database: Database, consumer: str, source: str) -> int:
    """Return how many facts lie ahead of a consumer in its own log (at most 100,000 are counted)."""
    return int(await database.pool.fetchval(QUERIES.lag, consumer, source))


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
