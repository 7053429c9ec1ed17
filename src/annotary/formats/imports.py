"""The import job: a file of rows becomes items and claimable tasks, by the chunk, in flat memory.

Three steps run at once on successive chunks: reading and checking, items into the platform's database, tasks
into the modality's. A chunk is one transaction in each. The ids of rows derive from the job and the line, and
a chunk's tasks are noted with it, so a run that was killed anywhere is taken up at its checkpoint with
nothing lost or doubled.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import msgspec

from annotary.catalog import jobs, service_assets, sources
from annotary.catalog.intake import Destination, Intake, take_in
from annotary.catalog.jobs import ImportRequest, Job, JobContext, Refusal
from annotary.dispatch.release import Chunk, NewTask, release
from annotary.formats.import_plan import Plan, plan_import
from annotary.formats.lines import LineChunk, LineCutter, line_chunks
from annotary.formats.payloads import Preparation, Prepared, long_texts, wanted_assets
from annotary.formats.rows import read_rows
from annotary.identity.values import Caller, Role
from annotary.infra.ahead import ahead
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import Invalid
from annotary.kernel.limits import IMPORT_REFUSALS_KEPT_MAX, IMPORT_ROWS_MAX


class Checkpoint(msgspec.Struct, kw_only=True):
    """Where a run is taken up again: all before byte `offset` is in; with the counts so far."""

    offset: int = 0
    line: int = 1
    chunk: int = 0
    rows: int = 0
    items: int = 0
    existing: int = 0
    tasks: int = 0
    refused: int = 0


class Stored(NamedTuple):
    """A chunk whose items are in: which rows stand behind which item."""

    lines: LineChunk
    preparation: Preparation
    intake: Intake


async def import_items(context: JobContext, job: Job) -> dict[str, Any]:
    """Do one run of an import, from its checkpoint; returns the job's result."""
    request = msgspec.json.decode(job.request, type=ImportRequest)
    async with plan_import(context, job, request) as plan:
        done = msgspec.json.decode(job.checkpoint, type=Checkpoint) if job.checkpoint else Checkpoint()
        prepared = ahead(_prepare(context, job, plan, done))
        async with contextlib.aclosing(prepared):
            stored = ahead(_store(context, job, plan, prepared, done))
            async with contextlib.aclosing(stored):
                async for chunk in stored:
                    await _release(context, job, plan, chunk, done)
        result = {name: getattr(done, name) for name in ("rows", "items", "existing", "tasks", "refused")}
        result["batch"] = plan.batch_id.hex if plan.batch_id else None
        return {**result, "progress": _progress(plan, done)}


async def _prepare(
    context: JobContext, job: Job, plan: Plan, done: Checkpoint
) -> AsyncIterator[tuple[LineChunk, Preparation]]:
    """Read, decode and check. The processor's part runs in a thread, so that the loop stays free for the
    others.
    """
    on_behalf = Caller(job.created_by or job.id, job.organisation_id, Role.MANAGER, "", {})
    cutter = LineCutter(offset=done.offset, line=done.line, number=done.chunk)
    chunks = line_chunks(plan.stream(done.offset), cutter, at_start=done.offset == 0)
    async for lines in chunks:
        if lines.first + len(lines.lines) >= IMPORT_ROWS_MAX:
            raise Invalid(path="/", found="a longer file", expected=f"at most {IMPORT_ROWS_MAX} lines")
        read = await asyncio.to_thread(read_rows, lines, plan.decode)
        payloads = await sources.payloads_of(
            context.platform, job.organisation_id, plan.modality, wanted_assets(read.rows)
        )
        texts = {
            line: await _keep_text(context, on_behalf, text) for line, text in long_texts(read.rows).items()
        }
        preparation = await asyncio.to_thread(plan.preparer.prepare, read.rows, payloads, texts)
        preparation.refusals.extend(read.refusals)
        yield lines, preparation


async def _keep_text(context: JobContext, on_behalf: Caller, text: bytes) -> str:
    """Keep a long text as an asset, and return its hash."""
    async with context.platform.transaction() as uow:
        return (await service_assets.store_text(uow, on_behalf, context.objects, text)).hash


async def _store(
    context: JobContext,
    job: Job,
    plan: Plan,
    chunks: AsyncIterator[tuple[LineChunk, Preparation]],
    done: Checkpoint,
) -> AsyncIterator[Stored]:
    """Put items in, with the refusals and how far the job has come; stops here when the job was cancelled."""
    to = Destination(
        organisation_id=job.organisation_id,
        dataset_id=plan.dataset_id,
        actor_id=job.created_by,
        job_id=job.id,
    )
    async for lines, preparation in chunks:
        items = [one.item for one in preparation.prepared]
        async with context.platform.transaction() as uow:
            intake = await take_in(uow, to, items, system_clock(), number=lines.number)
            refusals = [*preparation.refusals, *_refused(preparation.prepared, intake.refused)]
            await jobs.refuse(uow, job, _kept(refusals, done))
            await jobs.advance(uow, job, _progress(plan, done), done)
        yield Stored(lines, preparation, intake)


async def _release(context: JobContext, job: Job, plan: Plan, chunk: Stored, done: Checkpoint) -> None:
    """Put the chunk's tasks out, where the import has a batch, and move the checkpoint behind it."""
    lines, preparation, intake = chunk
    tasks, refused = 0, len(preparation.refusals) + len(intake.refused)
    if plan.batch_id is not None:
        wanted = [
            NewTask(one.task_id, item_id, one.item.unique_id, one.item.payload, one.suggested)
            for one, item_id in zip(preparation.prepared, intake.ids, strict=True)
            if item_id is not None
        ]
        of = Chunk(plan.batch_id, job.id, lines.number, job.created_by)
        async with context.database.transaction() as uow:
            released = await release(uow, of, wanted, system_clock())
        tasks = released.tasks
        refused += len(released.refused)
        if released.refused:
            await _refuse_tasks(context, job, preparation, released.refused, done)
    existing = len(intake.existing) + len(intake.repeated)
    done.offset, done.line, done.chunk = lines.end, lines.first + len(lines.lines), lines.number + 1
    done.rows += len(preparation.prepared) + len(preparation.refusals)
    done.items += len(preparation.prepared) - existing - len(intake.refused)
    done.existing += existing
    done.tasks += tasks
    done.refused += refused


async def _refuse_tasks(
    context: JobContext, job: Job, preparation: Preparation, reasons: dict[bytes, str], done: Checkpoint
) -> None:
    """Record the rows whose items are in but whose tasks the project could not have."""
    refusals = [
        Refusal(one.line, "/unique_id", f"/unique_id: {reasons[one.task_id]}")
        for one in preparation.prepared
        if one.task_id in reasons
    ]
    async with context.platform.transaction() as uow:
        await jobs.refuse(uow, job, _kept(refusals, done))


def _refused(prepared: list[Prepared], reasons: dict[int, str]) -> list[Refusal]:
    return [
        Refusal(prepared[position].line, "/unique_id", f"/unique_id: {reason}")
        for position, reason in reasons.items()
    ]


def _kept(refusals: list[Refusal], done: Checkpoint) -> list[Refusal]:
    """All refusals are counted; the reasons of the first are kept."""
    return refusals[: max(0, IMPORT_REFUSALS_KEPT_MAX - done.refused)]


def _progress(plan: Plan, done: Checkpoint) -> dict[str, Any]:
    return {
        "done": done.offset,
        "total": plan.size_bytes,
        "unit": "bytes",
        "rows": done.rows,
        "tasks": done.tasks,
        "refused": done.refused,
    }
