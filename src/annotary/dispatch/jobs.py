"""Background entry points of dispatch: the release of items that are there already."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from annotary.catalog import job_runs
from annotary.catalog.job_runs import Job, JobContext, Refusal, ReleaseRequest
from annotary.dispatch.release import QUERIES, Chunk, release
from annotary.dispatch.release_rows import NewTask
from annotary.dispatch.service_batches import follow_batch
from annotary.eventlog import Event
from annotary.eventlog.consumer import Consumer
from annotary.infra.ahead import ahead
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id, numbered_ids
from annotary.kernel.limits import IMPORT_REFUSALS_KEPT_MAX, RELEASE_CHUNK_ITEMS_MAX
from annotary.modalities.answers import AnswerValidator, compile_ontology
from annotary.ontology.values import Definition

FIRST = UUID(int=0)


class Checkpoint(msgspec.Struct, kw_only=True):
    """Where a release is taken up again: behind item `after` of a dataset, or behind `items` of a list."""

    after: UUID = FIRST
    items: int = 0
    chunk: int = 0
    tasks: int = 0
    refused: int = 0


class Part(NamedTuple):
    """Some of the items: how many were asked for, those that are there, the ids of those that are not."""

    wanted: int
    rows: Sequence[Row]
    missing: Sequence[UUID]


async def release_batch(context: JobContext, job: Job) -> dict[str, Any]:
    """Do one run of a release, from its checkpoint; returns the job's result."""
    request = msgspec.json.decode(job.request, type=ReleaseRequest)
    done = msgspec.json.decode(job.checkpoint, type=Checkpoint) if job.checkpoint else Checkpoint()
    validator = await _validator(context, job)
    total = len(request.item_ids)
    if request.dataset_id is not None:
        total = int(await context.platform.pool.fetchval(QUERIES.count_items, request.dataset_id))
    id_of = numbered_ids(job.id)
    parts = ahead(_parts(context, job, request, done))
    async with contextlib.aclosing(parts):
        async for part in parts:
            tasks, refusals = await asyncio.to_thread(prepare, part, validator, done.items, id_of)
            chunk = Chunk(request.batch_id, job.id, done.chunk, job.created_by)
            async with context.database.transaction() as uow:
                released = await release(uow, chunk, tasks, system_clock())
            lines = {task.id: number for number, task in enumerate(tasks)}
            refusals += [
                Refusal(done.items + lines[task_id] + 1, "/unique_id", why)
                for task_id, why in released.refused.items()
            ]
            _move(done, part, released.tasks, len(refusals))
            async with context.platform.transaction() as uow:
                await job_runs.refuse(uow, job, refusals[: max(0, IMPORT_REFUSALS_KEPT_MAX - done.refused)])
                await job_runs.advance(uow, job, _progress(done, total), done)
    result = {"items": done.items, "tasks": done.tasks, "refused": done.refused}
    return {**result, "batch": request.batch_id.hex, "progress": _progress(done, total)}


def prepare(
    part: Part, validator: AnswerValidator, before: int, id_of: Any
) -> tuple[list[NewTask], list[Refusal]]:
    """Return the part's items as tasks, and why some cannot be: gone, or not what the project's label types
    need.
    """
    tasks: list[NewTask] = []
    refusals = [
        Refusal(
            before + part.wanted - number, "/items", f"There is no {format_id('item', missing)} any more."
        )
        for number, missing in enumerate(part.missing)
    ]
    for number, row in enumerate(part.rows, before + 1):
        try:
            validator.check_item(msgspec.json.decode(row["payload"]))
        except Invalid as error:
            refusals.append(Refusal(number, error.path, error.detail))
            continue
        payload = row["payload"].encode()
        tasks.append(NewTask(id_of(number), row["id"].bytes, row["unique_id"], payload))
    return tasks, refusals


async def _parts(
    context: JobContext, job: Job, request: ReleaseRequest, done: Checkpoint
) -> AsyncIterator[Part]:
    """Yield the items in a fixed order, a chunk at a time."""
    if request.dataset_id is None:
        for start in range(done.items, len(request.item_ids), RELEASE_CHUNK_ITEMS_MAX):
            wanted = request.item_ids[start : start + RELEASE_CHUNK_ITEMS_MAX]
            rows = await context.platform.fetch(QUERIES.items_of_list, job.organisation_id, wanted)
            by_id = {row["id"]: row for row in rows}
            missing = [one for one in wanted if one not in by_id]
            yield Part(len(wanted), [by_id[one] for one in wanted if one in by_id], missing)
        return
    after = done.after
    while rows := await context.platform.fetch(
        QUERIES.items_of_dataset, request.dataset_id, after, RELEASE_CHUNK_ITEMS_MAX
    ):
        after = rows[-1]["id"]
        yield Part(len(rows), rows, ())


async def _validator(context: JobContext, job: Job) -> AnswerValidator:
    project = await job_runs.project_of(context, job)
    definition = msgspec.json.decode(project["definition"], type=Definition)
    return compile_ontology(project["modality"], definition, project["content_hash"])


def _move(done: Checkpoint, part: Part, tasks: int, refused: int) -> None:
    done.after = part.rows[-1]["id"] if part.rows else done.after
    done.items += part.wanted
    done.chunk += 1
    done.tasks += tasks
    done.refused += refused


def _progress(done: Checkpoint, total: int) -> dict[str, Any]:
    return {
        "done": done.items,
        "total": total,
        "unit": "items",
        "tasks": done.tasks,
        "refused": done.refused,
    }


def batches_consumer(database: Database) -> Consumer:
    """Return the consumer that brings the tasks of changed batches to their batch's new place and state."""

    async def follow(uow: UnitOfWork, events: list[Event]) -> None:
        changed: dict[UUID, bool] = {}
        for event in events:
            changed[event.subject_id] = changed.get(event.subject_id, False) or event.data["state_changed"]
        for batch_id, state_too in changed.items():
            await follow_batch(database, batch_id, state_too)

    return Consumer(name="batches", source=database, target=database, handle=follow, types=("batch.changed",))
