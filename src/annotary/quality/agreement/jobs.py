"""Agreement in the background: what changed is asked for as the log tells, then compared."""

from __future__ import annotations

import asyncio
import contextlib

import structlog

from annotary.eventlog import Event
from annotary.eventlog.consumer import Consumer
from annotary.infra.postgres import Database, UnitOfWork, meaning
from annotary.kernel.limits import AGREEMENT_POLL_SECONDS_MAX, CONSUMER_POLL_SECONDS_MIN
from annotary.quality.agreement import store
from annotary.quality.agreement.service import compare_once
from annotary.quality.merge_process import MergeProcess

# Whatever makes an answer count, or no longer, tells one of these of its task.
EVENT_TYPES = ("submission.", "task.done", "task.requeued")
log = structlog.get_logger(__name__)


async def note(uow: UnitOfWork, events: list[Event]) -> None:
    """Ask that tasks be compared. Idempotent: a comparison goes by how the task stands when it is made."""
    tasks = {event.subject_id for event in events}
    if tasks:
        await store.ask(uow, sorted(tasks))


def agreement_consumer(database: Database) -> Consumer:
    """Return the consumer of a modality's own log that has tasks compared."""
    return Consumer(name="agreement", source=database, target=database, handle=note, types=EVENT_TYPES)


async def run_comparisons(database: Database, modality: str, stop: asyncio.Event) -> None:
    """Compare what is due until `stop`, with growing pauses where there was nothing."""
    process = MergeProcess()
    pause = CONSUMER_POLL_SECONDS_MIN
    try:
        while not stop.is_set():
            try:
                worked = await compare_once(database, modality, process)
            except Exception as error:
                if meaning(error) is None:
                    log.exception("comparisons failed", modality=modality)
                worked, pause = 0, AGREEMENT_POLL_SECONDS_MAX
            pause = CONSUMER_POLL_SECONDS_MIN if worked else min(2 * pause, AGREEMENT_POLL_SECONDS_MAX)
            await process.rest()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
    finally:
        await process.stop()
