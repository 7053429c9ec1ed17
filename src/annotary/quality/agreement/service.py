"""Agreement as answers come: tasks are compared again when their answers change, and the sums kept true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import structlog

from annotary.infra.postgres import Database
from annotary.quality.agreement import rules, store
from annotary.quality.agreement.messages import AnsweredTask, Compared, CompareReply, CompareRequest
from annotary.quality.agreement.store import Input
from annotary.quality.agreement.values_project import ComparedTask
from annotary.quality.errors import MergeStopped
from annotary.quality.merge_process import MergeProcess
from annotary.quality.rules import is_last, newest, round_of, seconds_for
from annotary.quality.store import ontology_versions
from annotary.quality.values import DueMerge, OntologyVersion

log = structlog.get_logger(__name__)


class Finished(NamedTuple):
    """How one comparison ended. Without `compared` there is nothing to compare; `again`: it took too long."""

    due: DueMerge
    found: Input | None = None
    compared: Compared | None = None
    again: bool = False


async def compare_once(database: Database, modality: str, process: MergeProcess) -> int:
    """Compare what is due, one round, outside of any transaction; returns how many tasks were due."""
    due = round_of(await store.due(database))
    if not due:
        return 0
    # Those that took too long before do not hold up the others.
    due = [one for one in due if one.attempts == due[0].attempts]
    inputs = await store.inputs(database, [one.task_id for one in due])
    wanted = {version for found in inputs.values() for version in found.ontology_version_ids}
    versions = await ontology_versions(database, sorted(wanted))
    finished = [Finished(one) for one in due if one.task_id not in inputs]
    for version, tasks in _by_version(due, inputs, versions).items():
        finished += await _compare(tasks, inputs, versions.get(version), modality, process)
    await finish(database, finished)
    return len(due)


def _by_version(
    due: Sequence[DueMerge], inputs: Mapping[UUID, Input], versions: Mapping[UUID, OntologyVersion]
) -> dict[UUID, list[DueMerge]]:
    """Return tasks by the newest ontology version among their answers, the first id where none is known."""
    found: dict[UUID, list[DueMerge]] = defaultdict(list)
    for one in due:
        if one.task_id in inputs:
            ids = inputs[one.task_id].ontology_version_ids
            version = newest([versions[id] for id in ids if id in versions])
            found[version.id if version else ids[0]].append(one)
    return found


async def _compare(
    due: Sequence[DueMerge],
    inputs: Mapping[UUID, Input],
    version: OntologyVersion | None,
    modality: str,
    process: MergeProcess,
) -> list[Finished]:
    """Compare tasks together; should that take too long, one by one, each within the time of its attempt.

    What comes after one that took too long stays in the queue: what was compared is not kept waiting.
    """
    if version is None:
        unknown = Compared(failed="The ontology versions of the answers are not known here.")
        return [Finished(one, inputs[one.task_id], unknown) for one in due]
    try:
        reply = await process.compare(_request(due, inputs, version, modality))
    except MergeStopped as error:
        if len(due) > 1:
            return await _one_by_one(due, inputs, version, modality, process)
        log.warning("comparison stopped", task=str(due[0].task_id), attempt=due[0].attempts + 1)
        if not is_last(due[0].attempts):
            return [Finished(due[0], again=True)]
        reply = CompareReply(blocked=error.detail)
    compared = reply.compared or [Compared(failed=reply.blocked)] * len(due)
    return [Finished(one, inputs[one.task_id], found) for one, found in zip(due, compared, strict=True)]


async def _one_by_one(
    due: Sequence[DueMerge],
    inputs: Mapping[UUID, Input],
    version: OntologyVersion,
    modality: str,
    process: MergeProcess,
) -> list[Finished]:
    finished: list[Finished] = []
    for one in due:
        finished += await _compare([one], inputs, version, modality, process)
        if finished[-1].again:
            break
    return finished


def _request(
    due: Sequence[DueMerge], inputs: Mapping[UUID, Input], version: OntologyVersion, modality: str
) -> CompareRequest:
    found = [inputs[one.task_id] for one in due]
    return CompareRequest(
        modality=modality,
        definition=version.definition.encode(),
        definition_hash=version.content_hash,
        tasks=[
            AnsweredTask(one.payload.encode(), [answer.encode() for answer in one.answers]) for one in found
        ],
        seconds_max=max(seconds_for(one.attempts) for one in due),
    )


async def finish(database: Database, finished: Sequence[Finished]) -> None:
    """Write what comparisons came to: what tasks added before leaves the sums, what they add now comes in.

    One that was asked for again meanwhile is dropped: it is still in the queue.
    """
    async with database.transaction() as uow:
        before = await store.held(uow, [one.due for one in finished])
        ended = [one for one in finished if one.due.task_id in before]
        await store.retry(uow, [one.due.task_id for one in ended if one.again])
        settled = [one for one in ended if not one.again]
        after = [task for one in settled if (task := _task(one)) is not None]
        was = [task for one in settled if (task := before[one.due.task_id]) is not None]
        await store.apply(uow, rules.difference(after, was))
        await store.put(uow, after)
        failed = {
            one.due.task_id: one.compared.failed for one in settled if one.compared and one.compared.failed
        }
        await store.fail(uow, failed)
        await store.drop(uow, [one.due.task_id for one in settled if one.found is None])


def _task(finished: Finished) -> ComparedTask | None:
    found, compared = finished.found, finished.compared
    if found is None or compared is None or compared.failed:
        return None
    place = (found.task_id, found.project_id, found.batch_id, found.week)
    return ComparedTask(*place, found.member_ids, compared)
