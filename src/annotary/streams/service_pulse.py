"""Waking those who wait for the log to move: one look for all of a process, and none while nobody waits."""

from __future__ import annotations

import asyncio
import contextlib

import structlog

from annotary.eventlog import store as eventlog_store
from annotary.eventlog.values import Position
from annotary.infra.postgres import Database, meaning
from annotary.kernel.limits import STREAM_LOOK_SECONDS

log = structlog.get_logger(__name__)


class Pulse:
    """Looks where the log of one service ends, a few times a second while somebody waits.

    Nothing is told by those who write: a notification in each of their transactions would make them commit
    one after another.
    """

    def __init__(self, database: Database, look_seconds: float = STREAM_LOOK_SECONDS) -> None:
        self._database = database
        self._look_seconds = look_seconds
        self._moved = asyncio.Condition()
        self._end = Position()
        self._waiting = 0
        self._looking: asyncio.Task[None] | None = None
        self.closed = asyncio.Event()

    async def past(self, position: Position, seconds: float) -> bool:
        """Wait until something is behind a place in the log; False when it took too long, or at the end."""
        self._waiting += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds), self._moved:
                    await self._moved.wait_for(lambda: self._end > position or self.closed.is_set())
            return self._end > position
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Look no longer, and let nobody wait: the service ends."""
        self.closed.set()
        if self._looking is not None:
            self._looking.cancel()
        async with self._moved:
            self._moved.notify_all()

    async def _look(self) -> None:
        while self._waiting:
            try:
                end = await eventlog_store.log_end(self._database)
            except Exception as error:
                if meaning(error) is None:
                    log.exception("looking at the log failed")
            else:
                if end != self._end:
                    async with self._moved:
                        self._end = end
                        self._moved.notify_all()
            await asyncio.sleep(self._look_seconds)
