"""Group commit: requests that arrive while one group is under way make the next one.

The group grows with the load and shrinks to one without it; nobody waits for a timer.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, Literal, NamedTuple, TypeVar

from annotary.infra.postgres import meaning
from annotary.infra.telemetry import GROUP_SECONDS, GROUP_SIZE
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import AnnotaryError
from annotary.kernel.limits import GROUP_SIZE_MAX, TOOK_KEPT_MAX

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


class Flushed(NamedTuple):
    """When a group was handed over, and why then: it was full (`size`), nothing was under way (`turn`: at the
    next turn of the loop), or the group before it had just ended (`pressure`).
    """

    at: datetime
    why: Literal["size", "turn", "pressure"]


class Grouper(Generic[Asked, Answered]):
    """Runs `run(asked) -> answers` (same length and order) for many callers, one group at a time.

    An answer that is an exception is raised to its caller alone. When a group fails, and not because the
    database is away, its members are tried one by one, so that one bad request fails alone.
    """

    def __init__(
        self,
        name: str,
        run: Callable[[list[Asked]], Awaitable[Sequence[Answered | AnnotaryError]]],
        size_max: int = GROUP_SIZE_MAX,
    ) -> None:
        self._run = run
        self._size_max = size_max
        self._waiting: deque[tuple[Asked, asyncio.Future[Answered]]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._sizes = GROUP_SIZE.labels(name)
        self._seconds = GROUP_SECONDS.labels(name)
        # How long the last callers waited: what background work is throttled by takes it from here.
        self.took: deque[float] = deque(maxlen=TOOK_KEPT_MAX)
        # Of the group that is under way: for `run`, which is never called for two groups at once.
        self.flushed = Flushed(system_clock(), "turn")

    async def ask(self, asked: Asked) -> Answered:
        """Join the next group and return this request's answer."""
        future: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if self._task is None:
            self._task = asyncio.create_task(self._drain())
        began = time.perf_counter()
        answer = await future
        self.took.append(time.perf_counter() - began)
        return answer

    async def _drain(self) -> None:
        why: Literal["turn", "pressure"] = "turn"
        try:
            while self._waiting:
                group = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._size_max))]
                self.flushed = Flushed(system_clock(), "size" if len(group) == self._size_max else why)
                why = "pressure"
                await self._serve([entry for entry in group if not entry[1].cancelled()])
        finally:
            self._task = None

    async def _serve(self, group: list[tuple[Asked, asyncio.Future[Answered]]]) -> None:
        if not group:
            return
        started = time.perf_counter()
        try:
            answers = await self._run([asked for asked, _ in group])
        except Exception as error:
            if len(group) > 1 and meaning(error) is None:
                for entry in group:
                    await self._serve([entry])
                return
            for _, future in group:
                if not future.done():
                    future.set_exception(meaning(error) or error)
            return
        finally:
            self._sizes.observe(len(group))
            self._seconds.observe(time.perf_counter() - started)
        for (_, future), answer in zip(group, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, AnnotaryError):
                future.set_exception(answer)
            else:
                future.set_result(answer)
