"""The copies each modality keeps of the platform's rows, so that no claim or submit calls the platform."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from annotary.eventlog import store
from annotary.eventlog.consumer import Consumer
from annotary.eventlog.values import Event
from annotary.infra.postgres import Database, UnitOfWork


def copies_consumer(
    platform: Database, modality: Database, tables: Mapping[str, tuple[str, str]]
) -> Consumer:
    """Return the consumer that keeps the copies true.

    `tables` says for the first word of an event type which table it is about and by which column its
    subject is found. The row is read again rather than carried in the event: applying an event twice, or
    late, then does no harm.
    """

    async def handle(uow: UnitOfWork, events: list[Event]) -> None:
        touched: dict[str, set[UUID]] = {}
        for event in events:
            touched.setdefault(event.type.partition(".")[0], set()).add(event.subject_id)
        for noun, subjects in touched.items():
            table, key = tables[noun]
            await store.copy_rows(platform, uow, table, key, sorted(subjects))

    return Consumer(
        name="copies",
        source=platform,
        target=modality,
        handle=handle,
        types=tuple(f"{noun}." for noun in tables),
        channel="platform_events",
    )
