"""The job of a run: an aggregator's labels become outcome versions, or the versions before come back.

A run may be killed at any point and begin again: it compares with what is there, so what it has done already
is no difference any more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from annotary.catalog import job_runs
from annotary.catalog.job_runs import Job, JobContext
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import AnnotaryError, Unavailable
from annotary.kernel.ids import format_id
from annotary.kernel.limits import RUN_AWAITED_SECONDS_MAX
from annotary.quality.merge_process import MergeProcess
from annotary.quality.runs import store
from annotary.quality.runs.errors import UnknownRun
from annotary.quality.runs.service_rerun import Rerun
from annotary.quality.runs.service_revert import revert
from annotary.quality.runs.values import Run, RunRequest, Summary


async def consensus_run(context: JobContext, job: Job) -> dict[str, Any]:
    """Do a run, perhaps again; returns the job's result."""
    run = await _run_of(context, job)
    process = MergeProcess()

    async def tell(summary: Summary, total: int) -> None:
        async with context.platform.transaction() as uow:
            await job_runs.advance(uow, job, _progress(summary, total), None)

    try:
        if run.reverts is not None:
            summary = await revert(context.database, run, tell)
        else:
            summary = await Rerun(context.database, context.service, run, process, tell).do()
    except AnnotaryError as error:
        if not error.retryable:
            await store.end(context.database, run.id, "failed", {"reason": error.detail})
        raise
    finally:
        await process.stop()
    await store.end(context.database, run.id, "succeeded", summary)
    return {
        "run": format_id("consensus_run", run.id),
        **msgspec.to_builtins(summary),
        "progress": _progress(summary, summary.looked_at),
    }


async def _run_of(context: JobContext, job: Job) -> Run:
    """Return the job's run. It may not be there yet: the job was written just before it."""
    request = msgspec.json.decode(job.request, type=RunRequest)
    run = await store.begin(context.database, request.run_id)
    if run is None:
        if system_clock() - job.created_at < timedelta(seconds=RUN_AWAITED_SECONDS_MAX):
            raise Unavailable("The run is not there yet.")
        raise UnknownRun("The run was not written, or has ended.")
    return run


def _progress(summary: Summary, total: int) -> dict[str, Any]:
    return {"done": summary.looked_at, "total": max(total, summary.looked_at), "unit": "outcomes"}
