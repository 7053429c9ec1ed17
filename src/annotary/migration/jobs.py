"""The job of a change, and the sweep for what comes late.

A run may be killed at any point and begin again: where it stands is stored with what it did.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog

from annotary.catalog import job_runs
from annotary.catalog.job_runs import Job, JobContext
from annotary.eventlog import record
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import one
from annotary.infra.settings import MODALITIES
from annotary.infra.yielding import yield_session
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import AnnotaryError, Unavailable
from annotary.kernel.ids import format_id, new_id
from annotary.kernel.limits import (
    CHANGE_AWAITED_SECONDS_MAX,
    CHANGE_CONNECTIONS_MAX,
    CHANGE_TOLD_SECONDS,
    LATE_ANSWERS_MARGIN_SECONDS,
)
from annotary.migration import rules, store
from annotary.migration.errors import ChangeStopped, ChangeUnderWay, NotPossibleNow, UnknownChange
from annotary.migration.service import change_event
from annotary.migration.service_correcting import Correcting
from annotary.migration.service_pace import Pace
from annotary.migration.service_rollback import Rollback
from annotary.migration.service_running import Runner, Tell
from annotary.migration.store import PARTS, QUERIES, change_of, encode
from annotary.migration.values import Change, ChangeRequest, Counts

COPY_LOOKED_FOR_SECONDS = 0.05
log = structlog.get_logger(__name__)


async def change_answers(context: JobContext, job: Job) -> dict[str, Any]:
    """Do a change, perhaps again; returns the job's result."""
    request = msgspec.json.decode(job.request, type=ChangeRequest)
    await _wait_for_copies(context, request)
    change = await _begin(context, request, job)
    if change is None:
        return {"change": format_id("change", request.change_id), "state": "ended before"}
    total = await _total(context.database, change)
    try:
        async with _databases(context) as (own, *neighbours):
            pace = Pace(own, *neighbours)
            await pace.begin()
            await runner_of(own, change, pace, _teller(context, job, total)).do()
        state = await _end(context.database, change)
    except ChangeStopped:
        async with context.database.connection() as uow:
            state = (await one(uow, QUERIES.change, change.id))["state"]
    except job_runs.JobStopped:
        await _become(context.database, change.id, "cancelled", "Its job was cancelled.")
        raise
    except AnnotaryError as error:
        if not error.retryable:
            await _become(context.database, change.id, "failed", error.detail)
        raise
    async with context.database.connection() as uow:
        counts = change_of(await one(uow, QUERIES.change, change.id)).counts
    result = {"change": format_id("change", change.id), "state": state, **msgspec.to_builtins(counts)}
    return {**result, "progress": _progress(counts, total)}


@contextlib.asynccontextmanager
async def _databases(context: JobContext) -> AsyncIterator[list[Database]]:
    """Open the service's own database, in sessions that give way to those annotators wait for, and behind it
    those of other modalities on the same server: their claims feel the work too.
    """
    urls = context.settings.database_urls
    async with contextlib.AsyncExitStack() as opened:

        async def open_one(name: str, connections_max: int, begin: Any = None) -> Database:
            database = await Database.connect(urls[name], name, connections_max=connections_max, begin=begin)
            opened.push_async_callback(database.close)
            return database

        own = await open_one(context.service, CHANGE_CONNECTIONS_MAX, yield_session)
        others = [
            one for one in MODALITIES if one != context.service and urls.get(one) == urls[context.service]
        ]
        yield [own, *[await open_one(name, 1) for name in others]]


def runner_of(database: Database, change: Change, pace: Pace, tell: Tell) -> Runner:
    """Return what does a change."""
    kinds: dict[str, type[Runner]] = {
        "migration": Runner,
        "rollback": Rollback,
        "correction": Correcting,
    }
    return kinds[change.kind](database, change, pace, tell)


def _teller(context: JobContext, job: Job, total: int) -> Tell:
    told_at = -CHANGE_TOLD_SECONDS

    async def tell(counts: Counts) -> None:
        nonlocal told_at
        if time.monotonic() - told_at < CHANGE_TOLD_SECONDS:
            return
        told_at = time.monotonic()
        async with context.platform.transaction() as uow:
            await job_runs.advance(uow, job, _progress(counts, total), None)

    return tell


def _progress(counts: Counts, total: int) -> dict[str, Any]:
    return {"done": counts.looked_at, "total": max(total, counts.looked_at), "unit": "answers"}


async def _wait_for_copies(context: JobContext, request: ChangeRequest) -> None:
    """Wait until the project works with the version that is wanted here too: then no claim pins another.

    Raises NotPossibleNow where the project was given yet another version meanwhile.
    """
    wanted = request.terms.to or request.ontology_version_id
    deadline = time.monotonic() + CHANGE_AWAITED_SECONDS_MAX
    while request.add:
        project = await context.database.fetchrow(QUERIES.project, request.project_id)
        if project is not None and project["ontology_version_id"] == wanted:
            return
        there = await context.platform.fetchrow(QUERIES.project, request.project_id)
        if there is None or there["ontology_version_id"] != wanted:
            raise NotPossibleNow("The project works with another ontology version by now.")
        if time.monotonic() > deadline:
            raise Unavailable("The project's new version has not come here yet.")
        await asyncio.sleep(COPY_LOOKED_FOR_SECONDS)


async def _begin(context: JobContext, request: ChangeRequest, job: Job) -> Change | None:
    """Return the change in a new run, or None when it has ended.

    It may not be there yet: a job that does not write it itself was written just before it.
    """
    async with context.database.transaction() as uow:
        there = await uow.fetchrow(QUERIES.change, request.change_id)
        if there is None and request.add:
            await _add(uow, request, job)
        row = await uow.fetchrow(QUERIES.begin_change, request.change_id)
        if row is not None:
            await record(uow, change_event(row, None))
    if row is not None:
        return change_of(row)
    if there is not None:
        return None
    if system_clock() - job.created_at < timedelta(seconds=CHANGE_AWAITED_SECONDS_MAX):
        raise Unavailable("The change is not there yet.")
    raise UnknownChange("The change was not written.")


async def _add(uow: UnitOfWork, request: ChangeRequest, job: Job) -> None:
    """Write the change that a publication wants. One that is taken back is stopped first."""
    if request.reverts is not None:
        taken_back = await uow.fetchrow(QUERIES.hold_change, request.reverts)
        if taken_back is not None and taken_back["ended_at"] is None:
            ended = "succeeded" if taken_back["state"] == "following" else "cancelled"
            stopped = await one(uow, QUERIES.set_state, request.reverts, ended, None, None, None)
            await record(uow, change_event(stopped, request.created_by))
    whose = (request.project_id, request.organisation_id, request.ontology_version_id)
    told = (encode(request.terms).decode(), request.reverts, "waiting", request.created_by)
    row = await uow.fetchrow(QUERIES.add_change, request.change_id, request.kind, *whose, *told)
    if row is None:
        raise Unavailable(ChangeUnderWay().detail)
    row = await one(uow, QUERIES.set_state, request.change_id, "waiting", None, job.id, None)
    await record(uow, change_event(row, request.created_by))


async def _total(database: Database, change: Change) -> int:
    """Return how many answers a change has before it, in all."""
    if change.kind == "correction":
        return change.counts.looked_at
    versions = await store.versions(database, change.ontology_version_id)
    sources = rules.sources(versions, change.ontology_version_id)
    if change.kind == "rollback":
        sources = [change.ontology_version_id]
    total = 0
    for part in PARTS:
        query = part.sql(QUERIES.count_part)
        total += int(await database.pool.fetchval(query, change.project_id, sources))
    total += change.counts.looked_at
    await database.execute(QUERIES.set_total, change.id, total)
    return total


async def _end(database: Database, change: Change) -> str:
    """End a change, or let it follow where leases of older versions live: their answers are yet to come."""
    state = "succeeded" if change.kind == "correction" or not await _late(database, change) else "following"
    await _become(database, change.id, state, None)
    return state


async def _late(database: Database, change: Change) -> bool:
    versions = await store.versions(database, change.ontology_version_id)
    sources = rules.sources(versions, change.ontology_version_id)
    if change.kind == "rollback":
        sources = [change.ontology_version_id] if change.terms.to else []
    return bool(await database.pool.fetchval(QUERIES.leases_of, change.project_id, sources))


async def _become(database: Database, change_id: UUID, state: str, reason: str | None) -> Row:
    async with database.transaction() as uow:
        row = await one(uow, QUERIES.set_state, change_id, state, reason, None, None)
        await record(uow, change_event(row, None))
    return row


async def follow_changes(database: Database) -> None:
    """Take what came late: answers given under leases that pinned an older version than their project's."""
    for row in await database.fetch(QUERIES.following):
        found = await database.fetchrow(QUERIES.change, row["id"])
        if found is None:
            continue
        change = change_of(found)
        still = await _late(database, change)
        try:
            await _follow(database, change)
        except ChangeStopped:
            continue
        if not still:
            await _become(database, change.id, "succeeded", None)


async def _follow(database: Database, change: Change) -> None:
    """Look again at everything that came since shortly before the change began."""

    async def tell(counts: Counts) -> None:
        return

    assert change.started_at is not None, "what follows has begun"
    since = change.started_at - timedelta(seconds=LATE_ANSWERS_MARGIN_SECONDS)
    floor = new_id(int(since.timestamp() * 1000))
    floor = UUID(int=floor.int >> 80 << 80)
    again = msgspec.structs.replace(change, part=0)
    runner = runner_of(database, again, Pace(database), tell)
    await runner.follow([floor if part.timed else UUID(int=0) for part in PARTS])
