"""Consumers: each follows one service's log, applies batches in order, and remembers how far it came.

The position commits with the effect, so an effect in the consumer's own database happens once; a handler
must still be idempotent, because a restored backup may deliver again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import structlog

from annotary.eventlog import store
from annotary.eventlog.values import Event
from annotary.infra.postgres import Database, UnitOfWork, meaning
from annotary.kernel.limits import (
    CONSUMER_POLL_SECONDS_MAX,
    CONSUMER_POLL_SECONDS_MIN,
    EVENTS_PER_BATCH_MAX,
)

Handler = Callable[[UnitOfWork, list[Event]], Awaitable[None]]
Preparation = Callable[[list[Event]], Awaitable[None]]
log = structlog.get_logger(__name__)


class Consumer(msgspec.Struct, frozen=True, kw_only=True):
    """Who consumes what. `types` are prefixes of event types; None takes all. `channel` wakes it early.

    `rest_seconds`: the least between two looks. What nobody waits for rests longer: at a thousand answers a
    second each look costs about as much as ten of them. `prepare`: what takes long, done before the
    transaction of the batch, in short ones of its own, and again after a crash: while a transaction is open
    nobody reads the log past it.
    """

    name: str
    source: Database
    target: Database
    handle: Handler
    types: tuple[str, ...] | None = None
    channel: str | None = None
    rest_seconds: float = CONSUMER_POLL_SECONDS_MIN
    prepare: Preparation | None = None


async def run_consumer(consumer: Consumer, stop: asyncio.Event) -> None:
    """Follow the log until `stop`: full batches one after another, else by polling or when told.

    After a batch that was not full it pauses as well: under load the next one is larger, and costs the
    database less for every event.
    """
    wake = asyncio.Event()
    listener = asyncio.create_task(_listen(consumer, wake, stop)) if consumer.channel else None
    pause, is_known = consumer.rest_seconds, False
    try:
        while not stop.is_set():
            try:
                if not is_known:
                    # Before anything it may need can be erased: redaction waits for those it knows.
                    await store.introduce(consumer.target, consumer.name, consumer.source.schema)
                    is_known = True
                moved = await consume_once(consumer, settle=pause == CONSUMER_POLL_SECONDS_MAX)
            except Exception as error:
                if meaning(error) is None:
                    log.exception("consumer failed", consumer=consumer.name)
                moved, pause = 0, CONSUMER_POLL_SECONDS_MAX
            pause = consumer.rest_seconds if moved else min(pause * 2, CONSUMER_POLL_SECONDS_MAX)
            if moved < EVENTS_PER_BATCH_MAX:
                await _pause(wake, stop, pause)
    finally:
        if listener:
            listener.cancel()


async def consume_once(consumer: Consumer, *, settle: bool = True) -> int:
    """Apply the next batch; returns how many events it went past.

    Without `settle` it does not go past a few events that it does not want: they are looked at again, which
    costs less than a transaction for each time that somebody else's events come.
    """
    source = consumer.source.schema
    position = await store.position(consumer.target, consumer.name, source)
    # Look before locking: an idle consumer must not make a transaction twenty times a second.
    ahead = await store.read_after(consumer.source, position, EVENTS_PER_BATCH_MAX, consumer.types)
    if not (ahead.events or ahead.seen == EVENTS_PER_BATCH_MAX or (settle and ahead.seen)):
        return 0
    if consumer.prepare and ahead.events:
        await consumer.prepare(ahead.events)
    async with consumer.target.transaction() as uow:
        if await store.hold_position(uow, consumer.name, source) != position:
            return 0
        await _apply(consumer, uow, ahead.events)
        await store.move(uow, consumer.name, source, ahead.end)
    return ahead.seen


async def _apply(consumer: Consumer, uow: UnitOfWork, events: list[Event]) -> None:
    """Hand over the batch; when it fails, halve it until the event at fault is alone, and park that."""
    if not events:
        return
    try:
        async with uow.transaction():
            await consumer.handle(uow, events)
    except Exception as error:
        if meaning(error) is not None:
            raise
        if len(events) == 1:
            log.exception("event parked", consumer=consumer.name, sequence=events[0].sequence)
            await store.park(uow, consumer.name, consumer.source.schema, events[0], repr(error)[:2000])
            return
        middle = len(events) // 2
        await _apply(consumer, uow, events[:middle])
        await _apply(consumer, uow, events[middle:])


async def _pause(wake: asyncio.Event, stop: asyncio.Event, seconds: float) -> None:
    """Wait until something is told, a stop is asked for, or the time is over."""
    waits = [asyncio.ensure_future(wake.wait()), asyncio.ensure_future(stop.wait())]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        wake.clear()


async def _listen(consumer: Consumer, wake: asyncio.Event, stop: asyncio.Event) -> None:
    """Keep a connection that listens to the source's channel; without it polling goes on, only later."""
    assert consumer.channel
    while not stop.is_set():
        try:
            await consumer.source.listen(consumer.channel, wake.set)
        except Exception as error:
            log.info("listening again", consumer=consumer.name, reason=repr(error))
        await asyncio.sleep(CONSUMER_POLL_SECONDS_MAX)
