"""Review in the background: looks are opened and withdrawn as outcomes come and give way."""

from __future__ import annotations

from annotary.eventlog import Event
from annotary.eventlog.consumer import Consumer
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.limits import CONSUMER_RESTED_SECONDS
from annotary.review import service

EVENT_TYPES = ("outcome.", "contradiction.found")


async def follow_outcomes(uow: UnitOfWork, events: list[Event]) -> None:
    """Settle the reviews of the tasks these events tell of: what counts is how the tasks stand now."""
    await service.settle(uow, sorted({event.subject_id for event in events}))


def reviews_consumer(database: Database) -> Consumer:
    """Return the consumer of a modality's own log that keeps its reviews true to its outcomes."""
    return Consumer(
        name="reviews",
        source=database,
        target=database,
        handle=follow_outcomes,
        types=EVENT_TYPES,
        rest_seconds=CONSUMER_RESTED_SECONDS,
    )
