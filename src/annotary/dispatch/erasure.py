"""What a modality does when the platform deletes an item: its content goes here too, and nobody is given it
any more.
"""

from __future__ import annotations

from annotary.dispatch.release import QUERIES
from annotary.eventlog import Event, record
from annotary.eventlog.consumer import Consumer
from annotary.infra.postgres import Database, UnitOfWork


def erasures_consumer(platform: Database, database: Database) -> Consumer:
    """Return the consumer of the platform's log that erases deleted items from a modality."""
    return Consumer(
        name="erasures",
        source=platform,
        target=database,
        handle=erase,
        types=("item.deleted",),
        channel="platform_events",
    )


async def erase(uow: UnitOfWork, events: list[Event]) -> None:
    """Erase the items these events tell of; answers that were given stay. Doing it again changes nothing."""
    for event in events:
        unique_id = event.data.get("unique_id")
        if unique_id is None:
            # An owner had erased what the event says before this service came to it.
            unique_id = await uow.fetchval(QUERIES.unique_id_of_item, event.organisation_id, event.subject_id)
        rows = await uow.fetch(QUERIES.erase_item, event.organisation_id, unique_id, event.subject_id)
        facts = [
            Event(
                organisation_id=event.organisation_id,
                type="task.cancelled",
                subject_id=row["id"],
                data={"reason": "item deleted"},
            )
            for row in rows
        ]
        if facts:
            await record(uow, *facts)
