"""Relay, Postgres and broker are killed in turn: every event arrives, in order by key, and counts once."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from examples.kafka_consumer import follow

from annotary.infra.embedded.postgres import EmbeddedPostgres, stop
from annotary.infra.kafka import Kafka
from annotary.infra.postgres import Database, meaning
from annotary.kernel.ids import new_id
from annotary.services.schema import migrate_service
from integration.relay.brokers import Broker
from integration.relay.conftest import LOG, assert_in_order, by_subject, event_id, until, write
from integration.relay.relaying import RelayProcess

TASKS = 20
EVENTS = 3_000
EVENTS_SOAK = 100_000
KILLS = 2
KILLS_SOAK = 5


class Postgres:
    """A server of this test's own, on disk as it is delivered, to be killed."""

    def __init__(self, folder: Path) -> None:
        self._server = EmbeddedPostgres(folder)
        self._server.prepare()
        self.start()
        asyncio.run(migrate_service(self.url, "text"))

    @property
    def url(self) -> str:
        return self._server.url()

    def start(self) -> None:
        """Start it, again and again while what the killed one left still holds its memory."""
        self._process = self._server.start()
        while not self._server.is_ready():
            if os.waitpid(self._process, os.WNOHANG)[0]:
                self._process = self._server.start()
            time.sleep(0.02)

    def kill(self) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)

    def close(self) -> None:
        stop(self._process)


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "data")
    yield server
    server.close()


@pytest.fixture
def relay(postgres: Postgres, kafka: Kafka, tmp_path: Path) -> Iterator[RelayProcess]:
    process = RelayProcess(postgres.url, kafka, tmp_path / "relay.log")
    process.start()
    yield process
    process.close()


class Consumer(threading.Thread):
    """The example from the documentation: writes down what it applied, in the order it did."""

    def __init__(self, broker: Broker, topic: str, file: Path) -> None:
        super().__init__()
        self._place = (broker.bootstrap, [topic])
        self._file = file
        self._stopped = threading.Event()

    def run(self) -> None:
        with contextlib.closing(sqlite3.connect(self._file)) as database:
            database.execute("CREATE TABLE effects (place INTEGER PRIMARY KEY, id TEXT, subject TEXT)")
            follow(*self._place, database, _note, lambda: not self._stopped.is_set(), group=new_id().hex)

    def applied(self) -> int:
        with contextlib.closing(sqlite3.connect(self._file)) as database:
            return int(database.execute("SELECT count(*) FROM applied_events").fetchone()[0])

    def effects(self) -> dict[str, list[str]]:
        """Return the ids applied, by subject, in the order in which they were."""
        found: dict[str, list[str]] = {}
        with contextlib.closing(sqlite3.connect(self._file)) as database:
            for event, subject in database.execute("SELECT id, subject FROM effects ORDER BY place"):
                found.setdefault(subject, []).append(event)
        return found

    def close(self) -> None:
        self._stopped.set()
        self.join()


def _note(database: sqlite3.Connection, event: dict[str, str]) -> None:
    database.execute("INSERT INTO effects (id, subject) VALUES (?, ?)", (event["id"], event["subject"]))


@pytest.fixture
def consumer(broker: Broker, kafka: Kafka, tmp_path: Path) -> Iterator[Consumer]:
    consumer = Consumer(broker, kafka.topic("text"), tmp_path / "effects.sqlite")
    yield consumer
    consumer.close()


@contextlib.asynccontextmanager
async def connected(url: str) -> AsyncIterator[Database]:
    database = await Database.connect(url, "text", connections_max=1)
    try:
        yield database
    finally:
        await database.close()


async def writing(url: str, events: int, over: asyncio.Event | None = None) -> None:
    """Write so many events, then slowly more until it is `over`. What failed is repeated: a fact may be there
    twice, as two events.
    """
    tasks = [new_id() for _ in range(TASKS)]
    left = events // TASKS
    while left > 0 or (over and not over.is_set()):
        try:
            async with connected(url) as database:
                while left > 0 or (over and not over.is_set()):
                    await write(database, tasks, 1)
                    left -= 1
                    if left < 0:
                        await asyncio.sleep(0.1)
        except Exception as error:
            if meaning(error) is None:
                raise


async def log_of(url: str) -> list[tuple[int, UUID]]:
    async with connected(url) as database:
        return [tuple(row) for row in await database.fetch(LOG)]


def kinds_of_trouble(relay: RelayProcess, postgres: Postgres, broker: Broker) -> list[Callable[[], None]]:
    def kill_relay() -> None:
        relay.end(signal.SIGKILL)
        relay.start()

    def kill_postgres() -> None:
        postgres.kill()
        postgres.start()

    def stop_broker() -> None:
        broker.stop()
        broker.start()

    return [kill_relay, kill_postgres, stop_broker]


async def in_turn(troubles: list[Callable[[], None]], times: int, broker: Broker, topic: str) -> None:
    """Make each kind of trouble so many times, each once the topic has grown since the one before."""
    for number in range(times * len(troubles)):
        before = sum(broker.ends(topic).values())
        await until(lambda before=before: sum(broker.ends(topic).values()) > before)
        await asyncio.to_thread(troubles[number % len(troubles)])


async def everything_arrives(
    events: int,
    kills: int,
    relay: RelayProcess,
    postgres: Postgres,
    broker: Broker,
    consumer: Consumer,
    topic: str,
) -> int:
    """Write through all the trouble; returns how many duplicates the topic has in the end."""
    over = asyncio.Event()
    writer = asyncio.create_task(writing(postgres.url, events, over))
    await until(lambda: broker.ends(topic))
    consumer.start()
    await in_turn(kinds_of_trouble(relay, postgres, broker), kills, broker, topic)
    over.set()
    await writer
    log = await log_of(postgres.url)
    assert len(log) >= events
    await until(lambda: consumer.applied() >= len(log), 60 + events / 500)
    duplicates = assert_in_order(broker.records(topic), log)
    assert consumer.effects() == by_subject(log), "each effect once, by key in the order of the log"
    return duplicates


async def test_the_relay_postgres_and_the_broker_end_in_turn(
    relay: RelayProcess, postgres: Postgres, broker: Broker, consumer: Consumer, kafka: Kafka
) -> None:
    await everything_arrives(EVENTS, 1, relay, postgres, broker, consumer, kafka.topic("text"))


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_a_hundred_thousand_events_arrive_while_everything_is_killed_in_turn(
    relay: RelayProcess, postgres: Postgres, broker: Broker, consumer: Consumer, kafka: Kafka
) -> None:
    duplicates = await everything_arrives(
        EVENTS_SOAK, KILLS_SOAK, relay, postgres, broker, consumer, kafka.topic("text")
    )
    print(f"{duplicates} duplicates, all with the id of their first")


async def arrived(url: str, broker: Broker, topic: str) -> None:
    """Wait until a topic has, at least once, what the log has."""
    ids = {f"text.{sequence}" for sequence, _ in await log_of(url)}
    await until(lambda: ids <= {event_id(record) for record in broker.records(topic)})


async def test_a_broker_killed_at_once_gets_again_what_it_lost(
    relay: RelayProcess, postgres: Postgres, broker: Broker, consumer: Consumer, kafka: Kafka
) -> None:
    topic = kafka.topic("text")
    await writing(postgres.url, 400)
    await arrived(postgres.url, broker, topic)
    await asyncio.to_thread(broker.stop)
    await asyncio.to_thread(broker.start)
    consumer.start()
    for _ in range(KILLS):
        await writing(postgres.url, 100)
        await arrived(postgres.url, broker, topic)
        await asyncio.to_thread(broker.kill)
        await asyncio.to_thread(broker.start)
        await writing(postgres.url, 20)
        await arrived(postgres.url, broker, topic)
    log = await log_of(postgres.url)
    await until(lambda: consumer.applied() >= len(log))
    assert_in_order(broker.records(topic), log)
    assert consumer.effects() == by_subject(log)
    if broker.loses:
        found = [json.loads(line) for line in relay.log.splitlines() if "broker lost" in line]
        assert len(found) >= KILLS
        assert all(one["again_after"] > 0 for one in found), "what was there before is not published again"


async def test_a_topic_that_was_deleted_is_published_from_the_beginning(
    relay: RelayProcess, postgres: Postgres, broker: Broker, kafka: Kafka
) -> None:
    topic = kafka.topic("text")
    await writing(postgres.url, 400)
    await arrived(postgres.url, broker, topic)
    relay.end(signal.SIGTERM)
    broker.delete(topic)
    relay.start()
    await arrived(postgres.url, broker, topic)
    assert assert_in_order(broker.records(topic), await log_of(postgres.url)) == 0
    assert "the broker lost records" in relay.log
