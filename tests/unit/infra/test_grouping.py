"""Group commit: everybody gets their own answer, and one bad request fails alone."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.infra.grouping import Grouper
from annotary.kernel.errors import Conflict, Unavailable


@given(st.lists(st.integers(-3, 100), min_size=1, max_size=60), st.integers(1, 16))
@settings(deadline=None)
def test_everybody_gets_their_own_answer(numbers: list[int], size_max: int) -> None:
    groups: list[int] = []

    async def run(asked: list[int]) -> list[int | Conflict]:
        groups.append(len(asked))
        await asyncio.sleep(0)
        if -1 in asked:
            raise ValueError("a whole group fails")
        return [Conflict(str(each)) if each == -2 else each * 2 for each in asked]

    async def ask(grouper: Grouper[int, int], number: int) -> object:
        try:
            return await grouper.ask(number)
        except (ValueError, Conflict) as error:
            return type(error)

    async def main() -> list[object]:
        grouper: Grouper[int, int] = Grouper("test", run, size_max)
        return await asyncio.gather(*(ask(grouper, number) for number in numbers))

    expected = [ValueError if n == -1 else Conflict if n == -2 else n * 2 for n in numbers]
    assert asyncio.run(main()) == expected
    assert max(groups) <= size_max


async def test_a_group_grows_while_one_is_under_way_and_cancelled_requests_leave_it() -> None:
    groups: list[list[int]] = []
    gate = asyncio.Event()

    async def run(asked: list[int]) -> list[int]:
        groups.append(asked)
        await gate.wait()
        return asked

    grouper: Grouper[int, int] = Grouper("test", run)
    tasks = [asyncio.create_task(grouper.ask(0))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(grouper.ask(number)) for number in range(1, 6)]
    await asyncio.sleep(0)
    tasks[3].cancel()
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert groups == [[0], [1, 2, 4, 5]]


async def test_a_lost_database_fails_the_group_once_and_the_next_is_served() -> None:
    calls = 0

    async def run(asked: list[int]) -> list[int]:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ConnectionResetError
        return asked

    grouper: Grouper[int, int] = Grouper("test", run)
    results = await asyncio.gather(*(grouper.ask(n) for n in range(3)), return_exceptions=True)
    assert all(isinstance(result, Unavailable) for result in results) and calls == 1
    with pytest.raises(AssertionError):
        assert await grouper.ask(7) != 7
