"""Watching versions on trial: what was refused and where people disagree, beside the version before."""

from __future__ import annotations

from uuid import UUID

import structlog

from annotary.catalog.job_runs import JobContext
from annotary.infra.postgres import Row
from annotary.migration.publications import rules
from annotary.migration.publications.service import take_back
from annotary.migration.publications.store import QUERIES, encode, rates, request_of
from annotary.migration.publications.values import Rates, Watched

log = structlog.get_logger(__name__)


async def watch_publications(context: JobContext) -> None:
    """Look at every version on trial in this modality; one that is worse goes back, where that is wanted."""
    for row in await context.platform.fetch(QUERIES.watching, context.service):
        watched = await _watched(context, row)
        await context.platform.execute(QUERIES.note_watched, row["id"], encode(watched).decode())
        if watched.verdict == "worse" and request_of(row).watch.withdraw:
            await _withdraw(context, row["id"], row["organisation_id"], watched.reason)


async def _watched(context: JobContext, row: Row) -> Watched:
    seen = dict(await rates(context.database, row["project_ids"], row["created_at"]))
    trial = seen.pop(row["version_id"], Rates())
    before = seen.get(row["previous_id"], Rates())
    return rules.judge(trial, before, request_of(row).watch)


async def _withdraw(context: JobContext, publication_id: UUID, organisation_id: UUID, reason: str) -> None:
    async with context.platform.transaction() as uow:
        row = await uow.fetchrow(QUERIES.hold_publication, publication_id, organisation_id)
        if row is None or row["state"] != "watching":
            return
        log.warning("a version on trial goes back", publication=str(publication_id), reason=reason)
        await take_back(uow, row, reason, None)
