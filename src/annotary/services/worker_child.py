"""One child of the worker: the consumers, long jobs and sweeps of one service, on one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

import structlog
import uvloop

from annotary.catalog.job_runs import JobContext
from annotary.catalog.service_uploads import sweep_uploads
from annotary.dispatch.erasure import erasures_consumer
from annotary.dispatch.jobs import batches_consumer
from annotary.dispatch.service import expire_leases
from annotary.eventlog import store as eventlog_store
from annotary.eventlog.chain.jobs import run_appender
from annotary.eventlog.chain.service_keys import key_file
from annotary.eventlog.consumer import Consumer, run_consumer
from annotary.eventlog.copies import copies_consumer
from annotary.eventlog.relay.service import Relay, Relayed, look_behind, run_relay
from annotary.identity.service_passwords import forget_attempts
from annotary.infra.idempotency import forget_keys
from annotary.infra.objects import open_objects
from annotary.infra.postgres import Database, meaning
from annotary.infra.settings import Settings
from annotary.infra.telemetry import configure_logs
from annotary.kernel.limits import (
    CANARY_LOOKED_SECONDS,
    HOPS_SWEEP_SECONDS,
    IDEMPOTENCY_KEPT_HOURS,
    LAG_LOOK_SECONDS,
    LATE_ANSWERS_SECONDS,
    RELAY_CONNECTIONS_MAX,
    SWEEP_ROWS_MAX,
    WORKER_CONNECT_SECONDS,
    WORKER_CONNECTIONS_MAX,
    WORKER_PLATFORM_CONNECTIONS_MAX,
    WORKER_STOP_SECONDS_MAX,
)
from annotary.migration.jobs import follow_changes
from annotary.migration.publications.jobs import watch_publications
from annotary.operations.hops.jobs import forget_old, hops_consumer
from annotary.operations.pace.jobs import pace_consumer
from annotary.quality.agreement.jobs import agreement_consumer, run_comparisons
from annotary.quality.consistency.jobs import start_due_checks
from annotary.quality.gold.jobs import gold_consumer, run_gold
from annotary.quality.jobs import consensus_consumer, run_merges, run_refreshes
from annotary.quality.live.service import LiveModels
from annotary.quality.skill.jobs import skill_consumer
from annotary.review.jobs import reviews_consumer
from annotary.review.service import expire_reviews
from annotary.services.worker_board import Board
from annotary.services.worker_http import serve
from annotary.services.worker_lags import look_at_lags
from annotary.services.worker_queue import Counted, run_queue
from annotary.slices.jobs import facets_consumer
from annotary.streams.webhooks.jobs import deliver_webhooks
from annotary.streams.webhooks.service_courier import Tally

# The loop shares the interpreter with the thread that checks imported rows: it must get its turn at once.
SWITCH_SECONDS = 0.0005
BEAT_SECONDS = 1.0
COPIED = {
    "organisation": ("organisations", "id"),
    "member": ("members", "id"),
    "token": ("tokens", "id"),
    "project": ("projects", "id"),
    "project_member": ("project_members", "project_id"),
    "ontology": ("ontology_versions", "id"),
    "instructions": ("instructions", "project_id"),
    "webhook": ("webhooks", "id"),
}
log = structlog.get_logger(__name__)


def run_child(service: str, settings: Settings, board: Board, listener: socket.socket | None) -> None:
    """Work for one service until SIGTERM, or until the parent is gone."""
    configure_logs(f"worker-{service}", settings.log_level)
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()
    uvloop.run(_run(service, settings, board, listener, os.getppid()))


async def _run(
    service: str, settings: Settings, board: Board, listener: socket.socket | None, parent: int
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await serve(board, listener) if listener else None
    counted, told, relayed = Counted(), Tally(), Relayed()
    beating = asyncio.create_task(_beat(service, board, counted, told, relayed, stop, parent))
    try:
        async with _context(service, settings, board, stop) as context:
            work = _all_work(context, counted, told, board, stop)
            if service != "platform" and settings.kafka.bootstrap:
                work.append(_relay(context, relayed, stop))
            tasks = [asyncio.create_task(one) for one in work]
            await stop.wait()
            await asyncio.wait(tasks, timeout=WORKER_STOP_SECONDS_MAX / 2)
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
    finally:
        beating.cancel()
        if server:
            server.close()


@contextlib.asynccontextmanager
async def _context(
    service: str, settings: Settings, board: Board, stop: asyncio.Event
) -> AsyncIterator[JobContext]:
    """Open what the service's work needs, waiting for databases that are not there yet."""
    async with contextlib.AsyncExitStack() as opened:

        async def connect(name: str, connections_max: int) -> Database:
            database = await _connected(settings.database_urls[name], name, connections_max, stop)
            opened.push_async_callback(database.close)
            return database

        own = await connect(service, WORKER_CONNECTIONS_MAX)
        platform = (
            own if service == "platform" else await connect("platform", WORKER_PLATFORM_CONNECTIONS_MAX)
        )
        yield JobContext(
            service=service,
            settings=settings,
            platform=platform,
            database=own,
            objects=open_objects(settings),
        )


def _all_work(
    context: JobContext, counted: Counted, told: Tally, board: Board, stop: asyncio.Event
) -> list[Coroutine[Any, Any, None]]:
    database, objects = context.database, context.objects

    async def old_keys() -> None:
        while await forget_keys(database, IDEMPOTENCY_KEPT_HOURS, SWEEP_ROWS_MAX) == SWEEP_ROWS_MAX:
            log.info("more old keys to forget")

    work = [
        run_queue(context.settings.database_urls["platform"], context, counted, stop),
        run_appender(database, context.platform, objects, key_file(context.settings.data_dir), stop),
        _every(60.0, old_keys, stop),
        _every(BEAT_SECONDS, lambda: _look(context, board), stop),
        deliver_webhooks(database, context.platform, context.settings, told, stop),
    ]
    if context.service == "platform":
        return [
            *work,
            _every(LAG_LOOK_SECONDS, lambda: _look_at_lags(context, [], board), stop),
            _every(600.0, lambda: sweep_uploads(database, objects), stop),
            _every(600.0, lambda: forget_attempts(database), stop),
        ]
    live = LiveModels(database)
    consumers = consumers_of(context, live)
    return [
        *work,
        *(run_consumer(consumer, stop) for consumer in consumers),
        _every(LAG_LOOK_SECONDS, lambda: _look_at_lags(context, consumers, board), stop),
        run_merges(database, context.service, stop, live),
        run_refreshes(context.service, stop, live),
        run_gold(database, context.service, stop),
        run_comparisons(database, context.service, stop),
        _every(1.0, lambda: expire_leases(database), stop),
        _every(1.0, lambda: expire_reviews(database), stop),
        _every(600.0, lambda: start_due_checks(context), stop),
        _every(HOPS_SWEEP_SECONDS, lambda: forget_old(database), stop),
        _every(LATE_ANSWERS_SECONDS, lambda: follow_changes(database), stop),
        _every(CANARY_LOOKED_SECONDS, lambda: watch_publications(context), stop),
    ]


def consumers_of(context: JobContext, live: LiveModels) -> list[Consumer]:
    """Return what follows the logs for a modality."""
    platform, database = context.platform, context.database
    return [
        copies_consumer(platform, database, COPIED),
        consensus_consumer(database, live),
        gold_consumer(database),
        skill_consumer(database),
        agreement_consumer(database),
        reviews_consumer(database),
        hops_consumer(database),
        pace_consumer(database),
        facets_consumer(platform, database),
        batches_consumer(database),
        erasures_consumer(platform, database),
    ]


async def _relay(context: JobContext, relayed: Relayed, stop: asyncio.Event) -> None:
    """Publish the log to Kafka, over connections of its own: one of them holds the right to do so."""
    url = context.settings.database_urls[context.service]
    database = await _connected(url, context.service, RELAY_CONNECTIONS_MAX, stop)
    relay = Relay(database, context.settings.kafka, relayed)
    try:
        await asyncio.gather(run_relay(relay, stop), _every(BEAT_SECONDS, lambda: look_behind(relay), stop))
    finally:
        await database.close()


async def _every(seconds: float, sweep: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    """Do a sweep again and again until `stop`; a database that is away is waited for."""
    while not stop.is_set():
        try:
            await sweep()
        except Exception as error:
            if meaning(error) is None:
                log.exception("sweep failed")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


async def _look(context: JobContext, board: Board) -> None:
    """Note whether the database answers, and how far the consumers are behind."""
    seen = board.read(context.service)
    answers, behind = 0.0, seen.events_behind
    try:
        position = await eventlog_store.position(context.database, "consensus", context.service)
        behind = float((await eventlog_store.lag(context.database, position, None)).events)
        answers = 1.0
    finally:
        board.write(
            context.service,
            board.read(context.service)._replace(database_answers=answers, events_behind=behind),
        )


async def _look_at_lags(context: JobContext, consumers: list[Consumer], board: Board) -> None:
    """Note how far whoever follows the log is behind."""
    board.write_lags(context.service, await look_at_lags(context.database, consumers))


async def _beat(
    service: str,
    board: Board,
    counted: Counted,
    told: Tally,
    relayed: Relayed,
    stop: asyncio.Event,
    parent: int,
) -> None:
    """Say that the loop turns; stop when the parent was killed, since another will start other children."""
    while True:
        beat = board.read(service)._replace(
            beat_at=time.monotonic(),
            jobs_running=counted.running,
            jobs_ended=counted.ended,
            **{f"webhook_{name}": getattr(told, name) for name in told.__struct_fields__},
            **{f"relay_{name}": getattr(relayed, name) for name in relayed.__struct_fields__},
        )
        board.write(service, beat)
        if os.getppid() != parent:
            stop.set()
        await asyncio.sleep(BEAT_SECONDS / 2)


async def _connected(url: str, schema: str, connections_max: int, stop: asyncio.Event) -> Database:
    while True:
        try:
            return await Database.connect(url, schema, connections_max=connections_max)
        except Exception as error:
            log.info("waiting for the database", schema=schema, reason=repr(error)[:200])
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), WORKER_CONNECT_SECONDS)
        if stop.is_set():
            raise asyncio.CancelledError
