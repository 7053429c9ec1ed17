"""Redaction takes nothing from a consumer inside that has yet to work with what an event says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from annotary.audit.errors import CannotRedact, StillRead
from annotary.audit.service_redaction import redact
from annotary.dispatch.erasure import erasures_consumer
from annotary.eventlog import Event, record, store
from annotary.eventlog.chain.errors import UnknownEvent
from annotary.eventlog.consumer import Consumer, consume_once
from annotary.eventlog.registry import TYPES
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.ids import new_id
from integration.audit.conftest import Log
from integration.conftest import Seed
from integration.facts import fact_about

REASON = "asked for by the person it names"
KEPT_WHOLE = {"event.redacted", "answers.changed", "predictions.stored"}


def owner(organisation: UUID) -> Caller:
    return Caller(new_id(), organisation, Role.OWNER, "Olga", {})


async def redacted(log: Log, database: Database, organisation: UUID, sequence: int) -> None:
    async with database.transaction() as uow:
        await redact(uow, owner(organisation), database.schema, sequence, REASON, log.key)


async def test_it_waits_for_every_consumer_inside_and_for_none_outside(log: Log) -> None:
    read: list[Event] = []

    async def note(_: UnitOfWork, events: list[Event]) -> None:
        read.extend(events)

    async def ignore(_: UnitOfWork, events: list[Event]) -> None:
        pass

    us = log.organisations[0]
    kinds = sorted(name for (name, _), kind in TYPES.items() if "text" in kind.services)
    async with log.text.transaction() as uow:
        await record(uow, *(fact_about(us, kind, new_id()) for kind in kinds))
    behind = Consumer(name="behind", source=log.text, target=log.text, handle=note)
    ahead = Consumer(name="ahead", source=log.text, target=log.text, handle=ignore)
    for name in ("behind", "ahead", "relay", "subscription/5/0"):
        await store.introduce(log.text, name, "text")
    await consume_once(ahead)
    with pytest.raises(UnknownEvent):
        await redacted(log, log.text, us, 1)
    await log.chain()
    for sequence in range(1, len(kinds) + 1):
        with pytest.raises((StillRead, CannotRedact)) as refused:
            await redacted(log, log.text, us, sequence)
        assert "'behind'" in str(refused.value) or kinds[sequence - 1] in KEPT_WHOLE
    await consume_once(behind)
    assert len(read) == len(kinds) and not any("redacted" in event.data for event in read)
    for sequence, kind in enumerate(kinds, 1):
        if kind not in KEPT_WHOLE:
            await redacted(log, log.text, us, sequence)
    await log.chain()
    report = await log.verify()
    assert report.ok and report.redacted == len(set(kinds) - KEPT_WHOLE)


async def test_one_consumer_that_is_one_event_short_is_enough(log: Log) -> None:
    await log.write(9)
    await log.chain()
    rows = await log.text.fetch(
        "SELECT transaction_id::text::bigint AS at, sequence, organisation_id FROM events ORDER BY sequence"
    )
    await store.introduce(log.text, "behind", "text")
    for before, row in zip([None, *rows], rows, strict=False):
        if before is not None:
            await log.text.execute(
                "UPDATE consumers SET transaction_id = $1::bigint::text::xid8, sequence = $2"
                " WHERE name = 'behind'",
                before["at"],
                before["sequence"],
            )
        with pytest.raises(StillRead):
            await redacted(log, log.text, row["organisation_id"], row["sequence"])
        if before is not None:
            await redacted(log, log.text, before["organisation_id"], before["sequence"])


async def test_a_deleted_item_is_erased_where_its_event_was_redacted_first(
    log: Log, connect: Callable[..., Awaitable[Database]]
) -> None:
    seed = Seed(await connect(log.settings.database_urls["text"], "text"))
    project = await seed.project()
    deleted, kept = await seed.tasks(project, [{"text": "a name"}, {"text": "stays"}])
    item = await seed.database.pool.fetchval("SELECT item_id FROM task_items WHERE task_id = $1", deleted)
    async with log.platform.transaction() as uow:
        await record(uow, fact_about(seed.organisation, "item.deleted", item, unique_id="row-0"))
    await log.chain()
    await redacted(log, log.platform, seed.organisation, 1)
    await consume_once(erasures_consumer(log.platform, log.text))
    assert await store.parked(log.text) == {}
    rows = await seed.database.fetch(
        "SELECT t.id, t.state, i.payload FROM tasks t JOIN task_items i ON i.task_id = t.id"
    )
    found = {row["id"]: (row["state"], row["payload"]) for row in rows}
    assert found == {deleted: ("cancelled", "null"), kept: ("open", '{"text":"stays"}')}
