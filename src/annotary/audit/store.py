"""Reading a log with its chains from a database, as of one moment."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import msgspec

from annotary.audit.values import (
    ChainOpening,
    HeadsOf,
    LogEnd,
    LogOpening,
    Opening,
    Record,
    Redaction,
    RunRead,
)
from annotary.eventlog.chain.rules import key_id
from annotary.eventlog.chain.service import APPENDER
from annotary.eventlog.chain.service_heads import FOLDER
from annotary.eventlog.chain.store import QUERIES as CHAIN
from annotary.eventlog.chain.values import Chain, Head, Run, Segment
from annotary.infra import queries
from annotary.infra.objects import Objects
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.settings import Settings
from annotary.kernel.limits import AUDIT_ROWS_PER_READ_MAX

QUERIES = queries.load(__package__)
RUNS_AT_ONCE = 256
# A run that has less than one of so many events between its first and its last is not read as a stretch.
SPARSE = 8
# For joins of all events with all rows; what does not fit goes to disk.
WORK_MEMORY = "64MB"
_redaction = msgspec.json.Decoder(Redaction).decode
_head = msgspec.json.Decoder(Head).decode


@contextlib.asynccontextmanager
async def as_of_now(settings: Settings, service: str) -> AsyncIterator[UnitOfWork]:
    """Yield a connection that sees the database of a service as it was at one moment, for long work."""
    connection = await asyncpg.connect(
        settings.database_urls[service],
        server_settings={"search_path": service, "jit": "off", "work_mem": WORK_MEMORY},
    )
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield connection
    finally:
        await connection.close()


async def records(settings: Settings, objects: Objects, services: Sequence[str]) -> AsyncGenerator[Record]:
    """Yield everything there is to verify of some services."""
    yield await _opening(settings, objects, services)
    for service in services:
        async with as_of_now(settings, service) as uow, contextlib.aclosing(_log(uow, service)) as log:
            async for record in log:
                yield record


async def _opening(settings: Settings, objects: Objects, services: Sequence[str]) -> Opening:
    keys: dict[str, str] = {}
    for service in dict.fromkeys([*services, "platform"]):
        async with as_of_now(settings, service) as uow:
            for row in await uow.fetch(CHAIN.keys):
                # One that was changed in a service must not hide behind what another service has.
                if row["id"] not in keys or key_id(row["public_key"]) != row["id"]:
                    keys[row["id"]] = row["public_key"].hex()
    async with as_of_now(settings, "platform") as uow:
        rows = await uow.fetch(QUERIES.heads)
    heads: dict[UUID, HeadsOf] = {}
    for row in rows:
        of = heads.setdefault(row["organisation_id"], HeadsOf(row["organisation_id"], {}, {}))
        of.kept[row["number"]] = Head(row["statement"], row["signature"].hex())
    # After the rows: what is published has its object before its row.
    async for key in objects.keys_under(FOLDER):
        organisation, number = UUID(key.split("/")[-2]), int(key.split("/")[-1].removesuffix(".json"))
        of = heads.setdefault(organisation, HeadsOf(organisation, {}, {}))
        try:
            of.published[number] = _head(await objects.read(key))
        except msgspec.DecodeError:
            of.published[number] = Head("", "")
    return Opening(datetime.now(UTC), keys, list(heads.values()), list(services))


async def _log(uow: UnitOfWork, service: str) -> AsyncGenerator[Record]:
    size = await uow.fetchval(QUERIES.log_size)
    orders = []
    for (text,) in await uow.fetch(QUERIES.redactions):
        with contextlib.suppress(msgspec.DecodeError):
            orders.append(_redaction(text))
    yield LogOpening(service, size, orders)
    row = await uow.fetchrow(QUERIES.appended_to, APPENDER, service)
    position = (row["transaction_id"], row["sequence"]) if row else (0, 0)
    chained = passed = 0
    for (organisation,) in await uow.fetch(QUERIES.organisations):
        chain = await uow.fetchrow(QUERIES.chain, organisation)
        segments = [Segment(*one) for one in await uow.fetch(QUERIES.segments, organisation)]
        yield ChainOpening(organisation, Chain(*chain) if chain else None, segments)
        async with contextlib.aclosing(_runs(uow, organisation)) as runs:
            async for read in runs:
                yield read
                chained += len(read.run.sequences)
                passed += _before(read.run, position)
    found = await uow.fetchval(QUERIES.passed, *position)
    strays = [one[0] for one in await uow.fetch(QUERIES.strays, *position)] if found > passed else []
    yield LogEnd(service, size - chained - (found - passed), strays, found < passed)


def _before(run: Run, position: tuple[int, int]) -> int:
    """Return how many events of a run lie before a position of the log."""
    if max(run.transaction_ids) < position[0]:
        return len(run.sequences)
    return sum(place <= position for place in zip(run.transaction_ids, run.sequences, strict=True))


async def _runs(uow: UnitOfWork, organisation: UUID) -> AsyncGenerator[RunRead]:
    """Yield the runs of a chain; the next are read while these are looked at, few enough for memory."""
    after, limit = -1, 1
    rows = await uow.fetch(QUERIES.runs, organisation, after, limit, SPARSE)
    while rows:
        after = rows[-1]["first"]
        average = max(1, sum(len(row["sequences"]) for row in rows) // len(rows))
        limit = max(1, min(RUNS_AT_ONCE, AUDIT_ROWS_PER_READ_MAX // average))
        alone = {row["first"]: await _looked_up(uow, row) for row in rows if not row["is_stretch"]}
        following = asyncio.ensure_future(uow.fetch(QUERIES.runs, organisation, after, limit, SPARSE))
        try:
            for row in rows:
                yield RunRead(Run(*row[:9]), alone.get(row["first"], row["stored"]))
            rows = await following
        finally:
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following


async def _looked_up(uow: UnitOfWork, row: Row) -> list[bytes | None]:
    stored: list[bytes | None] = await uow.fetchval(
        QUERIES.events_of_run, row["organisation_id"], row["first"]
    )
    return stored
