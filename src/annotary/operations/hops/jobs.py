"""Hops in the background: the consumer that counts them, and the end of what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from annotary.eventlog import Event
from annotary.eventlog.consumer import Consumer
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.limits import HOPS_REST_SECONDS
from annotary.operations.hops import rules, store
from annotary.operations.hops.values import RECEIVED, SETTLED, Counted

# After these a task can be claimed that could not be before.
FREEING = (
    *("task.released", "task.skipped", "task.expired", "task.revoked"),
    *("task.resumed", "task.requeued", "task.reassigned", "task.freed", "task.extended"),
)
ANSWERS = ("submission.received", "submission.revised")
OUTCOMES = ("outcome.accepted", "outcome.revised", "outcome.proposed")
EVENT_TYPES = (*ANSWERS, *OUTCOMES, *FREEING, "batch.changed")


async def count(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Count the hops that these events end. The position commits with the counts, so each is counted once."""
    await store.note_eligible(uow, _eligible(events))
    counted: list[Counted] = []
    if submissions := [event.data["submission"] for event in events if event.type in ANSWERS]:
        counted += rules.counted(await store.received_labels(uow, submissions), RECEIVED)
    if outcomes := _outcomes(events):
        counted += rules.counted(await store.settled_labels(uow, outcomes), SETTLED)
    # In one order, as everything that locks several rows.
    await store.count_hops(uow, sorted(counted, key=lambda one: one[:5]))


def _eligible(events: Sequence[Event]) -> list[tuple[UUID, datetime]]:
    return [
        (event.subject_id, event.occurred_at)
        for event in events
        if event.occurred_at
        and (
            event.type in FREEING
            or (
                event.type == "batch.changed"
                and event.data["state_changed"]
                and event.data["state"] == "open"
            )
        )
    ]


def _outcomes(events: Sequence[Event]) -> list[tuple[str, datetime, bool]]:
    return [
        (event.data["outcome"], event.occurred_at, event.type != "outcome.proposed")
        for event in events
        if event.occurred_at and event.type in OUTCOMES
    ]


def hops_consumer(database: Database) -> Consumer:
    """Return the consumer of a modality's own log that counts hops: nobody waits for it, so it rests."""
    return Consumer(
        name="hops",
        source=database,
        target=database,
        handle=count,
        types=EVENT_TYPES,
        rest_seconds=HOPS_REST_SECONDS,
    )


async def forget_old(database: Database) -> None:
    """Delete histograms that are older than they are kept."""
    await store.forget(database)
