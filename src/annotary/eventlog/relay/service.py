"""Following a log to its topic: runs, what is done when the broker is away, and when it lost something."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import msgspec
import structlog

from annotary.eventlog import store as log_store
from annotary.eventlog.registry import UnknownEventType
from annotary.eventlog.relay import rules, store
from annotary.eventlog.relay.errors import EventRefused, RecordsLost
from annotary.eventlog.relay.publisher import Publisher
from annotary.eventlog.relay.values import Message, Progress
from annotary.eventlog.store import Ahead
from annotary.eventlog.values import Event
from annotary.infra.kafka import Kafka
from annotary.infra.postgres import Database, meaning
from annotary.kernel.errors import AnnotaryError
from annotary.kernel.limits import (
    RELAY_ENDS_COMPARED_SECONDS,
    RELAY_LOSS_CONFIRMED_SECONDS,
    RELAY_RETRY_SECONDS_MAX,
    RELAY_RETRY_SECONDS_MIN,
    RELAY_TURN_SECONDS,
)

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Relayed(msgspec.Struct):
    """What a relay tells the metrics: how it stands now, and counts since it started."""

    connected: float = 0
    published: float = 0
    lost: float = 0
    failed: float = 0
    events_behind: float = 0
    seconds_behind: float = 0


class Relay:
    """What publishes the log of `database` to its topic."""

    def __init__(self, database: Database, kafka: Kafka, relayed: Relayed | None = None) -> None:
        self.database = database
        self.kafka = kafka
        self.topic = kafka.topic(database.schema)
        self.relayed = relayed or Relayed()
        self.pace = rules.FIRST_PACE


async def run_relay(relay: Relay, stop: asyncio.Event) -> None:
    """Publish until `stop`; whatever goes wrong is waited out, ever longer, and begun anew."""
    pause = RELAY_RETRY_SECONDS_MIN
    while not stop.is_set():
        before = relay.relayed.published
        try:
            async with store.turn(relay.database) as mine:
                if mine:
                    await _publish_until(relay, stop)
            pause = RELAY_TURN_SECONDS
        except Exception as error:
            relay.relayed.failed += 1
            pause = (
                RELAY_RETRY_SECONDS_MIN
                if relay.relayed.published > before
                else min(2 * pause, RELAY_RETRY_SECONDS_MAX)
            )
            if isinstance(error, AnnotaryError) or meaning(error) is not None:
                log.warning("relay begins anew", topic=relay.topic, reason=str(error)[:500], pause=pause)
            else:
                log.exception("relay failed", topic=relay.topic)
        finally:
            relay.relayed.connected = 0
        await _wait(stop, pause * random.uniform(0.5, 1))


async def look_behind(relay: Relay) -> None:
    """Note how far the relay is behind its log, whether it runs or waits."""
    database, relayed = relay.database, relay.relayed
    position = await log_store.position(database, store.NAME, database.schema)
    relayed.events_behind, relayed.seconds_behind = await log_store.lag(database, position, None)


async def _publish_until(relay: Relay, stop: asyncio.Event) -> None:
    async with _publisher(relay, stop) as (publisher, thread):
        session = _Session(relay, publisher, thread)
        await session.begin()
        relay.relayed.connected = 1
        while not stop.is_set():
            await session.compare_ends()
            await session.publish_next()
            await _wait(stop, relay.pace.pause_seconds)


Thread = ThreadPoolExecutor


@contextlib.asynccontextmanager
async def _publisher(relay: Relay, stop: asyncio.Event) -> AsyncIterator[tuple[Publisher, Thread]]:
    """Yield a publisher and the one thread that may call it: the client blocks, the loop must not."""
    thread = ThreadPoolExecutor(1, f"relay-{relay.topic}")
    loop = asyncio.get_running_loop()
    publisher = await loop.run_in_executor(thread, Publisher, relay.kafka, relay.topic, stop.is_set)
    try:
        yield publisher, thread
    finally:
        await asyncio.shield(loop.run_in_executor(thread, publisher.close))
        thread.shutdown(wait=False)


class _Session:
    """One producer's time: it ends with the first trouble."""

    def __init__(self, relay: Relay, publisher: Publisher, thread: Thread) -> None:
        self._relay = relay
        self._database = relay.database
        self._publisher = publisher
        self._thread = thread
        self._progress = Progress()
        self._compared_at = float("-inf")

    async def begin(self) -> None:
        await self._in_thread(self._publisher.open)
        self._progress = await store.begin(self._database, self._relay.topic)

    async def compare_ends(self) -> None:
        """At the start and at intervals: when the topic ends before what it acknowledged, go back."""
        if time.monotonic() - self._compared_at < RELAY_ENDS_COMPARED_SECONDS:
            return
        ends = await self._in_thread(self._publisher.ends)
        if rules.lost(self._progress.reached, ends):
            # A new leader may for a moment not say all that it has.
            await asyncio.sleep(RELAY_LOSS_CONFIRMED_SECONDS)
            ends = await self._in_thread(self._publisher.ends)
        if rules.lost(self._progress.reached, ends):
            await self._go_back(ends)
        self._compared_at = time.monotonic()

    async def publish_next(self) -> None:
        """Publish the next run; the position moves once all of it is acknowledged."""
        relay = self._relay
        ahead = await log_store.read_after(self._database, self._progress.position, relay.pace.events)
        if ahead.seen:
            try:
                await self._publish(ahead)
            except RecordsLost as error:
                await self._go_back(error.ends)
                raise
            except EventRefused as error:
                relay.pace = rules.ALONE
                if ahead.seen > 1:
                    raise
                await self._advance(
                    Progress(ahead.end, self._progress.reached), [(ahead.events[0], str(error))]
                )
                raise
        relay.pace = rules.next_pace(relay.pace, ahead.seen)

    async def _publish(self, ahead: Ahead) -> None:
        reached, refused = await self._in_thread(lambda: self._hand_over(ahead.events))
        await self._advance(Progress(ahead.end, reached), refused)
        self._relay.relayed.published += ahead.seen - len(refused)

    def _hand_over(self, events: list[Event]) -> tuple[tuple[int, ...], list[tuple[Event, str]]]:
        messages: list[Message] = []
        refused: list[tuple[Event, str]] = []
        for event in events:
            try:
                messages.append(rules.message(event))
            except UnknownEventType as error:
                refused.append((event, str(error)))
        return self._publisher.publish(messages, self._progress.reached), refused

    async def _advance(self, after: Progress, refused: list[tuple[Event, str]]) -> None:
        for event, reason in refused:
            log.error("event parked", consumer=store.NAME, sequence=event.sequence, reason=reason)
        await store.advance(self._database, self._relay.topic, self._progress, after, refused)
        self._progress = after

    async def _go_back(self, ends: tuple[int, ...]) -> None:
        """Publish again from the last checkpoint of which everything is still there."""
        before = self._progress
        self._progress = await store.go_back(self._database, self._relay.topic, before, ends)
        self._relay.relayed.lost += 1
        log.error(
            "the broker lost records; they are published again from the log",
            topic=self._relay.topic,
            acknowledged=before.reached,
            found=ends,
            again_after=self._progress.position.sequence,
        )

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    if seconds:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
