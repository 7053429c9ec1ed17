"""Claims and submissions against a real Postgres: the promises, one example each."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from annotary.dispatch.errors import LeaseExpired, NotLeased, StaleFence, UnknownAssignment
from annotary.dispatch.service import expire_leases
from annotary.kernel.errors import KeyReused
from annotary.modalities.errors import InvalidAnswer
from integration.dispatch.work import NO, Work, member


@pytest_asyncio.fixture
async def work(database_url: str) -> AsyncIterator[Work]:
    started = await Work.start(database_url)
    yield started
    await started.close()


async def test_many_claims_at_once_never_pass_the_overlap(work: Work) -> None:
    tasks = await work.add_tasks(20, overlap=3)
    members = [member() for _ in range(12)]
    given = await asyncio.gather(*(work.claim(one, 7) for one in members for _ in range(2)))
    leases = [lease for some in given for lease in some]
    assert len(leases) == 60
    counts = {task: sum(lease.task_id == task for lease in leases) for task in tasks}
    assert set(counts.values()) == {3}
    holders = {(row["task_id"], row["member_id"]) for row in await work.rows("SELECT * FROM assignments")}
    assert len(holders) == 60, "nobody holds a task twice"
    assert await work.claim(member()) == []


async def test_a_submission_ends_the_lease_and_the_task(work: Work) -> None:
    await work.add_tasks(1, overlap=2)
    first, second = member(), member()
    (one,) = await work.claim(first)
    (two,) = await work.claim(second)
    await work.submit(first, one)
    assert await work.claim(first) == [], "never the same task twice"
    await work.submit(second, two, answer=NO)
    (task,) = await work.rows("SELECT state, leased, answered FROM tasks")
    assert tuple(task) == ("done", 0, 2)
    types = [row["type"] for row in await work.rows("SELECT type FROM events ORDER BY sequence")]
    assert types == ["task.claimed"] * 2 + ["submission.received"] * 2 + ["task.done"]


async def test_an_expired_lease_is_refused_and_its_answer_kept_as_a_draft(work: Work) -> None:
    await work.add_tasks(1)
    slow, quick = member(), member()
    (lost,) = await work.claim(slow)
    await work.step_clock(601)
    with pytest.raises(LeaseExpired):
        await work.submit(slow, lost, answer=NO)
    (draft,) = await work.rows("SELECT answer FROM drafts")
    assert draft["answer"] == NO.decode()
    assert await expire_leases(work.database) == 1
    work.dispatcher.work_came()
    (taken,) = await work.claim(quick)
    assert taken.task_id == lost.task_id and taken.fence > lost.fence
    with pytest.raises(LeaseExpired):
        await work.submit(slow, lost)
    with pytest.raises(StaleFence):
        await work.submit(quick, taken, fence=lost.fence)
    with pytest.raises(UnknownAssignment):
        await work.submit(slow, taken)
    await work.submit(quick, taken)


async def test_a_repeated_submission_has_one_effect(work: Work) -> None:
    await work.add_tasks(5)
    one = member()
    (lease,) = await work.claim(one)
    taken = await asyncio.gather(*(work.submit(one, lease, key="k", claim_next=2) for _ in range(4)))
    assert len({each.submission_id for each in taken}) == 1
    assert len({tuple(sorted(n.assignment_id for n in each.next)) for each in taken}) == 1
    assert len(taken[0].next) == 2 and len(await work.rows("SELECT 1 FROM submissions")) == 1
    with pytest.raises(KeyReused):
        await work.submit(one, lease, key="k", answer=NO)
    with pytest.raises(KeyReused):
        await work.submit(one, taken[0].next[0], key="k")
    with pytest.raises(NotLeased):
        await work.submit(one, lease, key="another")


async def test_a_repeated_claim_gives_the_same_leases(work: Work) -> None:
    await work.add_tasks(9)
    one, other = member(), member()
    first = await work.claim(one, 2, key="c")
    again = await asyncio.gather(*(work.claim(one, 2, key="c") for _ in range(3)))
    assert all(each == first for each in again)
    assert not {x.task_id for x in await work.claim(other, 2, key="c")} & {x.task_id for x in first}


async def test_nothing_invalid_gets_in(work: Work) -> None:
    await work.add_tasks(1)
    one = member()
    (lease,) = await work.claim(one)
    with pytest.raises(InvalidAnswer) as caught:
        await work.submit(one, lease, answer=b'{"classification":[{"label":"maybe"}]}')
    assert caught.value.path == "/answer/classification/0/label"
    assert await work.rows("SELECT 1 FROM submissions") == []
    await work.submit(one, lease)


async def test_released_tasks_come_back_and_skipped_ones_go_to_others(work: Work) -> None:
    await work.add_tasks(1)
    one, other = member(), member()
    (lease,) = await work.claim(one)
    await work.dispatcher.end(one, lease.assignment_id, lease.fence, "released")
    (again,) = await work.claim(one)
    assert again.task_id == lease.task_id and again.fence > lease.fence
    with pytest.raises(StaleFence):
        await work.dispatcher.end(one, again.assignment_id, lease.fence, "skipped")
    await work.dispatcher.end(one, again.assignment_id, again.fence, "skipped", "too hard")
    assert await work.claim(one) == []
    assert [each.task_id for each in await work.claim(other)] == [lease.task_id]


async def test_urgent_work_goes_first_and_projects_share(work: Work) -> None:
    heavy, light = uuid.uuid4(), uuid.uuid4()
    await work.add_project(heavy, weight=3)
    await work.add_project(light, weight=1)
    await work.add_tasks(40, project=heavy)
    await work.add_tasks(40, project=light)
    urgent = await work.add_tasks(1, project=light, priority="urgent")
    one = member()
    given = [(await work.claim(one, anywhere=True))[0] for _ in range(24)]
    assert next(lease for lease in given if lease.project_id == light).task_id == urgent[0]
    share = sum(lease.project_id == heavy for lease in given) / len(given)
    assert share == pytest.approx(0.75, abs=0.05)


async def test_a_member_alone_walks_through_overlap_without_looking_back(work: Work) -> None:
    await work.add_tasks(60, overlap=3)
    one = member()
    for _ in range(60):
        (lease,) = await work.claim(one)
        await work.submit(one, lease)
    assert await work.claim(one) == []
    counts = await work.rows("SELECT answered, count(*) AS n FROM tasks GROUP BY 1")
    assert [tuple(row) for row in counts] == [(1, 60)]
