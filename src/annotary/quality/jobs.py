"""Consensus in the background: finished tasks are settled, answers that differ are merged."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from uuid import UUID

import structlog
from msgspec.structs import replace

from annotary.eventlog import Event
from annotary.eventlog.consumer import Consumer
from annotary.infra.postgres import Database, UnitOfWork, meaning
from annotary.kernel.ids import new_id
from annotary.kernel.limits import CONSUMER_POLL_SECONDS_MAX, CONSUMER_POLL_SECONDS_MIN
from annotary.quality import rules, service, store
from annotary.quality.errors import MergeStopped
from annotary.quality.merge_process import MergeProcess
from annotary.quality.merging import MergeReply, MergeRequest
from annotary.quality.values import DueMerge, MergeInput, MergeResult, NewOutcome, OntologyVersion

EVENT_TYPES = ("task.done", "submission.revised", "task.requeued")
log = structlog.get_logger(__name__)


async def consensus(uow: UnitOfWork, events: list[Event]) -> None:
    """Settle the tasks these events tell of. Idempotent: what counts is how the tasks stand now."""
    tasks = {event.subject_id for event in events if event.type in EVENT_TYPES}
    if tasks:
        await service.settle(uow, sorted(tasks))


def consensus_consumer(database: Database) -> Consumer:
    """Return the consumer of a modality's own log that keeps its outcomes true."""
    return Consumer(name="consensus", source=database, target=database, handle=consensus, types=EVENT_TYPES)


async def run_merges(database: Database, modality: str, stop: asyncio.Event) -> None:
    """Merge answers that differ until `stop`, outside of any transaction: a slow one holds up no consumer."""
    process = MergeProcess()
    pause = CONSUMER_POLL_SECONDS_MIN
    try:
        while not stop.is_set():
            try:
                merged = await merge_once(database, modality, process)
            except Exception as error:
                if meaning(error) is None:
                    log.exception("merges failed", modality=modality)
                merged, pause = 0, CONSUMER_POLL_SECONDS_MAX
            if merged:
                pause = CONSUMER_POLL_SECONDS_MIN
                continue
            await process.rest()
            pause = min(pause * 2, CONSUMER_POLL_SECONDS_MAX)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
    finally:
        await process.stop()


async def merge_once(database: Database, modality: str, process: MergeProcess) -> int:
    """Do one round of merges; returns how many are due. After a failure the rest waits for the next round."""
    due = rules.round_of(await store.due_merges(database))
    if not due:
        return 0
    inputs = await store.merge_inputs(database, [merge.task_id for merge in due])
    wanted = {version for found in inputs.values() for version in found.ontology_version_ids}
    versions = await store.ontology_versions(database, sorted(wanted))
    results: list[MergeResult] = []
    for merge in due:
        found = inputs.get(merge.task_id)
        if found is None:
            results.append(MergeResult(due=merge, ended="moot"))
            continue
        results.append(await _merge(merge, found, versions, modality, process))
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
                uow, [replace(results[0], ended="blocked", outcome=None, reason=reason)]
            )


async def _merge(
    due: DueMerge,
    found: MergeInput,
    versions: Mapping[UUID, OntologyVersion],
    modality: str,
    process: MergeProcess,
) -> MergeResult:
    version = rules.newest([versions[id] for id in found.ontology_version_ids if id in versions])
    if version is None:
        return _blocked(due, found, "The ontology versions of the answers are not known here.")
    request = MergeRequest(
        modality=modality,
        definition=version.definition.encode(),
        definition_hash=version.content_hash,
        item=found.payload.encode(),
        answers=[answer.encode() for answer in found.answers],
        seconds_max=rules.seconds_for(due.attempts),
    )
    try:
        reply = await process.merge(request)
    except MergeStopped as error:
        log.warning("merge stopped", task=str(due.task_id), attempt=due.attempts + 1, reason=error.detail)
        if not rules.is_last(due.attempts):
            return MergeResult(due=due, ended="again")
        reply = MergeReply(blocked=error.detail)
    if reply.blocked:
        return _blocked(due, found, reply.blocked)
    return MergeResult(due=due, ended="merged", outcome=_outcome(found, version, reply))


def _blocked(due: DueMerge, found: MergeInput, reason: str) -> MergeResult:
    return MergeResult(due=due, ended="blocked", organisation_id=found.organisation_id, reason=reason)


def _outcome(found: MergeInput, version: OntologyVersion, reply: MergeReply) -> NewOutcome:
    return NewOutcome(
        id=new_id(),
        task_id=found.task_id,
        project_id=found.project_id,
        organisation_id=found.organisation_id,
        answer=reply.answer,
        content_hash=reply.content_hash,
        ontology_version_id=version.id,
        aggregator=rules.MAJORITY,
        confidence=reply.confidence,
        agreement=reply.agreement,
        submission_ids=found.submission_ids,
    )
