"""Couriers: apart from one another, killed at any point, stopped and set going, with secrets that change."""

from __future__ import annotations

import asyncio
import hmac
import signal
import sys
from collections import Counter
from datetime import timedelta

import msgspec
import pytest
from standardwebhooks import Webhook as Oracle
from standardwebhooks import WebhookVerificationError

from annotary.kernel import limits
from annotary.kernel.ids import new_id
from integration.webhooks.conftest import Stand
from integration.webhooks.receiver import Message, receiving

GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
BUSY = b"HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"
RELEASED = {
    **dict.fromkeys(("project", "job", "first", "last"), str(new_id())),
    "chunk": 0,
    "tasks": 1,
    "runs": [],
    "state": "open",
    "overlap": 1,
}
# Another process that delivers; it is told all it needs, and ends only by being killed.
PROCESS = """
import asyncio, sys
from annotary.infra.postgres import Database
from annotary.infra.settings import Settings
from annotary.streams.webhooks.jobs import deliver_webhooks
from annotary.streams.webhooks.service_courier import Tally

async def main(url):
    text = await Database.connect(url, "text", connections_max=2)
    platform = await Database.connect(url, "platform", connections_max=1)
    settings = Settings(signing_key=b"k" * 32, webhook_private_networks=("127.0.0.1/32",))
    await deliver_webhooks(text, platform, settings, Tally(), asyncio.Event())

asyncio.run(main(sys.argv[1]))
"""


async def test_a_receiver_that_hangs_delays_no_other(stand: Stand) -> None:
    stand.try_seconds_max = 60.0
    async with receiving(lambda _: "hangs") as slow, receiving() as quick:
        await stand.webhook(slow.url)
        await stand.webhook(quick.url)
        told = set(await stand.tell(300))
        await stand.until(lambda: slow.held == limits.WEBHOOK_TRIES_AT_ONCE_MAX, 10)
        told |= set(await stand.tell(300))
        await stand.until(lambda: quick.taken == told, 20)
        # All the while the other one hung, and was not asked for more than it may hold.
        assert slow.held == len(slow.messages) == limits.WEBHOOK_TRIES_AT_ONCE_MAX
        assert len(quick.messages) == len(told)


async def test_a_name_that_is_slow_to_be_found_delays_no_other(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket
    import threading

    released, asked, real = threading.Event(), [], socket.getaddrinfo

    def look_up(host: str, *rest: object, **more: object) -> object:
        asked.append(host)
        if host == "slow.example":
            released.wait(30)
        return real("127.0.0.1", *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    stand.try_seconds_max = 60.0
    async with receiving() as quick:
        for _ in range(5):
            await stand.webhook("http://slow.example:9/")
        await stand.webhook(f"http://quick.example:{quick.port}/")
        told = set(await stand.tell(20))
        await stand.until(lambda: quick.taken == told, 20)
        assert "slow.example" in asked
        released.set()


async def test_killed_in_the_middle_nothing_is_lost(stand: Stand, database_url: str) -> None:
    # At these messages the receiver does not answer, so that the process dies with tries under way.
    killed_at, came = {40: "", 90: "", 130: ""}, 0

    def behave(message: Message) -> str:
        nonlocal came
        came += 1
        if came not in killed_at:
            return "takes"
        killed_at[came] = message.id
        return "hangs"

    async with receiving(behave) as receiver:
        webhook = await stand.webhook(receiver.url)
        told = set(await stand.tell(150))
        for number in killed_at:
            process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROCESS, database_url)
            try:
                async with asyncio.timeout(240):
                    while len(receiver.messages) < number + 1:
                        assert process.returncode is None
                        await asyncio.sleep(0.01)
            finally:
                process.send_signal(signal.SIGKILL)
                await process.wait()
            await stand.pass_time(limits.WEBHOOK_TRY_LOST_SECONDS)
        assert not all(row["state"] == "delivered" for row in (await stand.deliveries(webhook)).values())
        await stand.to_the_end()
        ended = await stand.deliveries(webhook)
        assert set(ended) == told == receiver.taken
        assert {row["state"] for row in ended.values()} == {"delivered"}
        # Doubles came under the ids of what was told, and what was under way came again.
        counted = Counter(message.id for message in receiver.messages)
        assert set(counted) == told
        assert all(killed_at.values()) and min(counted[event] for event in killed_at.values()) >= 2


async def test_two_processes_share_a_courier(stand: Stand) -> None:
    other = stand.new_couriers()
    async with receiving() as receiver:
        webhook = await stand.webhook(receiver.url)
        told = set(await stand.tell(500))

        async def both() -> bool:
            await other.look()
            return receiver.taken == told and await stand.at_rest()

        await stand.until(both)
        await other.close()
        assert len(receiver.messages) == len(told), "what one has taken, the other leaves"
        assert all(row["tries"] == 1 for row in (await stand.deliveries(webhook)).values())


def verifies(message: Message, secret: str) -> bool:
    try:
        Oracle(secret).verify(message.body, message.headers)
    except WebhookVerificationError:
        return False
    return True


async def test_while_a_secret_is_rotated_both_sign(stand: Stand) -> None:
    async with receiving() as receiver:
        webhook = await stand.webhook(receiver.url)
        first, second = stand.secret(webhook), stand.secret(webhook, 2)

        async def sent() -> Message:
            (event,) = await stand.tell(1)
            await stand.until(lambda: event in receiver.taken)
            await stand.until(stand.at_rest)
            return next(one for one in receiver.messages if one.id == event)

        before = await sent()
        assert (verifies(before, first), verifies(before, second)) == (True, False)
        moment = await stand.database.pool.fetchval("SELECT clock_timestamp()")
        await stand.change(webhook, secret_number=2, former_until=moment + timedelta(hours=1))
        during = await sent()
        assert (verifies(during, first), verifies(during, second)) == (True, True)
        hub = "sha256=" + hmac.new(second.encode(), during.body, "sha256").hexdigest()
        assert during.headers["x-hub-signature-256"] == hub
        await stand.change(webhook, secret_number=2, former_until=moment - timedelta(seconds=1))
        afterwards = await sent()
        assert (verifies(afterwards, first), verifies(afterwards, second)) == (False, True)


async def test_a_receiver_that_is_gone_is_told_nothing_until_it_is_mended(stand: Stand) -> None:
    gone = True
    async with receiving(lambda _: GONE if gone else "takes") as receiver:
        webhook = await stand.webhook(receiver.url)
        told = set(await stand.tell(100))

        async def disabled() -> bool:
            query = "SELECT state = 'disabled' AND reason LIKE '%410%' FROM webhooks WHERE id = $1"
            return bool(await stand.platform.pool.fetchval(query, webhook))

        await stand.until(disabled)
        assert await stand.platform.fetch("SELECT 1 FROM events WHERE type = 'webhook.disabled'")
        asked = len(receiver.messages)
        assert asked <= limits.WEBHOOK_TRIES_AT_ONCE_MAX
        await stand.pass_time(3600)
        await stand.until(stand.at_rest)
        assert len(receiver.messages) == asked
        gone = False
        await stand.change(webhook, state="active", reason=None, url=receiver.url)
        await stand.to_the_end()
        assert receiver.taken == told


async def test_a_failing_receiver_is_probed_and_what_waits_too_long_is_buried(stand: Stand) -> None:
    works = False
    async with receiving(lambda _: "takes" if works else "fails") as receiver:
        webhook = await stand.webhook(receiver.url)
        told = set(await stand.tell(50))
        await stand.until(stand.at_rest)
        asked, courier = len(receiver.messages), await stand.courier(webhook)
        assert asked < limits.WEBHOOK_FAILURES_MAX + limits.WEBHOOK_TRIES_AT_ONCE_MAX
        assert courier["open_until"] is not None
        for _ in range(5):
            await stand.pass_time(limits.WEBHOOK_OPEN_SECONDS_MAX)
            await stand.until(stand.at_rest)
            asked += 1
            assert len(receiver.messages) == asked, "half open lets one through"
        # Nothing is tried for ever: a day later all of it is a dead letter, with the reason.
        await stand.to_the_end()
        dead = await stand.deliveries(webhook)
        assert set(dead) == told and {row["state"] for row in dead.values()} == {"dead"}
        assert all("fail" in row["reason"] or "500" in row["reason"] for row in dead.values())
        works = True
        later = set(await stand.tell(20))
        await stand.to_the_end()
        assert receiver.taken == later
        assert (await stand.courier(webhook))["open_until"] is None


async def test_a_receiver_that_fails_for_days_is_disabled(stand: Stand) -> None:
    async with receiving(lambda _: "fails") as receiver:
        webhook = await stand.webhook(receiver.url)
        for _ in range(9):
            await stand.tell(10)
            await stand.pass_time(limits.WEBHOOK_FAILING_SECONDS_MAX / 7)
            await stand.until(stand.at_rest)
            await stand.couriers.sweep()
        await stand.couriers.look()
        row = await stand.platform.fetchrow("SELECT state, reason FROM webhooks WHERE id = $1", webhook)
        assert row and row["state"] == "disabled" and "5 days" in row["reason"]


async def test_what_a_receiver_asks_for_is_kept(stand: Stand) -> None:
    busy = True
    async with receiving(lambda _: BUSY if busy else "takes") as receiver:
        webhook = await stand.webhook(receiver.url)
        (event,) = await stand.tell(1)
        await stand.until(stand.at_rest)
        await stand.pass_time(115)
        await stand.until(stand.at_rest)
        assert len(receiver.messages) == 1
        row = (await stand.deliveries(webhook))[event]
        assert row["code"] == 503 and row["state"] == "waiting"
        busy = False
        await stand.to_the_end()
        assert receiver.taken == {event} and len(receiver.messages) == 2


async def test_what_happens_during_a_pause_is_told_after_it(stand: Stand) -> None:
    async with receiving() as receiver:
        webhook = await stand.webhook(receiver.url)
        told = set(await stand.tell(5))
        await stand.until(lambda: receiver.taken == told)
        await stand.change(webhook, state="paused")
        missed = set(await stand.tell(30))
        await stand.until(stand.at_rest)
        assert receiver.taken == told
        await stand.change(webhook, state="active")
        await stand.to_the_end()
        assert receiver.taken == told | missed


async def test_each_webhook_is_told_of_what_it_wants_alone(stand: Stand) -> None:
    await stand.tell(3)
    await stand.pass_time(1)
    project, task = new_id(), new_id()
    await stand.database.execute(
        "INSERT INTO tasks (id, project_id, batch_id, organisation_id, overlap, order_key)"
        " VALUES ($1, $2, $2, $3, 1, now())",
        *(task, project, stand.organisation),
    )
    async with receiving() as all_of_it, receiving() as some, receiving() as of_project, receiving() as other:
        await stand.webhook(all_of_it.url)
        await stand.webhook(some.url, event_types=["task.expired", "tasks.*"])
        await stand.webhook(of_project.url, projects=[project])
        await stand.webhook(other.url, organisation_id=new_id())
        done = await stand.tell(4)
        expired = await stand.tell(2, "task.expired", data={"assignment": str(new_id())})
        released = await stand.tell(2, "tasks.released", data=RELEASED)
        named = await stand.tell(1, "tasks.released", data={**RELEASED, "project": str(project)})
        of_task = await stand.tell(1, "task.done", subject_id=task)
        foreign = await stand.tell(1, organisation_id=new_id())
        await stand.to_the_end()
        everything = {*done, *expired, *released, *named, *of_task}
        assert all_of_it.taken == everything, "and nothing from before it was made"
        assert some.taken == {*expired, *released, *named}
        assert of_project.taken == {*named, *of_task}
        assert not other.taken and foreign
        sent = msgspec.json.decode(of_project.messages[-1].body)
        assert sent["specversion"] == "1.0" and sent["source"] == "/annotary/text"


async def test_the_backlog_of_a_dead_receiver_is_bounded(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WEBHOOK_WAITING_MAX", 50)
    works = False
    async with receiving(lambda _: "takes" if works else "fails") as receiver:
        webhook = await stand.webhook(receiver.url)
        told = set(await stand.tell(130))

        async def full() -> bool:
            return len(await stand.deliveries(webhook)) == 50

        await stand.until(full)
        for _ in range(20):
            await stand.couriers.look()
            await asyncio.sleep(0)
        assert await full()
        works = True
        await stand.to_the_end()
        assert receiver.taken == told


async def test_old_deliveries_are_forgotten(stand: Stand) -> None:
    async with receiving() as receiver:
        kept, removed = await stand.webhook(receiver.url), await stand.webhook(receiver.url)
        await stand.tell(10)
        await stand.to_the_end()
        await stand.couriers.sweep()
        assert len(await stand.deliveries(kept)) == 10
        await stand.change(removed, state="removed")
        await stand.couriers.sweep()
        assert await stand.courier(removed) is None and not await stand.deliveries(removed)
        await stand.pass_time(limits.WEBHOOK_DELIVERED_KEPT_DAYS * 86_400 + 1)
        await stand.couriers.sweep()
        assert not await stand.deliveries(kept) and await stand.courier(kept)
