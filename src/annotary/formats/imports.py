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

from annotary.catalog import job_runs, service_assets, sources
from annotary.catalog.intake import Destination, Intake, take_in
from annotary.catalog.job_runs import ImportRequest, Job, JobContext, Refusal
from annotary.dispatch.release import Chunk, Released, release
from annotary.dispatch.release_rows import NewTask
from annotary.formats.import_plan import Plan, plan_import
from annotary.formats.lines import LineChunk, LineCutter, line_chunks
from annotary.formats.payloads import Preparation, long_texts, wanted_assets
from annotary.formats.rows import read_rows
from annotary.identity.values import Caller, Role
from annotary.infra.ahead import ahead
from annotary.infra.postgres import UnitOfWork
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import Invalid
from annotary.kernel.limits import IMPORT_REFUSALS_KEPT_MAX, IMPORT_ROWS_MAX
from annotary.quality.gold.service import take_imported
from annotary.quality.gold.values import Known


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
        run = Run(context, job, plan)
        prepared = ahead(run.prepare())
        async with contextlib.aclosing(prepared):
            stored = ahead(run.store(prepared))
            async with contextlib.aclosing(stored):
                async for chunk in stored:
                    await run.release(chunk)
        return run.result()


class Run:
    """One run of an import: its three steps, and how far it has come."""

    def __init__(self, context: JobContext, job: Job, plan: Plan) -> None:
        self._context, self._job, self._plan = context, job, plan
        self._done = msgspec.json.decode(job.checkpoint, type=Checkpoint) if job.checkpoint else Checkpoint()
        # All refusals are counted; the reasons of the first are kept.
        self._reasons_left = max(0, IMPORT_REFUSALS_KEPT_MAX - self._done.refused)

    async def prepare(self) -> AsyncIterator[tuple[LineChunk, Preparation]]:
        """Read, decode and check. What takes the processor runs in a thread: the loop stays free for
        others.
        """
        context, job, plan = self._context, self._job, self._plan
        at = self._done
        cutter = LineCutter(offset=at.offset, line=at.line, number=at.chunk)
        async for lines in line_chunks(plan.stream(at.offset), cutter, at_start=at.offset == 0):
            if lines.first + len(lines.lines) >= IMPORT_ROWS_MAX:
                raise Invalid(path="/", found="a longer file", expected=f"at most {IMPORT_ROWS_MAX} lines")
            read = await asyncio.to_thread(read_rows, lines, plan.decode)
            hashes = wanted_assets(read.rows)
            assets = await sources.payloads_of(context.platform, job.organisation_id, plan.modality, hashes)
            texts = {line: await self._keep_text(text) for line, text in long_texts(read.rows).items()}
            preparation = await asyncio.to_thread(plan.preparer.prepare, read.rows, assets, texts)
            preparation.refusals.extend(read.refusals)
            yield lines, preparation

    async def store(self, chunks: AsyncIterator[tuple[LineChunk, Preparation]]) -> AsyncIterator[Stored]:
        """Put items in, with the refusals and how far the job has come; stops when the job was cancelled."""
        job = self._job
        to = Destination(
            organisation_id=job.organisation_id,
            dataset_id=self._plan.dataset_id,
            actor_id=job.created_by,
            job_id=job.id,
        )
        async for lines, preparation in chunks:
            items = [one.item for one in preparation.prepared]
            async with self._context.platform.transaction() as uow:
                intake = await take_in(uow, to, items, system_clock(), number=lines.number)
                refused = {preparation.prepared[at].line: why for at, why in intake.refused.items()}
                await job_runs.refuse(uow, job, self._kept([*preparation.refusals, *_refusals(refused)]))
                await job_runs.advance(uow, job, self._progress(), self._done)
            yield Stored(lines, preparation, intake)

    async def release(self, chunk: Stored) -> None:
        """Put the chunk's tasks out, where the import has a batch, and move the checkpoint behind it."""
        lines, preparation, intake = chunk
        released = Released(0, {})
        if self._plan.batch_id is not None:
            tasks = [
                NewTask(one.task_id, item_id, one.item.unique_id, one.item.payload, one.suggested)
                for one, item_id in zip(preparation.prepared, intake.ids, strict=True)
                if item_id is not None
            ]
            of = Chunk(self._plan.batch_id, self._job.id, lines.number, self._job.created_by)
            gold = [
                one.gold
                for one, item_id in zip(preparation.prepared, intake.ids, strict=True)
                if one.gold is not None and item_id is not None
            ]
            async with self._context.database.transaction() as uow:
                released = await release(uow, of, tasks, system_clock())
                if gold:
                    released.refused.update(await self._make_gold(uow, gold))
            if released.refused:
                await self._refuse_tasks(preparation, released.refused)
        self._move(chunk, released)

    def result(self) -> dict[str, Any]:
        """Return what came of it all, with the last progress."""
        done = self._done
        counts = {name: getattr(done, name) for name in ("rows", "items", "existing", "tasks", "refused")}
        batch = self._plan.batch_id.hex if self._plan.batch_id else None
        return {**counts, "batch": batch, "progress": self._progress()}

    async def _keep_text(self, text: bytes) -> str:
        """Keep a long text as an asset, and return its hash."""
        job = self._job
        on_behalf = Caller(job.created_by or job.id, job.organisation_id, Role.MANAGER, "", {})
        async with self._context.platform.transaction() as uow:
            return (await service_assets.store_text(uow, on_behalf, self._context.objects, text)).hash

    async def _make_gold(self, uow: UnitOfWork, gold: list[Known]) -> dict[bytes, str]:
        """Make gold of the chunk's tasks; returns why it cannot be, by task."""
        assert self._job.project_id is not None
        there = await take_imported(uow, self._job.project_id, self._job.created_by, gold)
        why = "the project has a task for this row already: make that one gold with `annotary gold add`."
        return dict.fromkeys((task.bytes for task in there), why)

    async def _refuse_tasks(self, preparation: Preparation, reasons: dict[bytes, str]) -> None:
        """Record the rows whose items are in but whose tasks the project could not have."""
        refused = {one.line: reasons[one.task_id] for one in preparation.prepared if one.task_id in reasons}
        async with self._context.platform.transaction() as uow:
            await job_runs.refuse(uow, self._job, self._kept(_refusals(refused)))

    def _move(self, chunk: Stored, released: Released) -> None:
        lines, preparation, intake = chunk
        done = self._done
        existing = len(intake.existing) + len(intake.repeated)
        done.offset, done.line, done.chunk = lines.end, lines.first + len(lines.lines), lines.number + 1
        done.rows += len(preparation.prepared) + len(preparation.refusals)
        done.items += len(preparation.prepared) - existing - len(intake.refused)
        done.existing += existing
        done.tasks += released.tasks
        done.refused += len(preparation.refusals) + len(intake.refused) + len(released.refused)

    def _kept(self, refusals: list[Refusal]) -> list[Refusal]:
        kept = refusals[: self._reasons_left]
        self._reasons_left -= len(kept)
        return kept

    def _progress(self) -> dict[str, Any]:
        done = self._done
        counts = {"rows": done.rows, "tasks": done.tasks, "refused": done.refused}
        return {"done": done.offset, "total": self._plan.size_bytes, "unit": "bytes", **counts}


def _refusals(reasons: dict[int, str]) -> list[Refusal]:
    return [Refusal(line, "/unique_id", f"/unique_id: {reason}") for line, reason in reasons.items()]
