"""The tables of the chain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from annotary.eventlog.chain.rules import NOTHING
from annotary.eventlog.chain.values import Chain, Run, Segment
from annotary.eventlog.values import Position
from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork

QUERIES = queries.load(__package__)


async def lies_ahead(database: Database, position: Position) -> bool:
    """Say whether there are events to append behind a position."""
    row = await database.fetchrow(QUERIES.lies_ahead, position.transaction_id, position.sequence)
    return bool(row and row[0])


async def next_events(uow: UnitOfWork, position: Position, limit: int) -> list[Row]:
    """Return the next events with the bytes that are hashed."""
    return await uow.fetch(QUERIES.next_events, position.transaction_id, position.sequence, limit)


async def chained_among(uow: UnitOfWork, sequences: Sequence[int]) -> set[int]:
    """Return those events, of these and those around them, that are in a run."""
    rows = await uow.fetch(QUERIES.runs_over, min(sequences), max(sequences))
    return {sequence for row in rows for sequence in row["sequences"]}


async def chains_of(uow: UnitOfWork, organisations: Iterable[UUID]) -> dict[UUID, Chain]:
    """Return where the chains of organisations stand; one without events is at its beginning."""
    wanted = list(organisations)
    found = {one: Chain(one, 0, NOTHING, 0, 0, NOTHING) for one in wanted}
    return found | {row[0]: Chain(*row) for row in await uow.fetch(QUERIES.chains_of, wanted)}


async def moment(uow: UnitOfWork) -> datetime:
    """Return the database's time."""
    now: datetime = await uow.fetchval(QUERIES.moment)
    return now


async def add_runs(uow: UnitOfWork, runs: Sequence[Run]) -> None:
    """Write runs, at most one of a chain, and move the chains' ends behind them."""
    await uow.executemany(QUERIES.add_run, runs)
    ends = [(run.organisation_id, run.first + len(run.sequences), run.link_after, NOTHING) for run in runs]
    await uow.executemany(QUERIES.move_chain, ends)


async def due_chains(uow: UnitOfWork | Database, events_min: int, seconds_max: float) -> list[Chain]:
    """Return the chains that have a segment to seal: so many events, or one so old."""
    return [Chain(*row) for row in await uow.fetch(QUERIES.due_chains, events_min, seconds_max)]


async def add_segment(uow: UnitOfWork, segment: Segment, statement_hash: bytes) -> None:
    """Write a segment, and how far its chain is sealed now."""
    await uow.execute(QUERIES.add_segment, *segment)
    sealed = segment.first + segment.events
    await uow.execute(QUERIES.note_sealed, segment.organisation_id, sealed, segment.number, statement_hash)
