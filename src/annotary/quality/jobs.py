"""Consensus in the background: tasks are settled as answers come, answers that differ are merged, and the
live models are refreshed.
"""

from __future__ import annotations

import asyncio
from functools import partial
from uuid import UUID

import structlog
from msgspec.structs import replace

from annotary.eventlog import Event
from annotary.eventlog.consumer import Consumer
from annotary.infra.postgres import Database, UnitOfWork, meaning
from annotary.kernel.limits import CONSUMER_POLL_SECONDS_MAX
from annotary.quality import rules, service, store
from annotary.quality.errors import MergeStopped
from annotary.quality.live.service import LiveModels, TooLarge
from annotary.quality.merge_process import MergeProcess
from annotary.quality.rounds import work_in_rounds
from annotary.quality.rules import CHANGED
from annotary.quality.service_merges import Voters, merge_task, vote_weights
from annotary.quality.values import MergeResult

EVENT_TYPES = (
    "submission.",
    "task.done",
    "task.requeued",
    "task.cancelled",
    CHANGED,
)
# How often it is looked whether a live model is to be refreshed.
REFRESH_LOOK_SECONDS = 1.0
log = structlog.get_logger(__name__)


async def consensus(live: LiveModels, uow: UnitOfWork, events: list[Event]) -> None:
    """Settle the tasks these events tell of. Idempotent: what counts is how the tasks stand now.

    Where answers were changed in bulk, what the live model knows of them is read again.
    """
    changes = [event for event in events if event.type.startswith(CHANGED)]
    for event in changes:
        live.forget(UUID(event.data["project"]))
    tasks = {event.subject_id for event in events if not event.type.startswith(CHANGED)}
    if tasks:
        await service.settle(uow, sorted(tasks), live)


def consensus_consumer(database: Database, live: LiveModels | None = None) -> Consumer:
    """Return the consumer of a modality's own log that keeps its outcomes true."""
    handle = partial(consensus, live or LiveModels(database))
    return Consumer(name="consensus", source=database, target=database, handle=handle, types=EVENT_TYPES)


async def run_merges(
    database: Database, modality: str, stop: asyncio.Event, live: LiveModels | None = None
) -> None:
    """Merge answers that differ until `stop`, outside of any transaction: a slow one holds up no consumer."""
    models = live or LiveModels(database)

    async def work(process: MergeProcess) -> int:
        return await merge_once(database, modality, process, models)

    await work_in_rounds("merges", modality, work, stop, CONSUMER_POLL_SECONDS_MAX)


async def run_refreshes(modality: str, stop: asyncio.Event, live: LiveModels) -> None:
    """Have the projects' aggregators refresh the live models until `stop`, in a process of their own."""

    async def work(process: MergeProcess) -> bool:
        project_id = await live.refresh_due()
        if project_id is None:
            return False
        try:
            await live.refresh(project_id, process)
        except (MergeStopped, TooLarge) as error:
            log.warning("refresh stopped", project=str(project_id), reason=str(error))
        return True

    await work_in_rounds("refreshes", modality, work, stop, REFRESH_LOOK_SECONDS)


async def merge_once(
    database: Database, modality: str, process: MergeProcess, live: LiveModels | None = None
) -> int:
    """Do one round of merges; returns how many are due. After a failure the rest waits for the next round."""
    due = rules.round_of(await store.due_merges(database))
    if not due:
        return 0
    task_ids = [merge.task_id for merge in due]
    inputs = await store.merge_inputs(database, task_ids)
    terms = await store.terms(database, task_ids)
    wanted = {version for found in inputs.values() for version in found.ontology_version_ids}
    versions = await store.ontology_versions(database, sorted(wanted))
    models = live or LiveModels(database)
    results: list[MergeResult] = []
    for merge in due:
        found = inputs.get(merge.task_id)
        if found is None:
            results.append(MergeResult(due=merge, ended="moot"))
            continue
        project = terms[found.project_id]
        voters = Voters(await models.project(project), await vote_weights(database, found))
        results.append(await merge_task(merge, found, versions, modality, process, project, voters))
        if results[-1].ended == "again":
            break
    await _finish(database, results)
    return len(due)


async def _finish(database: Database, results: list[MergeResult]) -> None:
    """Write results together; should that fail, one by one, and block the one that cannot be written."""
    try:
        async with database.transaction() as uow:
            await service.finish_merges(uow, results)
    except Exception as error:
        if meaning(error) is not None:
            raise
        log.exception(
            "a merged outcome cannot be written", tasks=[str(result.due.task_id) for result in results]
        )
        if len(results) > 1:
            for result in results:
                await _finish(database, [result])
            return
        reason = f"The outcome cannot be written: {error!r}"
        async with database.transaction() as uow:
            await service.finish_merges(
                uow, [replace(results[0], ended="blocked", outcome=None, candidate=None, reason=reason)]
            )
