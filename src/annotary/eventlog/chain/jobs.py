"""The appender of a service and the publisher of heads, as the worker runs them."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import structlog

from annotary.eventlog.chain.service import append_once, seal_due
from annotary.eventlog.chain.service_heads import publish_heads, tell_platform
from annotary.eventlog.chain.service_keys import SigningKey, signing_key
from annotary.infra.objects import Objects
from annotary.infra.postgres import Database, meaning
from annotary.kernel.limits import CHAIN_EVENTS_PER_BATCH_MAX, CHAIN_POLL_SECONDS, HEAD_SECONDS

log = structlog.get_logger(__name__)


async def run_appender(
    database: Database, platform: Database, objects: Objects, key_file: Path, stop: asyncio.Event
) -> None:
    """Append and seal a service's events until `stop`, then once more; the platform's publishes heads too."""
    key = await asyncio.to_thread(signing_key, key_file)
    loop = asyncio.get_running_loop()
    told_at = loop.time()
    while not stop.is_set():
        moved = 0
        try:
            moved = await append_once(database)
            await seal_due(database, key)
            if loop.time() - told_at >= HEAD_SECONDS:
                told_at = loop.time()
                await tell_heads(database, platform, objects, key)
        except Exception as error:
            if meaning(error) is None:
                log.exception("appender failed", service=database.schema)
        if moved < CHAIN_EVENTS_PER_BATCH_MAX:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), CHAIN_POLL_SECONDS)
    try:
        await finish(database, platform, objects, key)
    except Exception as error:
        log.info("the end of the log is sealed at the next start", reason=repr(error)[:200])


async def finish(database: Database, platform: Database, objects: Objects, key: SigningKey) -> None:
    """Append and seal all there is, and tell of it."""
    while await append_once(database):
        pass
    while await seal_due(database, key, events_min=1):
        pass
    await tell_heads(database, platform, objects, key)


async def tell_heads(database: Database, platform: Database, objects: Objects, key: SigningKey) -> None:
    """Tell the platform of new segments; the platform's own appender publishes what it was told."""
    await tell_platform(database, platform)
    if database is platform:
        await publish_heads(platform, objects, key)
