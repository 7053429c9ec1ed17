"""The relay: how many events a second of a log are in Kafka, with a broker on the same machine."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from annotary.eventlog.relay.service import Relay, run_relay
from annotary.infra.kafka import Kafka
from annotary.infra.postgres import Database
from bench.noida import Noida
from bench.report import Report

LOOK_SECONDS = 0.01


async def relayed(report: Report, database: Database, folder: Path, events: int) -> None:
    """Publish the first `events` of the log of `database` and add what that took to the report."""
    broker = Noida(folder)
    broker.start()
    stop = asyncio.Event()
    relay = Relay(database, Kafka(bootstrap=broker.bootstrap))
    running = asyncio.create_task(run_relay(relay, stop))
    try:
        await _until(relay, running, 1)
        before, began = relay.relayed.published, time.perf_counter()
        await _until(relay, running, events)
        seconds = time.perf_counter() - began
    finally:
        stop.set()
        await running
        broker.end()
    report.add("relayed to Kafka", (relay.relayed.published - before) / seconds, "events/s")


async def _until(relay: Relay, running: asyncio.Task[None], events: int) -> None:
    while relay.relayed.published < events:
        await asyncio.wait({running}, timeout=LOOK_SECONDS)
        assert not running.done(), "the relay ended by itself"
