"""The export job: the accepted outcomes of a project become one object, streamed, with its content hash.

A run that was killed leaves no object and is done again from the start: at hundreds of thousands of tasks a
second that costs less than keeping parts would.
"""

from __future__ import annotations

import time
from typing import Any

import msgspec

from annotary.catalog import job_runs
from annotary.catalog.job_runs import Job, JobContext
from annotary.formats.coco_export import write_coco
from annotary.formats.export_output import Output, write_object
from annotary.formats.export_source import Source
from annotary.formats.export_values import Counts, ExportRequest
from annotary.formats.jsonl_export import write_jsonl, write_preferences
from annotary.kernel.clock import Monotonic, monotonic_seconds
from annotary.kernel.errors import Invalid
from annotary.kernel.limits import EXPORT_PROGRESS_SECONDS_MIN

TASK_BYTES_EXPECTED = 512
MEDIA_TYPES = {
    "jsonl": "application/jsonl",
    "preference_jsonl": "application/jsonl",
    "coco": "application/json",
}
SUFFIXES = {"jsonl": "jsonl", "preference_jsonl": "jsonl", "coco": "json"}


class Reporter:
    """Tells the job's row how far the export is, now and then; raises JobStopped when it was cancelled."""

    def __init__(self, context: JobContext, job: Job, monotonic: Monotonic = monotonic_seconds) -> None:
        self._context = context
        self._job = job
        self._monotonic = monotonic
        self._told_at = -EXPORT_PROGRESS_SECONDS_MIN
        self.total = 0

    async def tell(self, counts: Counts) -> None:
        """Write the progress, unless that was done a moment ago."""
        now = self._monotonic()
        if now - self._told_at >= EXPORT_PROGRESS_SECONDS_MIN:
            self._told_at = now
            async with self._context.platform.transaction() as uow:
                await job_runs.advance(uow, self._job, self.progress(counts), None)

    def progress(self, counts: Counts) -> dict[str, Any]:
        """Return the progress as the job's row has it."""
        return {"done": counts.looked_at, "total": max(self.total, counts.looked_at), "unit": "tasks"}


async def export_outcomes(context: JobContext, job: Job) -> dict[str, Any]:
    """Do one run of an export; returns the job's result, with the key of the object under `object`."""
    request = _request_of(job)
    assert job.project_id is not None, "an export is of a project"
    reporter = Reporter(context, job)
    source = await Source.open(context, job.project_id, reporter.tell)
    reporter.total = await source.total()
    await reporter.tell(source.counts)
    output = Output(gzip=request.gzip)
    started = time.monotonic()

    async def produce(out: Output) -> None:
        if request.format == "coco":
            await write_coco(source, out)
        elif request.format == "preference_jsonl":
            await write_preferences(source, out)
        else:
            await write_jsonl(source, out, request.include_submissions)

    await _drop_earlier_runs(context, job)
    await write_object(
        context.objects, _key(job, job.run), reporter.total * TASK_BYTES_EXPECTED, output, produce
    )
    await source.note_made(job.id)
    counts = source.counts
    return {
        "object": _key(job, job.run),
        "file_name": f"{job.id.hex}.{SUFFIXES[request.format]}{'.gz' if request.gzip else ''}",
        "media_type": "application/gzip" if request.gzip else MEDIA_TYPES[request.format],
        "size_bytes": output.size_bytes,
        "content_hash": output.content_hash,
        "tasks": counts.tasks,
        "left_out": {"deleted": counts.deleted, "undecided": counts.undecided},
        "seconds": round(time.monotonic() - started, 3),
        "progress": reporter.progress(counts),
    }


async def _drop_earlier_runs(context: JobContext, job: Job) -> None:
    for run in range(1, job.run):
        await context.objects.drop_unfinished(_key(job, run))
        await context.objects.delete([_key(job, run)])


def _request_of(job: Job) -> ExportRequest:
    try:
        return msgspec.json.decode(job.request, type=ExportRequest)
    except msgspec.ValidationError as error:
        raise Invalid(path="/", found=str(error), expected="what an export can be told") from None


def _key(job: Job, run: int) -> str:
    """Return the object's key. Each run has its own: one thought dead overwrites no later one's."""
    return f"exports/{job.organisation_id.hex}/{job.id.hex}-{run}"
