"""What an annotator's standing and a batch's least skill do to claims, and how gold is given out."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator

import pytest_asyncio

from annotary.dispatch.errors import UnknownAssignment
from annotary.dispatch.release import QUERIES as RELEASE
from integration.dispatch.work import NO, ORGANISATION, Work, member

MIXED_IN = uuid.UUID(int=1)
QUALIFICATION = uuid.UUID(int=2)


@pytest_asyncio.fixture
async def work(database_url: str) -> AsyncIterator[Work]:
    started = await Work.start(database_url)
    yield started
    await started.close()


async def _gold(work: Work, count: int, pool: uuid.UUID = MIXED_IN) -> set[uuid.UUID]:
    tasks = await work.add_tasks(count)
    await work.database.execute(
        "UPDATE tasks SET state = 'gold', overlap = 32767, reserved_for = $2, order_key = now()"
        " WHERE id = ANY($1)",
        tasks,
        pool,
    )
    return set(tasks)


async def _stands(work: Work, who: uuid.UUID, **columns: object) -> None:
    names = ", ".join(columns)
    places = ", ".join(f"${number}" for number in range(4, 4 + len(columns)))
    await work.database.execute(
        f"INSERT INTO annotators (project_id, member_id, organisation_id, {names})"
        f" VALUES ($1, $2, $3, {places})",
        work.project,
        who,
        ORGANISATION,
        *columns.values(),
    )


async def test_a_paused_annotator_gets_nothing(work: Work) -> None:
    await work.add_tasks(3)
    careless, careful = member(), member()
    await _stands(work, careless.member_id, state="paused")
    assert await work.claim(careless, 3) == []
    assert len(await work.claim(careful, 3)) == 3


async def test_the_first_tasks_are_gold_once_each_and_the_least_lately_served_come_first(work: Work) -> None:
    await work.database.execute("UPDATE projects SET gold_first = 2")
    gold = await _gold(work, 4)
    await work.add_tasks(100)
    served = []
    for _ in range(4):
        someone = member()
        first, second = await work.claim(someone), await work.claim(someone)
        third, fourth = await work.claim(someone, 2)
        assert {first[0].task_id, second[0].task_id} <= gold
        assert not {third.task_id, fourth.task_id} & gold
        served += [first[0].task_id, second[0].task_id]
    assert set(served[:4]) == gold == set(served[4:]), "each is served before one is served again"


async def test_gold_is_answered_by_many_and_stays_gold(work: Work) -> None:
    gold = await _gold(work, 1)
    for number in range(3):
        someone = member()
        await _stands(work, someone.member_id, gold_waiting=2)
        (lease,) = await work.claim(someone)
        assert {lease.task_id} == gold
        await work.submit(someone, lease, answer=NO)
        assert await work.claim(someone) == [], "nobody gets the same gold twice"
        (task,) = await work.rows("SELECT state, reserved_for, leased, answered FROM tasks")
        assert tuple(task) == ("gold", MIXED_IN, 0, number + 1)
    standings = await work.rows("SELECT gold_waiting FROM annotators")
    assert {row["gold_waiting"] for row in standings} == {0}, "an empty pool is not looked through for ever"


async def test_gold_among_several_has_no_place_of_its_own(work: Work) -> None:
    gold = await _gold(work, 40)
    await work.add_tasks(400)
    places = set()
    for number in range(30):
        someone = member()
        await _stands(work, someone.member_id, gold_waiting=1)
        leases = await work.claim(someone, 5, key=f"key {number}")
        places |= {place for place, lease in enumerate(leases) if lease.task_id in gold}
        assert await work.claim(someone, 5, key=f"key {number}") == leases, "repeated in the same order"
    assert places == {0, 1, 2, 3, 4}


async def test_who_has_yet_to_qualify_gets_qualification_tasks_only(work: Work) -> None:
    await work.database.execute("UPDATE projects SET entry = 'qualifying', gold_first = 5")
    entrance, mixed = await _gold(work, 2, QUALIFICATION), await _gold(work, 2)
    ordinary = set(await work.add_tasks(5))
    newcomer, known = member(), member()
    await _stands(work, known.member_id, state="active", gold_waiting=1)
    assert {lease.task_id for lease in await work.claim(newcomer, 10)} == entrance
    given = {lease.task_id for lease in await work.claim(known, 10)}
    assert given >= ordinary and len(given & mixed) == 1 and not given & entrance


async def test_a_batch_can_ask_for_skill(work: Work) -> None:
    hard = set(await work.add_tasks(2))
    await work.database.execute("UPDATE batches SET skill_minimum = 0.8")
    easy = set(await work.add_tasks(2))
    new, able = member(), member()
    await _stands(work, able.member_id, skill=0.9)
    assert {lease.task_id for lease in await work.claim(new, 10)} == easy
    assert {lease.task_id for lease in await work.claim(able, 10)} == hard


async def test_neither_fence_nor_many_members_at_once_tell_gold(work: Work) -> None:
    await work.database.execute("UPDATE projects SET gold_first = 1")
    gold = await _gold(work, 2)
    await work.add_tasks(40)
    for _ in range(5):
        members = [member() for _ in range(6)]
        claims = await asyncio.gather(*(work.claim(one, 3) for one in members))
        given = [lease for some in claims for lease in some]
        assert sum(lease.task_id in gold for lease in given) > 0
        fences = [lease.fence for lease in given]
        assert max(fences) - min(fences) < 60e6, "fences of one minute, however often a task was given out"
        for one in members:
            for lease in [lease for lease in given if lease.task_id not in gold]:
                with contextlib.suppress(UnknownAssignment):
                    await work.dispatcher.end(one, lease.assignment_id, lease.fence, "released")


async def test_deleted_gold_is_given_to_nobody(work: Work) -> None:
    await _gold(work, 1)
    await work.database.execute("UPDATE projects SET gold_first = 5")
    (item,) = await work.rows("SELECT item_id, unique_id FROM task_items")
    await work.database.execute(RELEASE.erase_item, ORGANISATION, item["unique_id"], item["item_id"])
    assert await work.claim(member()) == []
    (row,) = await work.rows("SELECT state FROM tasks")
    assert row["state"] == "gold", "its record stays as it was"
