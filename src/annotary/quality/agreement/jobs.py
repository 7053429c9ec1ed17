"""Agreement in the background: what changed is asked for as the log tells, then compared."""

from __future__ import annotations

import asyncio
from uuid import UUID

from annotary.eventlog import Event
from annotary.eventlog.consumer import Consumer
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.limits import AGREEMENT_POLL_SECONDS_MAX, CONSUMER_RESTED_SECONDS
from annotary.quality.agreement import store
from annotary.quality.agreement.service import compare_once
from annotary.quality.merge_process import MergeProcess
from annotary.quality.rounds import work_in_rounds
from annotary.quality.rules import CHANGED

# Whatever makes an answer count, or no longer, tells one of these of its task.
EVENT_TYPES = ("submission.", "task.done", "task.requeued", CHANGED)


async def note(uow: UnitOfWork, events: list[Event]) -> None:
    """Ask that tasks be compared. Idempotent: a comparison goes by how the task stands when it is made.

    Where a project's answers were changed in bulk, all its tasks are: the sums are by label.
    """
    projects = {UUID(event.data["project"]) for event in events if event.type.startswith(CHANGED)}
    tasks = {event.subject_id for event in events if not event.type.startswith(CHANGED)}
    if projects:
        await store.ask_again(uow, sorted(projects))
    if tasks:
        await store.ask(uow, sorted(tasks))


def agreement_consumer(database: Database) -> Consumer:
    """Return the consumer of a modality's own log that has tasks compared."""
    return Consumer(
        name="agreement",
        source=database,
        target=database,
        handle=note,
        types=EVENT_TYPES,
        rest_seconds=CONSUMER_RESTED_SECONDS,
    )


async def run_comparisons(database: Database, modality: str, stop: asyncio.Event) -> None:
    """Compare what is due until `stop`, with growing pauses where there was nothing."""

    async def work(process: MergeProcess) -> int:
        return await compare_once(database, modality, process)

    await work_in_rounds("comparisons", modality, work, stop, AGREEMENT_POLL_SECONDS_MAX)
