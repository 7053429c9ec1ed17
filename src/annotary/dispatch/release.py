"""Tasks out by the chunk: COPY of items into a batch as tasks; doing a chunk again has no effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from annotary import eventlog
from annotary.dispatch import store
from annotary.dispatch.release_rows import (
    ITEM_COLUMNS,
    PREDICTION_COLUMNS,
    TASK_COLUMNS,
    NewTask,
    add_predictions,
    encode_task_items,
    encode_tasks,
)
from annotary.dispatch.rules import order_key
from annotary.dispatch.values import BatchOrder, Priority
from annotary.eventlog import Event
from annotary.infra import binary_copy, queries
from annotary.infra.postgres import Row, UnitOfWork
from annotary.kernel.errors import Conflict, NotFound, Unavailable
from annotary.kernel.ids import format_id, numbered_runs
from annotary.kernel.limits import COPY_ATTEMPTS_MAX
from annotary.projects.overlap import OverlapTarget

QUERIES = queries.load(__package__, "release.sql")


class BatchGone(Conflict):
    """The batch was cancelled: release its items as a new batch."""

    code = "batch_cancelled"


class Chunk(msgspec.Struct, frozen=True):
    """Which chunk of which job, into which batch, on whose behalf."""

    batch_id: UUID
    job_id: UUID
    number: int
    actor_id: UUID | None


class Released(NamedTuple):
    """How many tasks are the chunk's, and by task id why a task could not be made."""

    tasks: int
    refused: dict[bytes, str]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """A batch to open: what its tasks share."""

    organisation_id: UUID
    project_id: UUID
    name: str
    priority: Priority
    deadline: datetime | None
    overlap: int
    actor_id: UUID | None
    order: BatchOrder = "imported"
    target: OverlapTarget | None = None


async def open_batch(uow: UnitOfWork, batch_id: UUID, terms: Terms, now: datetime) -> None:
    """Open a batch of this id, unless it is there: a job that begins again finds its own."""
    key = order_key(now, terms.priority, terms.deadline)
    target = None if terms.target is None else msgspec.json.encode(terms.target).decode()
    values = (terms.name, terms.priority, terms.deadline, terms.overlap, key, terms.actor_id, 0.0, target)
    seed = store.shuffle_seed(terms.order)
    try:
        async with uow.transaction():
            row = await store.insert_batch(
                uow, batch_id, terms.organisation_id, terms.project_id, *values, seed
            )
    except asyncpg.UniqueViolationError:
        return
    await eventlog.record(uow, store.batch_fact("batch.created", row, terms.actor_id))


async def release(uow: UnitOfWork, chunk: Chunk, tasks: Sequence[NewTask], now: datetime) -> Released:
    """Copy tasks into a batch with one event; items that the project has a task for already get no second
    one.
    """
    batch = await uow.fetchrow(QUERIES.hold_batch, chunk.batch_id)
    if batch is None:
        raise NotFound(f"There is no {format_id('batch', chunk.batch_id)}.")
    done = await uow.fetchval(QUERIES.chunk_released, chunk.job_id, chunk.number)
    if done is not None:
        return Released(done, contradictions(tasks, await _look_up(uow, batch["project_id"], tasks)))
    if batch["state"] == "cancelled":
        raise BatchGone()
    known: dict[str, NewTask] = {}
    for _ in range(COPY_ATTEMPTS_MAX):
        kept = {task.unique_id: task for task in reversed(tasks)} | known
        fresh = [task for task in tasks if kept[task.unique_id] is task]
        try:
            async with uow.transaction():
                await _copy(uow, batch, fresh, now)
        except asyncpg.UniqueViolationError:
            known = await _look_up(uow, batch["project_id"], tasks)
            continue
        await uow.execute(QUERIES.note_chunk, chunk.job_id, chunk.number, chunk.batch_id, len(fresh))
        await _tell(uow, batch, chunk, fresh)
        return Released(len(fresh), contradictions(tasks, kept) if len(fresh) < len(tasks) else {})
    raise Unavailable("Others keep releasing the same items: this chunk is tried again.")


def contradictions(tasks: Sequence[NewTask], kept: Mapping[str, NewTask]) -> dict[bytes, str]:
    """Return which tasks are of another item than the one the project has under the same business key, and
    why.
    """
    found = {}
    for task in tasks:
        there = kept[task.unique_id]
        if there.item_id != task.item_id:
            name = format_id("task", UUID(bytes=there.id))
            found[task.id] = f"found {task.unique_id!r}, which in this project is {name}, of another item."
    return found


async def _copy(uow: UnitOfWork, batch: Row, tasks: Sequence[NewTask], now: datetime) -> None:
    suggestions: dict[bytes, bytes] = {}
    predictions: list[bytes] = []
    for task in tasks:
        if task.suggested:
            suggestions[task.id] = add_predictions(batch, task, predictions)
    await binary_copy.copy_rows(
        uow, "task_items", ITEM_COLUMNS, encode_task_items(batch["project_id"], tasks, suggestions, now)
    )
    await binary_copy.copy_rows(uow, "tasks", TASK_COLUMNS, encode_tasks(batch, tasks))
    if predictions:
        await binary_copy.copy_rows(uow, "predictions", PREDICTION_COLUMNS, predictions)


async def _look_up(uow: UnitOfWork, project_id: UUID, tasks: Sequence[NewTask]) -> dict[str, NewTask]:
    """Return the tasks that the project has of these business keys already."""
    rows = await uow.fetch(QUERIES.tasks_by_unique_id, project_id, [task.unique_id for task in tasks])
    return {
        row["unique_id"]: NewTask(row["task_id"].bytes, row["item_id"].bytes, row["unique_id"], b"")
        for row in rows
    }


async def _tell(uow: UnitOfWork, batch: Row, chunk: Chunk, tasks: Sequence[NewTask]) -> None:
    if not tasks:
        return
    data = {
        "project": batch["project_id"],
        "job": chunk.job_id,
        "chunk": chunk.number,
        "tasks": len(tasks),
        "first": UUID(bytes=tasks[0].id),
        "last": UUID(bytes=tasks[-1].id),
        "runs": numbered_runs([task.id for task in tasks]),
        "state": batch["state"],
        "overlap": batch["overlap"],
    }
    event = Event(
        organisation_id=batch["organisation_id"],
        type="tasks.released",
        subject_id=batch["id"],
        actor_id=chunk.actor_id,
        data=data,
    )
    await eventlog.record(uow, event)
