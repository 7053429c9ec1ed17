"""Lets a source of work run ahead of the one who takes from it, by a bounded number of steps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class _End(NamedTuple):
    """The source has no more to give; `error` says why, when that is not as it should be."""

    error: Exception | None = None


async def ahead(source: AsyncIterator[T], steps: int = 1) -> AsyncGenerator[T]:
    """Yield what `source` yields, while it already works on the next `steps`; raises what it raises.

    Close it (`contextlib.aclosing`) to stop the source early.
    """
    queue: asyncio.Queue[T | _End] = asyncio.Queue(maxsize=steps)

    async def work() -> None:
        try:
            async for value in source:
                await queue.put(value)
        except Exception as error:
            await queue.put(_End(error))
        else:
            await queue.put(_End())

    worker = asyncio.create_task(work())
    try:
        while not isinstance(value := await queue.get(), _End):
            yield value
        if value.error is not None:
            raise value.error
    finally:
        worker.cancel()
        await asyncio.wait({worker})
