"""A broker for the tests of a module, and logs to publish."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from confluent_kafka import Message

from annotary.eventlog import Event, record
from annotary.infra.kafka import Kafka
from annotary.infra.postgres import Database
from annotary.kernel.ids import new_id
from integration.relay.brokers import Broker, running

ORGANISATION = new_id()
LOG = "SELECT sequence, subject_id FROM events ORDER BY transaction_id, sequence"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker that runs, and may be ended and started."""
    with running(tmp_path / "broker") as broker:
        yield broker


@pytest.fixture
def kafka(broker: Broker) -> Kafka:
    """How the relay reaches it."""
    return Kafka(bootstrap=broker.bootstrap, topic_prefix=broker.prefix, partitions=3)


async def write(database: Database, tasks: Sequence[UUID], rounds: int) -> None:
    """Record one event of each task a round, each round in a transaction of its own."""
    for _ in range(rounds):
        async with database.transaction() as uow:
            await record(uow, *map(fact, tasks))


def fact(task: UUID) -> Event:
    return Event(organisation_id=ORGANISATION, type="task.paused", subject_id=task, data={"reason": "a test"})


def event_id(message: Message) -> str:
    return dict(message.headers() or ())["id"].decode()


def by_subject(log: Sequence[tuple[int, UUID]]) -> dict[str, list[str]]:
    """Return the ids of a log's events by subject, in the order of the log."""
    found: dict[str, list[str]] = {}
    for sequence, task in log:
        found.setdefault(f"task_{task.hex}", []).append(f"text.{sequence}")
    return found


def assert_in_order(messages: Sequence[Message], log: Sequence[tuple[int, UUID]]) -> int:
    """Hold a topic against the log: nothing missing, by key the order of the log when an id counts once, and
    duplicates equal to the first. Returns how many duplicates there are.
    """
    first: dict[str, Message] = {}
    order: dict[str, list[str]] = {}
    for message in messages:
        assert message.key() is not None
        if (known := first.setdefault(event_id(message), message)) is message:
            order.setdefault(message.key().decode(), []).append(event_id(message))
        assert (known.key(), known.value()) == (message.key(), message.value())
    assert order == by_subject(log)
    return len(messages) - len(first)


async def until(condition: object, seconds_max: float = 60) -> None:
    """Wait for a condition (called in a thread, where it may block) to come true."""
    assert callable(condition)
    async with asyncio.timeout(seconds_max):
        while not await asyncio.to_thread(condition):
            await asyncio.sleep(0.02)
