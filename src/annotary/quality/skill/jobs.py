"""Skill in the background: what outcomes say of those who answered, and annotators to be looked at."""

from __future__ import annotations

from annotary.eventlog import Event
from annotary.eventlog.consumer import Consumer
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.limits import CONSUMER_RESTED_SECONDS
from annotary.quality.skill import service, store
from annotary.quality.skill.service_pauses import requeue_once

EVENT_TYPES = ("outcome.accepted", "outcome.revised", "outcome.withdrawn")


async def note(uow: UnitOfWork, events: list[Event]) -> None:
    """Hold answers against the outcomes of the tasks that events tell of, as they are now."""
    await service.note_outcomes(uow, sorted({event.subject_id for event in events}))


def skill_consumer(database: Database) -> Consumer:
    """Return the consumer of a modality's own log that learns of annotators from outcomes."""
    return Consumer(
        name="skill",
        source=database,
        target=database,
        handle=note,
        types=EVENT_TYPES,
        rest_seconds=CONSUMER_RESTED_SECONDS,
    )


async def look_once(database: Database) -> int:
    """Look at the annotators who are due, and do a step of each pause; returns how much was done."""
    due = await store.due_annotators(database)
    for one in due:
        await service.look_at(database, one)
    return len(due) + await requeue_once(database)
