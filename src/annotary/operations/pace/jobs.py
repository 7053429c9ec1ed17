"""The consumer of a modality's own log that counts its answers by the hour."""

from __future__ import annotations

from collections.abc import Sequence

from annotary.eventlog import Event
from annotary.eventlog.consumer import Consumer
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.limits import PACE_REST_SECONDS
from annotary.operations.pace import store

ANSWERS = ("submission.received", "submission.revised")
DISCOUNTED = "submission.discounted"


async def count(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Count these answers. The position commits with the counts, so each is counted once."""
    await store.count_answers(uow, _named(events, ANSWERS))
    await store.count_discounted(uow, _named(events, (DISCOUNTED,)))


def _named(events: Sequence[Event], types: tuple[str, ...]) -> list[str]:
    # An owner may have had erased what an event says.
    return [e.data["submission"] for e in events if e.type in types and "submission" in e.data]


def pace_consumer(database: Database) -> Consumer:
    """Return the consumer that counts: nobody waits for it, so it rests."""
    return Consumer(
        name="pace",
        source=database,
        target=database,
        handle=count,
        types=(*ANSWERS, DISCOUNTED),
        rest_seconds=PACE_REST_SECONDS,
    )
