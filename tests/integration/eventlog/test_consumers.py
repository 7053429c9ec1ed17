"""Consumers see every fact once, in order, whatever commits late, fails or restarts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from annotary.eventlog import Event, record, store
from annotary.eventlog.consumer import Consumer, consume_once, run_consumer
from annotary.eventlog.copies import copies_consumer
from annotary.eventlog.values import Position
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.ids import new_id
from integration.facts import fact_about

Connect = Callable[..., Awaitable[Database]]
ORGANISATION = new_id()


def fact(number: int) -> Event:
    return fact_about(ORGANISATION, "task.done", new_id(), answers=number)


class Seen:
    """A handler that remembers, and fails for chosen numbers."""

    def __init__(self, poison: frozenset[int] = frozenset()) -> None:
        self.numbers: list[int] = []
        self.poison = poison
        self._more = asyncio.Event()

    async def all_of(self, count: int) -> None:
        """Wait until so many facts were seen."""
        while len(self.numbers) < count:
            self._more.clear()
            await self._more.wait()

    async def __call__(self, _: UnitOfWork, events: list[Event]) -> None:
        numbers = [event.data["answers"] for event in events]
        if self.poison & set(numbers):
            raise ValueError("poison")
        self.numbers += numbers
        self._more.set()


async def drain(consumer: Consumer) -> None:
    while await consume_once(consumer):
        pass


async def test_a_late_commit_is_never_passed_over(database_url: str, connect: Connect) -> None:
    database = await connect(database_url, "text")
    seen = Seen()
    consumer = Consumer(name="c", source=database, target=database, handle=seen)
    async with database.pool.acquire() as slow:
        late = slow.transaction()
        await late.start()
        await record(slow, fact(1))
        async with database.transaction() as uow:
            await record(uow, fact(2))
        await drain(consumer)
        assert seen.numbers == [], "an older transaction is open: what it will commit comes first"
        await late.commit()
    await drain(consumer)
    assert sorted(seen.numbers) == [1, 2]


async def test_many_writers_and_two_processes_consume_each_fact_once(
    database_url: str, connect: Connect
) -> None:
    database, other = await connect(database_url, "text"), await connect(database_url, "text")
    seen = Seen()
    stop = asyncio.Event()
    running = [
        asyncio.create_task(run_consumer(Consumer(name="c", source=each, target=each, handle=seen), stop))
        for each in (database, other)
    ]

    async def writer(start: int) -> None:
        for number in range(start, start + 25):
            async with database.transaction() as uow:
                await record(uow, fact(number))
                await asyncio.sleep(0)

    await asyncio.gather(*(writer(100 * each) for each in range(4)))
    async with asyncio.timeout(240):
        await seen.all_of(100)
    stop.set()
    await asyncio.gather(*running)
    assert len(seen.numbers) == 100 == len(set(seen.numbers))
    for start in range(4):
        own = [number for number in seen.numbers if number // 100 == start]
        assert own == sorted(own), "each writer's facts come in order"


async def test_a_poison_event_is_parked_and_holds_nothing_up(database_url: str, connect: Connect) -> None:
    database = await connect(database_url, "text")
    async with database.transaction() as uow:
        await record(uow, *(fact(number) for number in range(10)))
    seen = Seen(frozenset({3, 7}))
    await drain(Consumer(name="c", source=database, target=database, handle=seen))
    assert seen.numbers == [0, 1, 2, 4, 5, 6, 8, 9]
    parked = await database.fetch("SELECT sequence, reason FROM parked_events ORDER BY 1")
    assert len(parked) == 2 and "poison" in parked[0]["reason"]


async def test_the_position_commits_with_the_effect(database_url: str, connect: Connect) -> None:
    database = await connect(database_url, "text")
    async with database.transaction() as uow:
        await record(uow, fact(1))

    async def interrupted(uow: UnitOfWork, _: list[Event]) -> None:
        await uow.execute("INSERT INTO organisations (id, name) VALUES ($1, 'effect')", new_id())
        raise ConnectionResetError

    consumer = Consumer(name="c", source=database, target=database, handle=interrupted)
    with pytest.raises(ConnectionResetError):
        await consume_once(consumer)
    assert await database.fetch("SELECT 1 FROM organisations") == []
    assert await store.position(database, "c", "text") == Position()


async def test_copies_follow_the_platform_and_bear_repetition(database_url: str, connect: Connect) -> None:
    platform, text = await connect(database_url, "platform"), await connect(database_url, "text")
    consumer = copies_consumer(platform, text, {"member": ("members", "id")})
    member = new_id()

    async def change(statement: str, *arguments: object) -> None:
        async with platform.transaction() as uow:
            await uow.execute(statement, *arguments)
            await record(uow, fact_about(ORGANISATION, "member.changed", member))

    async def names(database: Database) -> list[tuple[UUID, str]]:
        return [tuple(row) for row in await database.fetch("SELECT id, name FROM members")]

    await change(
        "INSERT INTO members (id, organisation_id, name, role) VALUES ($1, $2, 'one', 'owner')",
        member,
        ORGANISATION,
    )
    await drain(consumer)
    assert await names(text) == [(member, "one")]
    await change("UPDATE members SET name = 'two'")
    await drain(consumer)
    await text.execute("UPDATE consumers SET transaction_id = '0', sequence = 0")
    await drain(consumer)
    assert await names(text) == [(member, "two")]


async def test_a_consumer_is_known_before_it_reads_anything(database_url: str, connect: Connect) -> None:
    database, stop = await connect(database_url, "text"), asyncio.Event()
    known = asyncio.create_task(
        run_consumer(Consumer(name="c", source=database, target=database, handle=Seen()), stop)
    )
    async with asyncio.timeout(60):
        while not await database.fetch("SELECT FROM consumers WHERE name = 'c' AND source = 'text'"):
            await asyncio.sleep(0)
    stop.set()
    await known
