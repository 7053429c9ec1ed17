"""The relay's tables: its turn, its position, and the checkpoints of what brokers acknowledged."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence

import asyncpg

from annotary.eventlog import store
from annotary.eventlog.relay.errors import Overtaken
from annotary.eventlog.relay.values import Progress
from annotary.eventlog.values import Event, Position
from annotary.infra import queries
from annotary.infra.postgres import Database, UnitOfWork, meaning
from annotary.kernel.limits import RELAY_CHECKPOINTS_DENSE

QUERIES = queries.load(__package__)
NAME = "relay"


@contextlib.asynccontextmanager
async def turn(database: Database) -> AsyncIterator[bool]:
    """Hold the right to publish this log; False while another process has it."""
    async with database.connection() as connection:
        taken = bool(await connection.fetchval(QUERIES.take_turn, database.schema))
        try:
            yield taken
        finally:
            if taken:
                await _end_turn(connection, database.schema)


async def _end_turn(connection: UnitOfWork, source: str) -> None:
    try:
        await connection.execute(QUERIES.end_turn, source)
    except Exception as error:
        # The lock ends with its connection, which must not go back to the pool with it.
        with contextlib.suppress(asyncpg.InterfaceError):
            connection.terminate()
        if meaning(error) is None:
            raise


async def begin(database: Database, topic: str) -> Progress:
    """Return how far a topic has come; a topic of which nothing is known begins with the log's beginning."""
    source = database.schema
    async with database.transaction() as uow:
        position = await store.hold_position(uow, NAME, source)
        if position is None:
            raise Overtaken
        row = await uow.fetchrow(QUERIES.latest_checkpoint, topic)
        if row:
            return Progress(position, tuple(row["next_offsets"]))
        await store.move(uow, NAME, source, Position())
    return Progress()


async def advance(
    database: Database, topic: str, before: Progress, after: Progress, refused: Sequence[tuple[Event, str]]
) -> None:
    """Say that everything up to `after` is acknowledged, or put aside; raises `Overtaken`."""
    source = database.schema
    async with database.transaction() as uow:
        if await store.hold_position(uow, NAME, source) != before.position:
            raise Overtaken
        await store.move(uow, NAME, source, after.position)
        for event, reason in refused:
            await store.park(uow, NAME, source, event, reason)
        number = await uow.fetchval(
            QUERIES.add_checkpoint,
            topic,
            after.reached,
            after.position.transaction_id,
            after.position.sequence,
        )
        if number % RELAY_CHECKPOINTS_DENSE == 0:
            await uow.execute(QUERIES.thin, topic, number, RELAY_CHECKPOINTS_DENSE)


async def go_back(database: Database, topic: str, before: Progress, ends: Sequence[int]) -> Progress:
    """Return to the last checkpoint of which a topic that ends at `ends` still has everything."""
    async with database.transaction() as uow:
        if await store.hold_position(uow, NAME, database.schema) != before.position:
            raise Overtaken
        return await _go_back(uow, database.schema, topic, ends)


async def _go_back(uow: UnitOfWork, source: str, topic: str, ends: Sequence[int]) -> Progress:
    row = await uow.fetchrow(QUERIES.surviving_checkpoint, topic, ends)
    found = (
        Progress(Position(row["transaction_id"], row["sequence"]), tuple(row["next_offsets"]))
        if row
        else Progress()
    )
    await uow.execute(QUERIES.forget_after, topic, row["number"] if row else 0)
    await store.move(uow, NAME, source, found.position)
    return found
