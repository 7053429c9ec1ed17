"""Appending: events that were written become runs of their chains, and runs become sealed segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from blake3 import blake3

from annotary.eventlog import store as eventlog_store
from annotary.eventlog.chain import rules, store
from annotary.eventlog.chain.service_keys import SigningKey
from annotary.eventlog.chain.store import QUERIES
from annotary.eventlog.chain.values import Chain, Run, Segment
from annotary.eventlog.values import Position
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.yielding import in_yielding_thread
from annotary.kernel.limits import CHAIN_EVENTS_PER_BATCH_MAX, SEGMENT_EVENTS_MAX, SEGMENT_SECONDS_MAX

# The appender is a consumer by this name: whoever holds its position is the only one to append.
APPENDER = "chain"


async def append_once(database: Database, limit: int = CHAIN_EVENTS_PER_BATCH_MAX) -> int:
    """Append the next events to the chains of their organisations; returns how many events it went past.

    All of it is one transaction, so a killed appender leaves nothing half done; another one that appends now
    makes this return 0.
    """
    service = database.schema
    if not await store.lies_ahead(database, await eventlog_store.position(database, APPENDER, service)):
        return 0
    async with database.transaction() as uow:
        position = await eventlog_store.hold_position(uow, APPENDER, service)
        if position is None:
            return 0
        rows = await store.next_events(uow, position, limit)
        if not rows:
            return 0
        # After a restored backup the position may lie before events that are chained.
        chained = await store.chained_among(uow, [row["sequence"] for row in rows])
        fresh = [row for row in rows if row["sequence"] not in chained]
        chains = await store.chains_of(uow, {row["organisation_id"] for row in fresh})
        now = await store.moment(uow)
        await store.add_runs(uow, await in_yielding_thread(_runs, fresh, chains, now))
        end = Position(rows[-1]["transaction_id"], rows[-1]["sequence"])
        await eventlog_store.move(uow, APPENDER, service, end)
    return len(rows)


def _runs(rows: Sequence[Row], chains: Mapping[UUID, Chain], now: datetime) -> list[Run]:
    """Return one run for each organisation that events are of."""
    by_organisation: dict[UUID, list[Row]] = {}
    for row in rows:
        by_organisation.setdefault(row["organisation_id"], []).append(row)
    return [
        rules.run_of(
            organisation,
            chains[organisation].events,
            chains[organisation].link,
            [(row["transaction_id"], row["sequence"]) for row in own],
            [rules.leaf_of(row["stored"]) for row in own],
            now,
        )
        for organisation, own in by_organisation.items()
    ]


async def seal_due(
    database: Database,
    key: SigningKey,
    *,
    events_min: int = SEGMENT_EVENTS_MAX,
    seconds_max: float = SEGMENT_SECONDS_MAX,
) -> int:
    """Seal what has `events_min` events or waits for `seconds_max`; returns how many segments were made."""
    if not await store.due_chains(database, events_min, seconds_max):
        return 0
    async with database.transaction() as uow:
        if await eventlog_store.hold_position(uow, APPENDER, database.schema) is None:
            return 0
        due = await store.due_chains(uow, events_min, seconds_max)
        await uow.execute(QUERIES.add_key, key.id, key.public)
        for chain in due:
            await _seal(uow, database.schema, chain, key)
    return len(due)


async def _seal(uow: UnitOfWork, service: str, chain: Chain, key: SigningKey) -> None:
    """Seal the next runs of a chain, up to the one with which they are `SEGMENT_EVENTS_MAX` events."""
    until = chain.sealed + SEGMENT_EVENTS_MAX
    rows = await uow.fetch(QUERIES.runs_to_seal, chain.organisation_id, chain.sealed, until)
    leaves = [leaf for row in rows for leaf in rules.leaves_in(row["leaves"])]
    unsigned = Segment(
        organisation_id=chain.organisation_id,
        number=chain.segments + 1,
        first=chain.sealed,
        events=len(leaves),
        root=await in_yielding_thread(rules.root_of, leaves),
        link=rows[-1]["link_after"],
        runs=blake3(b"".join(row["stamp"] for row in rows)).digest(),
        previous=chain.segment_hash,
        sealed_at=await store.moment(uow),
        key_id=key.id,
        signature=b"",
    )
    statement = rules.segment_statement(service, unsigned)
    await store.add_segment(uow, unsigned._replace(signature=key.sign(statement)), rules.hash_of(statement))
