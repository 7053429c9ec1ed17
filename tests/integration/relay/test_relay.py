"""A log reaches its topic whole and in order; what cannot be published holds nothing up."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx

from annotary.eventlog import Event, record, store
from annotary.eventlog.registry import cloud_event
from annotary.eventlog.relay.service import Relay, run_relay
from annotary.eventlog.values import Position
from annotary.infra.embedded import ports
from annotary.infra.kafka import Kafka
from annotary.infra.postgres import Database
from annotary.kernel.ids import new_id
from integration.relay.brokers import Broker
from integration.relay.conftest import LOG, ORGANISATION, assert_in_order, event_id, fact, until, write

SCRIPT = Path(__file__).with_name("relaying.py")
Connect = Callable[..., Awaitable[Database]]


@contextlib.asynccontextmanager
async def relaying(relay: Relay) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(run_relay(relay, stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def caught_up(relay: Relay, seconds_max: float = 30) -> None:
    """Wait until the relay's position is behind the last event."""
    async with asyncio.timeout(seconds_max):
        while True:
            position = await store.position(relay.database, "relay", relay.database.schema)
            if not (await store.read_after(relay.database, position, 1)).seen and position > Position():
                return
            await asyncio.sleep(0.02)


async def test_a_log_is_published_whole_in_the_shape_of_cloudevents(
    broker: Broker, kafka: Kafka, database_url: str, connect: Connect
) -> None:
    database = await connect(database_url, "text")
    tasks = [new_id() for _ in range(7)]
    await write(database, tasks, 40)
    relay = Relay(database, kafka)
    async with relaying(relay):
        await caught_up(relay)
        await write(database, tasks, 3)
        await caught_up(relay)
        assert relay.relayed.connected == 1
    records = broker.records(relay.topic)
    assert assert_in_order(records, await database.fetch(LOG)) == 0
    assert len(broker.ends(relay.topic)) == 3 and len({record.partition() for record in records}) > 1
    events = (await store.read_after(database, Position(), 1000)).events
    clouds = {f"text.{event.sequence}": cloud_event(event) for event in events}
    for record_ in records:
        headers = dict(record_.headers())
        cloud = json.loads(record_.value())
        assert cloud == clouds[event_id(record_)] | {"data": {"reason": "a test"}}
        assert record_.key().decode() == cloud["subject"]
        assert (headers["type"], headers["schema_version"]) == (b"task.paused", b"1")
        assert headers["content-type"].startswith(b"application/cloudevents+json")
    assert (relay.relayed.published, relay.relayed.lost, relay.relayed.failed) == (301, 0, 0)


async def test_what_cannot_be_published_is_parked_with_the_reason(
    broker: Broker, kafka: Kafka, database_url: str, connect: Connect
) -> None:
    database = await connect(database_url, "text")
    huge = Event(
        organisation_id=ORGANISATION,
        type="task.paused",
        subject_id=new_id(),
        data={"reason": "x" * 2_000_000},
    )
    unknown = fact(new_id())
    fine = [fact(new_id()) for _ in range(30)]
    async with database.transaction() as uow:
        await record(uow, *fine[:10], unknown, *fine[10:20], huge, *fine[20:])
        # As a later version, which was taken back, has left it.
        await uow.execute("UPDATE events SET type = 'thing.later' WHERE subject_id = $1", unknown.subject_id)
    relay = Relay(database, kafka)
    async with relaying(relay):
        await caught_up(relay)
    parked = await database.fetch("SELECT sequence, reason FROM parked_events ORDER BY 1")
    assert "'thing.later', version 1, is not registered" in parked[0]["reason"]
    assert "too many for Kafka" in parked[1]["reason"]
    places = {row["sequence"] for row in parked}
    assert len(places) == 2
    log = [row for row in await database.fetch(LOG) if row["sequence"] not in places]
    await database.execute("UPDATE events SET type = 'task.paused'")
    assert_in_order(broker.records(relay.topic), log)


async def test_one_process_publishes_and_another_takes_over(
    broker: Broker, kafka: Kafka, database_url: str, connect: Connect
) -> None:
    first, second = [Relay(await connect(database_url, "text"), kafka) for _ in range(2)]
    tasks = [new_id() for _ in range(5)]
    async with relaying(second):
        async with relaying(first):
            await write(first.database, tasks, 20)
            await caught_up(first)
        await write(first.database, tasks, 20)
        await caught_up(first)
    assert first.relayed.published + second.relayed.published == 200
    assert assert_in_order(broker.records(first.topic), await first.database.fetch(LOG)) == 0


async def test_a_topic_that_may_not_be_made_is_waited_for(
    broker: Broker, kafka: Kafka, database_url: str, connect: Connect
) -> None:
    database = await connect(database_url, "text")
    await write(database, [new_id()], 3)
    relay = Relay(
        database, Kafka(bootstrap=kafka.bootstrap, topic_prefix=kafka.topic_prefix, create_topics=False)
    )
    async with relaying(relay):
        await until(lambda: relay.relayed.failed)
        assert relay.relayed.published == 0 and broker.ends(relay.topic) == {}
    async with relaying(Relay(database, kafka)):
        await caught_up(relay)
    assert assert_in_order(broker.records(relay.topic), await database.fetch(LOG)) == 0


async def test_the_topics_are_shown_at_the_command_line(
    broker: Broker, kafka: Kafka, database_url: str, connect: Connect
) -> None:
    database = await connect(database_url, "text")
    tasks = [new_id() for _ in range(3)]
    await write(database, tasks, 4)
    async with relaying(relay := Relay(database, kafka)):
        await caught_up(relay)
    shown = [json.loads(line) for line in (await tail(kafka, "--json", "--types", "task.")).splitlines()]
    assert sorted(one["id"] for one in shown) == sorted(map(event_id, broker.records(relay.topic)))
    assert {one["subject"] for one in shown} == {f"task_{task.hex}" for task in tasks}
    assert all(one["cursor"].startswith(f"{relay.topic}/") for one in shown)
    assert await tail(kafka, "--types", "outcome.") == await tail(kafka, "--since", "now") == ""
    lines = (await tail(kafka, "--since", "2026-01-01", "--service", "text")).splitlines()
    assert len(lines) == 12 and all("task.paused" in line for line in lines)


async def tail(kafka: Kafka, *options: str) -> str:
    """Run `annotary events tail --kafka` and return what it printed."""
    environment = {
        **os.environ,
        "ANNOTARY_KAFKA_BOOTSTRAP": kafka.bootstrap,
        "ANNOTARY_KAFKA_TOPIC_PREFIX": kafka.topic_prefix,
    }
    process = await asyncio.create_subprocess_exec(
        *(Path(sys.executable).with_name("annotary"), "events", "tail", "--kafka", *options),
        stdout=asyncio.subprocess.PIPE,
        env=environment,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return printed.decode()


async def test_the_worker_relays_and_its_metrics_say_how_far(
    broker: Broker, kafka: Kafka, database_url: str, connect: Connect, tmp_path: Path
) -> None:
    port, topic = ports.choose(), kafka.topic("text")
    environment = {
        **os.environ,
        "ANNOTARY_DATA_DIR": str(tmp_path / "data"),
        "ANNOTARY_DATABASE_URL": database_url,
        "ANNOTARY_KAFKA_BOOTSTRAP": kafka.bootstrap,
        "ANNOTARY_KAFKA_TOPIC_PREFIX": kafka.topic_prefix,
        "ANNOTARY_KAFKA_PARTITIONS": "2",
    }
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, SCRIPT, "work", "text", str(port)), env=environment
    )

    def metric(name: str) -> float:
        with contextlib.suppress(httpx.HTTPError):
            for line in httpx.get(f"http://127.0.0.1:{port}/metrics").text.splitlines():
                if line.startswith(f'annotary_worker_{name}{{service="text"}} '):
                    return float(line.split()[-1])
        return -1

    try:
        database = await connect(database_url, "text")
        await write(database, [new_id() for _ in range(4)], 5)
        await until(lambda: metric("relay_published") == 20 and metric("relay_events_behind") == 0)
        assert metric("relay_connected") == 1
        await asyncio.to_thread(broker.stop)
        await write(database, [new_id()], 3)
        await until(lambda: metric("relay_events_behind") == 3 and metric("relay_connected") == 0)
        assert metric("relay_seconds_behind") > 0 and metric("relay_failed") >= 1
        await asyncio.to_thread(broker.start)
        await until(lambda: metric("relay_published") == 23 and metric("relay_events_behind") == 0)
    finally:
        child.terminate()
        await child.wait()
    assert len(broker.ends(topic)) == 2
    assert_in_order(broker.records(topic), await database.fetch(LOG))
