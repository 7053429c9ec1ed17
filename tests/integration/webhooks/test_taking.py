"""What the statements of taking and noting deliveries hold by themselves, whoever runs them and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from annotary.eventlog import Event, record
from annotary.kernel import limits
from annotary.kernel.clock import system_clock
from annotary.kernel.ids import new_id
from annotary.streams.webhooks import store
from annotary.streams.webhooks.values import Answer, Ended, Taken, Verdict
from integration.webhooks.conftest import Stand

ADDRESS = "http://127.0.0.1:9/hook"
DELIVERED = (Answer(200, 0.1), Verdict("delivered", None, None))


async def begun(stand: Stand) -> UUID:
    """Return a webhook whose courier begins with what happens from now on; nothing runs it."""
    webhook = await stand.webhook(ADDRESS)
    (looked,) = await store.look(stand.database)
    await store.add_courier(stand.database, looked.webhook, looked.created_at)
    return webhook


async def end(stand: Stand, webhook: UUID, taken: Taken, answer: Answer, verdict: Verdict) -> Any:
    """Note what a try came to; returns the delivery's row."""
    async with stand.database.transaction() as uow:
        await store.end_tries(uow, webhook, [Ended(taken, answer)], [verdict])
    row = await stand.database.fetchrow("SELECT * FROM webhook_deliveries WHERE webhook_id = $1", webhook)
    assert row is not None
    return row


async def test_nothing_of_a_paused_webhook_is_taken(stand: Stand) -> None:
    webhook = await begun(stand)
    await stand.tell(1)
    await store.take_in(stand.database, webhook)
    await stand.change(webhook, state="paused")
    assert await store.take(stand.database, webhook, 8) == []
    await stand.change(webhook, state="active")
    assert len(await store.take(stand.database, webhook, 8)) == 1


async def test_only_the_last_try_says_what_became_of_a_delivery_unless_one_brought_it(stand: Stand) -> None:
    webhook = await begun(stand)
    await stand.tell(1)
    await store.take_in(stand.database, webhook)
    (first,) = await store.take(stand.database, webhook, 8)
    await stand.pass_time(limits.WEBHOOK_TRY_LOST_SECONDS + 1)
    (second,) = await store.take(stand.database, webhook, 8)
    assert (first.sequence, first.tries, second.sequence, second.tries) == (
        second.sequence,
        1,
        first.sequence,
        2,
    )
    dead = (Answer(500, 0.1, "no"), Verdict("dead", None, "no"))
    row = await end(stand, webhook, first, *dead)
    assert (row["state"], row["ended_at"]) == ("waiting", None), "a later try is under way"
    row = await end(stand, webhook, first, *DELIVERED)
    assert row["state"] == "delivered" and row["ended_at"] is not None
    assert await end(stand, webhook, second, *dead) == row, "it is there already"


async def test_a_look_takes_in_what_is_the_webhooks_and_nothing_open(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = await begun(stand)
    event = {"type": "task.done", "subject_id": new_id(), "data": {"answers": 1}}
    async with stand.database.pool.acquire() as slow:
        late = slow.transaction()
        await late.start()
        await record(slow, Event(organisation_id=stand.organisation, **event))
        await stand.tell(1)
        assert await store.take_in(stand.database, webhook) == (0, 0)
        await late.commit()
    assert await store.take_in(stand.database, webhook) == (2, 2)
    await stand.tell(1, organisation_id=new_id())
    await stand.tell(1, occurred_at=system_clock() - timedelta(hours=1))
    assert await store.take_in(stand.database, webhook) == (2, 0), "of others, and from before it was made"
    monkeypatch.setattr(limits, "WEBHOOK_WAITING_MAX", 5)
    await stand.tell(9)
    assert await store.take_in(stand.database, webhook) == (3, 3), "as many as there is room for"


async def test_only_one_process_probes_a_half_open_circuit(stand: Stand) -> None:
    webhook = await begun(stand)
    await stand.tell(3)
    await store.take_in(stand.database, webhook)
    await stand.database.execute("UPDATE webhook_couriers SET open_until = clock_now() - interval '1 second'")
    (probe,) = await store.take(stand.database, webhook, 8)
    assert probe.probe and await store.take(stand.database, webhook, 8) == []
