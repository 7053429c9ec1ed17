"""The tables of dynamic overlap."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from annotary.infra import queries
from annotary.infra.postgres import Row, UnitOfWork
from annotary.quality.overlap.values import BatchSoFar

QUERIES = queries.load(__package__)


async def batches_so_far(uow: UnitOfWork, batch_ids: Sequence[UUID]) -> dict[UUID, BatchSoFar]:
    """Return how far batches are. The caller is the only writer of outcomes while its transaction lasts."""
    rows = await uow.fetch(QUERIES.hold_batches, batch_ids)
    return {row["batch_id"]: BatchSoFar(**row) for row in rows}


async def note_batches(uow: UnitOfWork, batches: Sequence[BatchSoFar]) -> None:
    """Write what was decided."""
    for batch in batches:
        counts = (batch.decided, batch.confidence_sum, batch.extended, batch.gains)
        await uow.execute(QUERIES.note_batch, batch.batch_id, *counts)


async def can_be_asked(uow: UnitOfWork, task_ids: Sequence[UUID]) -> set[UUID]:
    """Return the tasks that somebody is left for."""
    return {row["id"] for row in await uow.fetch(QUERIES.can_be_asked, task_ids)} if task_ids else set()


async def extend(uow: UnitOfWork, task_ids: Sequence[UUID], overlaps: Sequence[int]) -> list[Row]:
    """Ask for one more answer to tasks that have this overlap; returns those that have it still."""
    return list(await uow.fetch(QUERIES.extend, task_ids, overlaps))
