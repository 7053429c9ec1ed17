"""The tables of hops: stamps of labels, histograms of minutes and since the beginning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import one, sweep
from annotary.kernel.limits import HOP_MINUTES_READ_MAX, HOPS_KEPT_DAYS, SWEEP_ROWS_MAX
from annotary.operations.hops.rules import MICROSECONDS_PER_MINUTE, Labels, moment
from annotary.operations.hops.values import RECEIVED, SETTLED, Counted

QUERIES = queries.load(__package__)


async def note_eligible(uow: UnitOfWork, subjects: Sequence[tuple[UUID, datetime]]) -> None:
    """Note when tasks, or the tasks of batches, could be claimed again."""
    if subjects:
        await uow.execute(QUERIES.note_eligible, *zip(*subjects, strict=True))


async def received_labels(uow: UnitOfWork, submissions: Sequence[str]) -> Labels:
    """Return answers as they came in, with the stamps of RECEIVED."""
    return _labels(await one(uow, QUERIES.received_labels, submissions), len(RECEIVED))


async def settled_labels(uow: UnitOfWork, outcomes: Sequence[tuple[str, datetime, bool]]) -> Labels:
    """Return answers of outcomes, each told of at a time as accepted or not, with the stamps of SETTLED."""
    return _labels(await one(uow, QUERIES.settled_labels, *zip(*outcomes, strict=True)), len(SETTLED))


def _labels(row: Row, stamps: int) -> Labels:
    import numpy as np

    times, ways = (
        np.frombuffer(row[name], ">i8").astype(np.int64).reshape(-1, width)
        for name, width in (("stamps", stamps), ("ways", 2))
    )
    return Labels(row["ids"], row["projects"], row["whys"], row["trace_ids"], times, ways)


async def count_hops(uow: UnitOfWork, counted: Sequence[Counted]) -> None:
    """Add hops to their histograms."""
    if not counted:
        return
    projects, minutes, *others = zip(*counted, strict=True)
    ended = [moment(minute * MICROSECONDS_PER_MINUTE) for minute in minutes]
    await uow.execute(QUERIES.count_hops, projects, ended, *others)


async def whole_way(database: Database, submission: UUID) -> Row | None:
    """Return all stamps of one answer."""
    return await database.fetchrow(QUERIES.whole_way, submission)


async def minutes(database: Database, project: UUID, since: datetime, until: datetime) -> list[Row]:
    """Return the histograms of a project's minutes; at most HOP_MINUTES_READ_MAX rows of them."""
    return await database.fetch(QUERIES.minutes, project, since, until, HOP_MINUTES_READ_MAX)


async def hours(database: Database, project: UUID, since: datetime, until: datetime) -> list[Row]:
    """Return the histograms of a project's hours; at most HOP_MINUTES_READ_MAX rows of them."""
    return await database.fetch(QUERIES.hours, project, since, until, HOP_MINUTES_READ_MAX)


async def totals(database: Database) -> list[Row]:
    """Return the histograms since the beginning, over all projects."""
    return await database.fetch(QUERIES.totals)


async def forget(database: Database) -> int:
    """Delete what is older than it is kept; returns how many rows."""

    async def step(query: str) -> int:
        row = await database.fetchrow(query, HOPS_KEPT_DAYS, SWEEP_ROWS_MAX)
        return int(row[0]) if row else 0

    gone = await sweep(lambda: step(QUERIES.forget_minutes), SWEEP_ROWS_MAX)
    gone += await sweep(lambda: step(QUERIES.forget_hours), SWEEP_ROWS_MAX)
    return gone + await sweep(lambda: step(QUERIES.forget_eligibilities), SWEEP_ROWS_MAX)
