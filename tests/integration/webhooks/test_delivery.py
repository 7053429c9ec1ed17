"""Whatever a receiver does, each event is delivered or a dead letter, and none is lost."""

from __future__ import annotations

import random
from collections import defaultdict

import msgspec
import pytest
from standardwebhooks import Webhook as Oracle

from integration.webhooks.conftest import Stand
from integration.webhooks.receiver import ANSWERS, LIES, Message, receiving

# A share of all events never goes through, each in a way of its own.
ALWAYS = 0.02
LAPSES = 0.25


@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.soak)])
@pytest.mark.timeout(900)
async def test_each_event_is_delivered_or_a_dead_letter(stand: Stand, count: int) -> None:
    drawn = random.Random(7)
    hopeless: dict[str, str] = {}

    def behave(message: Message) -> str:
        if message.number == 1 and drawn.random() < ALWAYS:
            hopeless[message.id] = drawn.choice(list(LIES))
        if message.id in hopeless:
            return hopeless[message.id]
        return drawn.choice(list(ANSWERS)) if drawn.random() < LAPSES else "takes"

    stand.try_seconds_max = 0.25
    async with receiving(behave) as receiver:
        webhook = await stand.webhook(receiver.url)
        told = set(await stand.tell(count))
        await stand.to_the_end(seconds_max=500)
        ended = await stand.deliveries(webhook)
        delivered = {event for event, row in ended.items() if row["state"] == "delivered"}
        dead = {event for event, row in ended.items() if row["state"] == "dead"}
        assert delivered | dead == told
        # What counts as delivered was taken, and what was not is known with its reason.
        assert delivered <= receiver.taken
        assert dead and set(hopeless) <= dead
        assert all(row["reason"] and row["tries"] for event, row in ended.items() if event in dead)
        bodies = defaultdict(set)
        for message in receiver.messages:
            bodies[message.id].add(message.body)
            assert msgspec.json.decode(message.body)["id"] == message.id
        assert all(len(found) == 1 for found in bodies.values()), "a double is another message"
        oracle = Oracle(stand.secret(webhook))
        for message in receiver.messages[:200]:
            oracle.verify(message.body, message.headers)
        assert (stand.tally.delivered, stand.tally.dead) == (len(delivered), len(dead))
