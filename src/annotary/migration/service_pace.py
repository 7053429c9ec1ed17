"""How fast background work on answers may go beside annotators: by dispatch's own claim p99."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.limits import (
    CHANGE_BATCH_ANSWERS_MAX,
    CHANGE_BATCH_ANSWERS_MIN,
    CHANGE_DUTY_MIN,
    CLAIM_PACE_SECONDS,
)
from annotary.migration import rules_pace
from annotary.migration.store_pace import QUERIES, changes_running, read_pace


class Pace:
    """Spaces out batches: works all the time while nobody claims, else as much of it as keeps claims fast.

    While somebody claims, changes on one server share that time and write one after the other: two that
    write at once would take both cores of a small machine from those who wait for a task.
    `neighbours` are the databases of other modalities on the server of its own: their claims may feel it too.
    """

    def __init__(
        self,
        database: Database,
        *neighbours: Database,
        rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database, self._databases = database, (database, *neighbours)
        self._rest = rest
        self._calm: dict[str, float] = {}
        self._duty, self._sharing = 1.0, 1
        self._asked_at = 0.0
        self.batch_answers = CHANGE_BATCH_ANSWERS_MAX

    async def begin(self) -> None:
        """Look how fast claims are before there is anything beside them."""
        await self._look()

    @contextlib.asynccontextmanager
    async def batch(self, prepared_seconds: float = 0.0) -> AsyncIterator[UnitOfWork]:
        """Give the transaction of one batch, then rest as long as claims want it.

        `prepared_seconds`: what was worked on the batch before. The commit waits for no disk: a batch that is
        lost with its position is done again.
        """
        async with self._database.transaction() as uow:
            await uow.execute(QUERIES.begin_batch)
            if self._claims:
                await uow.execute(QUERIES.take_turn)
            began = time.monotonic()
            yield uow
        took = time.monotonic() - began + prepared_seconds
        if time.monotonic() - self._asked_at >= CLAIM_PACE_SECONDS:
            await self._look()
        if self._claims:
            await self._rest(took * (self._sharing / self._duty - 1.0))

    @property
    def _claims(self) -> bool:
        """Whether anybody claims."""
        return bool(self._calm)

    async def _look(self) -> None:
        self._asked_at = time.monotonic()
        seen = {one.schema: await read_pace(one) for one in self._databases}
        claims = {schema: pace.p99_seconds for schema, pace in seen.items() if pace is not None}
        if not claims:
            self._duty, self.batch_answers = 1.0, CHANGE_BATCH_ANSWERS_MAX
            self._calm.clear()
            return
        self._sharing = max(1, sum([await changes_running(one) for one in self._databases]))
        if claims.keys() - self._calm.keys():
            # They have just begun, or the change has: what is seen at the least share of the time is calm.
            self._calm = claims | self._calm
            self._duty = CHANGE_DUTY_MIN
        self.batch_answers = CHANGE_BATCH_ANSWERS_MIN
        self._duty = min(rules_pace.duty(self._duty, p99, self._calm[name]) for name, p99 in claims.items())
