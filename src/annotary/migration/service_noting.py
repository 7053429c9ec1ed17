"""What a modality's service notes beside its work: how fast claims are, and which answers it refused."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from uuid import UUID

import structlog

from annotary.infra.postgres import Database, meaning
from annotary.kernel.limits import CLAIM_PACE_SECONDS, CLAIM_PACE_WINDOW_SECONDS
from annotary.migration.store_pace import ClaimPace, add_refusals, note_pace

log = structlog.get_logger(__name__)


class Window:
    """The claims of the last seconds."""

    def __init__(self, took: deque[float]) -> None:
        self._took = took
        self._seen: deque[tuple[float, list[float]]] = deque()

    def look(self, now: float) -> ClaimPace:
        """Take what came since the last look, and return the pace of the window that ends now."""
        came = [self._took.popleft() for _ in range(len(self._took))]
        self._seen.append((now, came))
        while self._seen[0][0] <= now - CLAIM_PACE_WINDOW_SECONDS:
            self._seen.popleft()
        claims = sorted(one for _, some in self._seen for one in some)
        return ClaimPace(len(claims), claims[int(0.99 * (len(claims) - 1))] if claims else 0.0)


async def keep_noting(database: Database, took: deque[float], refused: Counter[tuple[UUID, UUID]]) -> None:
    """Once a second, write down how fast claims were and what was refused; nothing while nothing happens."""
    window, idle = Window(took), True
    while True:
        await asyncio.sleep(CLAIM_PACE_SECONDS)
        pace = window.look(time.monotonic())
        try:
            if pace.claims or not idle:
                await note_pace(database, pace)
            idle = not pace.claims
            if refused:
                counted = dict(refused)
                await add_refusals(database, counted)
                refused.subtract(counted)
                for key in [key for key, count in refused.items() if count <= 0]:
                    del refused[key]
        except Exception as error:
            if meaning(error) is None:
                log.exception("noting failed")
