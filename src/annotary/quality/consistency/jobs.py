"""The job that checks a project for contradictions.

A run that was killed is done again from the start, and what it has kept already is not kept twice.
"""

from __future__ import annotations

from typing import Any

import msgspec

from annotary.catalog import job_runs
from annotary.catalog.job_runs import Job, JobContext
from annotary.kernel.limits import CHECK_EVERY_HOURS
from annotary.quality.consistency import service
from annotary.quality.consistency.store import QUERIES
from annotary.quality.consistency.values import KINDS, CheckRequest

OF_ITSELF = CheckRequest(kinds=list(KINDS), wanted="report", similarity=0.8, score_min=0.0)


async def check_consistency(context: JobContext, job: Job) -> dict[str, Any]:
    """Do one run of a check; returns the job's result: how much of what was found, and what was opened."""
    assert job.project_id is not None, "a check is of a project"
    request = msgspec.json.decode(job.request, type=CheckRequest)
    project = await service.project_checked(context.database, job.project_id)
    total = await service.count_to_compare(context.database, job.project_id)

    async def progress(done: int) -> None:
        async with context.platform.transaction() as uow:
            await job_runs.advance(uow, job, {"done": done, "total": total, "unit": "outcomes"}, None)

    # What compares brings arrays with it, and a worker that checks nothing can do without them.
    from annotary.quality.consistency import service_comparing

    findings, compared = await service_comparing.find(context.database, job.project_id, request, progress)
    async with context.database.transaction() as uow:
        result = await service.keep(uow, job.id, project, request, findings, job.created_by)
    ended = {"done": compared, "total": max(total, compared), "unit": "outcomes"}
    return {**result, "compared": compared, "passed_over": max(0, total - compared), "progress": ended}


async def start_due_checks(context: JobContext) -> int:
    """Start a check of each project that wants it, was not checked lately and has something new."""
    started = 0
    for project in await context.database.fetch(QUERIES.projects_to_check):
        async with context.platform.transaction() as uow:
            if not await uow.fetchval(QUERIES.hold_checks):
                return started
            organisation = project["organisation_id"]
            latest = await uow.fetchrow(QUERIES.latest_check, project["id"], CHECK_EVERY_HOURS, organisation)
            since = latest["created_at"] if latest else None
            news = await context.database.pool.fetchval(QUERIES.accepted_since, project["id"], since)
            if not news or (latest and not latest["is_due"]):
                continue
            await job_runs.enqueue(
                uow,
                kind="consistency",
                service=context.service,
                request=OF_ITSELF,
                organisation_id=organisation,
                project_id=project["id"],
                created_by=None,
            )
            started += 1
    return started
