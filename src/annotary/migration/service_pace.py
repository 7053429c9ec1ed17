"""How fast background work on answers may go beside annotators: by dispatch's own claim p99."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from annotary.infra.postgres import Database
from annotary.kernel.limits import (
    CHANGE_BATCH_ANSWERS_MAX,
    CHANGE_BATCH_ANSWERS_MIN,
    CHANGE_DUTY_MIN,
    CLAIM_PACE_SECONDS,
)
from annotary.migration import rules_pace
from annotary.migration.store_pace import read_pace


class Pace:
    """Spaces out batches: works all the time while nobody claims, else as much of it as keeps claims fast.

    `databases` are those of the modalities whose claims may feel it: its own, and others on its server.
    """

    def __init__(
        self, *databases: Database, rest: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._databases = databases
        self._rest = rest
        self._calm: dict[str, float] = {}
        self._duty = 1.0
        self._asked_at = 0.0
        self.batch_answers = CHANGE_BATCH_ANSWERS_MAX

    async def begin(self) -> None:
        """Look how fast claims are before there is anything beside them."""
        await self._look()

    @contextlib.asynccontextmanager
    async def batch(self) -> AsyncIterator[None]:
        """Time one batch, then rest as long as claims want it."""
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        if time.monotonic() - self._asked_at >= CLAIM_PACE_SECONDS:
            await self._look()
        if self._duty < 1.0:
            await self._rest(took * (1.0 / self._duty - 1.0))

    async def _look(self) -> None:
        self._asked_at = time.monotonic()
        seen = {one.schema: await read_pace(one) for one in self._databases}
        claims = {schema: pace.p99_seconds for schema, pace in seen.items() if pace is not None}
        if not claims:
            self._duty, self.batch_answers = 1.0, CHANGE_BATCH_ANSWERS_MAX
            return
        if claims.keys() - self._calm.keys():
            # They have just begun, or the change has: what is seen at the least share of the time is calm.
            self._calm = claims | self._calm
            self._duty = CHANGE_DUTY_MIN
        self.batch_answers = CHANGE_BATCH_ANSWERS_MIN
        self._duty = min(rules_pace.duty(self._duty, p99, self._calm[name]) for name, p99 in claims.items())
