"""What one run of an import works with: its file as rows, its dataset, its project's checks, its batch."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import cast
from uuid import UUID

import msgspec

from annotary.catalog import job_runs, sources
from annotary.catalog.job_runs import BatchTerms, ImportRequest, Job, JobContext
from annotary.dispatch.release import Terms, open_batch
from annotary.dispatch.rules import order_of
from annotary.dispatch.values import BatchOrder, Priority
from annotary.formats import coco_import, jsonl_import, preference_import
from annotary.formats.lines import WrongEncoding
from annotary.formats.payloads import Preparer
from annotary.formats.rows import Decode
from annotary.infra.postgres import Row
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import numbered_id
from annotary.kernel.limits import IMPORT_DOCUMENT_BYTES_MAX
from annotary.modalities.answers import AnswerValidator, compile_ontology
from annotary.ontology.values import Definition
from annotary.projects.quality import read_quality

FORMATS = ("jsonl", "preference_jsonl", "coco")
BATCH_NUMBER = (1 << 32) - 1


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """An import, ready to run. `stream` yields the bytes of its rows from an offset on."""

    modality: str
    dataset_id: UUID
    batch_id: UUID | None
    size_bytes: int
    stream: Callable[[int], AsyncIterator[bytes]]
    decode: Decode
    preparer: Preparer


@contextlib.asynccontextmanager
async def plan_import(context: JobContext, job: Job, request: ImportRequest) -> AsyncIterator[Plan]:
    """Look up and check all that the import names; raises what is wrong with it before any row goes in."""
    modality = context.service
    if request.format not in FORMATS:
        raise Invalid(path="/format", found=request.format, expected=f"one of {', '.join(FORMATS)}")
    await job_runs.check_dataset(context, job, request.dataset_id)
    project = None if job.project_id is None else await job_runs.project_of(context, job)
    validator = None if project is None else _validator(project)
    batch_id = await _open_batch(context, job, request.batch, project)
    source = await sources.find_source(context.platform, job.organisation_id, request.source)
    preparer = Preparer(job.id, modality, None if batch_id is None else validator)
    async with contextlib.AsyncExitStack() as opened:
        if request.format == "coco":
            folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="annotary-import-")))
            rows = await _convert(context, source, folder, request, validator)
            source = sources.Source(rows.stat().st_size, "application/jsonl", "path", str(rows))
        yield Plan(
            modality=modality,
            dataset_id=request.dataset_id,
            batch_id=batch_id,
            size_bytes=source.size_bytes,
            stream=lambda offset: sources.stream(context.objects, source, offset),
            decode=_decoder(request.format, modality),
            preparer=preparer,
        )


def _decoder(format: str, modality: str) -> Decode:
    if format != "preference_jsonl":
        return jsonl_import.decoder(modality)
    if modality != "text":
        raise Invalid(path="/format", found=format, expected=f"a format for {modality}")
    return preference_import.decode


def _validator(project: Row) -> AnswerValidator:
    definition = msgspec.json.decode(project["definition"], type=Definition)
    return compile_ontology(project["modality"], definition, project["content_hash"])


async def _open_batch(
    context: JobContext, job: Job, terms: BatchTerms | None, project: Row | None
) -> UUID | None:
    """Open the import's batch, whose id derives from the job's; None where no tasks are wanted."""
    if terms is None:
        return None
    if project is None:
        raise Invalid(path="/batch", found="a batch", expected="a project beside it, or no batch")
    batch_id = numbered_id(job.id, BATCH_NUMBER)
    asked = Terms(
        organisation_id=job.organisation_id,
        project_id=project["id"],
        name=terms.name or f"import {job.id.hex[-6:]}",
        priority=cast(Priority, terms.priority),
        deadline=terms.deadline,
        overlap=terms.overlap or project["overlap"],
        actor_id=job.created_by,
        target=terms.target,
        order=order_of(cast(BatchOrder | None, terms.order), read_quality(project["quality"])),
    )
    async with context.database.transaction() as uow:
        await open_batch(uow, batch_id, asked, system_clock())
    return batch_id


async def _convert(
    context: JobContext,
    source: sources.Source,
    folder: Path,
    request: ImportRequest,
    validator: AnswerValidator | None,
) -> Path:
    """Turn a document into lines of rows, in a child process with limits."""
    if source.size_bytes > IMPORT_DOCUMENT_BYTES_MAX:
        expected = f"at most {IMPORT_DOCUMENT_BYTES_MAX} bytes; split it by images"
        raise WrongEncoding(path="/", found=f"a document of {source.size_bytes} bytes", expected=expected)
    document, rows = folder / "document", folder / "rows"
    with await asyncio.to_thread(document.open, "wb") as file:
        async for piece in sources.stream(context.objects, source):
            await asyncio.to_thread(file.write, piece)
    tools = [] if validator is None or request.batch is None else [tool.name for tool, _ in validator.tools]
    await coco_import.convert(document, rows, request.files, tools)
    return rows
