"""Background work in rounds, with a merging process at hand, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from annotary.infra.postgres import meaning
from annotary.kernel.limits import CONSUMER_POLL_SECONDS_MIN
from annotary.quality.merge_process import MergeProcess

log = structlog.get_logger(__name__)


async def work_in_rounds(
    what: str,
    modality: str,
    work: Callable[[MergeProcess], Awaitable[object]],
    stop: asyncio.Event,
    pause_seconds_max: float,
) -> None:
    """Work round after round until `stop`, with growing pauses where a round found nothing to do.

    A fault ends its round only: it is logged under `what`, unless the database was merely away.
    """
    process = MergeProcess()
    pause = CONSUMER_POLL_SECONDS_MIN
    try:
        while not stop.is_set():
            try:
                worked = await work(process)
            except Exception as error:
                if meaning(error) is None:
                    log.exception(f"{what} failed", modality=modality)
                worked, pause = None, pause_seconds_max
            if worked:
                pause = CONSUMER_POLL_SECONDS_MIN
                continue
            await process.rest()
            pause = min(pause * 2, pause_seconds_max)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
    finally:
        await process.stop()
