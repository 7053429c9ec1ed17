"""A group says when it was handed over and why then."""

from __future__ import annotations

import asyncio

from annotary.infra.grouping import Flushed, Grouper


async def test_a_flush_is_by_turn_by_size_or_by_pressure() -> None:
    flushes: list[tuple[int, Flushed]] = []
    gate = asyncio.Event()

    async def run(asked: list[int]) -> list[int]:
        flushes.append((len(asked), grouper.flushed))
        await gate.wait()
        return asked

    grouper: Grouper[int, int] = Grouper("test", run, 4)
    first = asyncio.create_task(grouper.ask(0))
    while not flushes:
        await asyncio.sleep(0)
    rest = [asyncio.create_task(grouper.ask(number)) for number in range(6)]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(first, *rest)
    await grouper.ask(7)
    assert [(size, flushed.why) for size, flushed in flushes] == [
        (1, "turn"),
        (4, "size"),
        (2, "pressure"),
        (1, "turn"),
    ]
    moments = [flushed.at for _, flushed in flushes]
    assert moments == sorted(moments) and len(set(moments)) == 4, "each group has a moment of its own"
