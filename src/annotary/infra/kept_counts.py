"""Counts that are kept for a moment: a counting reads many rows, and many may ask at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from annotary.kernel.limits import PROGRESS_KEPT_SECONDS_MIN

T = TypeVar("T")
# Pause after a counting, in multiples of how long it took: it never costs more than 5 % of a connection.
PAUSE_PER_DURATION = 20


class _Counted(NamedTuple, Generic[T]):
    task: asyncio.Task[T]
    until_seconds: float


class KeptCounts(Generic[T]):
    """What `count` returns of an id, counted once for all who ask within a moment."""

    def __init__(self, count: Callable[[UUID], Awaitable[T]]) -> None:
        self._counted = count
        self._kept: dict[UUID, _Counted[T]] = {}

    async def of(self, counted_id: UUID) -> T:
        """Return the counts of this id, a few seconds old at most unless counting takes long."""
        now = time.monotonic()
        self._kept = {
            key: kept for key, kept in self._kept.items() if now < kept.until_seconds or not kept.task.done()
        }
        kept = self._kept.get(counted_id)
        if kept is None:
            kept = _Counted(asyncio.create_task(self._count(counted_id)), now + PROGRESS_KEPT_SECONDS_MIN)
            self._kept[counted_id] = kept
        # Shielded: one caller who leaves must not take the answer from the others.
        return await asyncio.shield(kept.task)

    async def _count(self, counted_id: UUID) -> T:
        started = time.monotonic()
        try:
            found = await self._counted(counted_id)
        except BaseException:
            self._kept.pop(counted_id, None)
            raise
        ended = time.monotonic()
        pause = max(PROGRESS_KEPT_SECONDS_MIN, PAUSE_PER_DURATION * (ended - started))
        if counted_id in self._kept:
            self._kept[counted_id] = self._kept[counted_id]._replace(until_seconds=ended + pause)
        return found
