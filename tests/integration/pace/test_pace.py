"""Answers by the hour: the counts are those of a fresh look at the submissions, whatever happens to them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest_asyncio
from msgspec.structs import replace

from annotary.eventlog.consumer import consume_once
from annotary.kernel.ids import format_id
from annotary.operations.pace.jobs import count, pace_consumer
from annotary.operations.pace.values import PaceView
from integration.dispatch.work import Work, member
from integration.hops.stage import label, manager

MakeClient = Callable[[str], Awaitable[Any]]
FRESH = """SELECT s.project_id, date_trunc('hour', s.committed_at, 'UTC') AS hour, s.member_id,
    count(*) FILTER (WHERE s.supersedes IS NULL) AS labels,
    count(*) FILTER (WHERE s.supersedes IS NOT NULL) AS revisions,
    count(*) FILTER (WHERE a.submission_id = s.id AND a.state IN ('revoked', 'set_aside')) AS discounted,
    sum(round(s.seconds * 1000)::bigint)::bigint AS worked_milliseconds
FROM submissions s JOIN assignments a ON a.id = s.assignment_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
KEPT = "SELECT * FROM pace_hours ORDER BY project_id, hour, member_id"


@pytest_asyncio.fixture
async def work(database_url: str) -> AsyncIterator[Work]:
    made = await Work.start(database_url)
    yield made
    await made.close()


async def follow(work: Work) -> None:
    """Let the consumer do all there is to do."""
    while await consume_once(pace_consumer(work.database)):
        pass


async def hold(work: Work) -> list[tuple[Any, ...]]:
    """Hold the counts against the submissions; returns them."""
    kept, fresh = [[tuple(row) for row in await work.rows(query)] for query in (KEPT, FRESH)]
    assert kept == fresh
    return kept


async def test_counts_are_those_of_a_fresh_look(work: Work, make_client: MakeClient) -> None:
    """Answers of many hours, second thoughts, answers that count no more, and two workers at once."""
    client, headers = await make_client("text"), await manager(work.database)
    owner = await manager(work.database, "owner")
    (row,) = await work.rows("SELECT id FROM members WHERE role = 'owner'")
    reviser = replace(member(), member_id=row["id"])
    chance = random.Random(7)
    for hour in range(4):
        tasks = await work.add_tasks(6, overlap=2)
        await label(work, 6)
        (lease, *_) = leases = await work.claim(reviser, chance.randint(2, 6))
        taken = [await work.submit(reviser, one) for one in leases]
        reply = await client.post(
            f"/v1/text/submissions/{format_id('submission', taken[0].submission_id)}/revision",
            json={"answer": {"classification": [{"label": "no"}]}, "seconds": 2.5},
            headers=owner,
        )
        assert reply.status_code < 300, reply.text
        await asyncio.gather(follow(work), follow(work))
        # The one with a second thought among them: that is the one which counts no more.
        again = {"tasks": [format_id("task", one) for one in (lease.task_id, tasks[-1])], "reason": "again"}
        reply = await client.post("/v1/text/tasks/requeue", json=again, headers=headers)
        assert reply.status_code == 200, reply.text
        await asyncio.gather(follow(work), follow(work))
        await hold(work)
        if hour < 3:
            await work.step_clock(3600)
    kept = await hold(work)
    assert len({row[1] for row in kept}) >= 4 and sum(row[5] for row in kept) > 0 < sum(
        row[4] for row in kept
    )


async def test_a_batch_that_failed_or_came_twice_is_counted_once(work: Work) -> None:
    await work.add_tasks(5)
    await label(work, 5)
    consumer = pace_consumer(work.database)

    async def breaks(uow: Any, events: Any) -> None:
        await count(uow, events)
        raise asyncio.CancelledError

    broken = msgspec.structs.replace(consumer, handle=breaks)
    for _ in range(2):
        await asyncio.gather(consume_once(broken), return_exceptions=True)
        assert await work.rows(KEPT) == []

    async def twice(uow: Any, events: Any) -> None:
        await count(uow, [*events, *events])

    assert await consume_once(msgspec.structs.replace(consumer, handle=twice))
    await follow(work)
    assert sum(row[3] for row in await hold(work)) == 5


async def test_what_a_reviewer_is_told(work: Work, make_client: MakeClient) -> None:
    """Steps add up to the people's sums, which add up to the answers behind them; annotators are refused."""
    client, headers = await make_client("text"), await manager(work.database)
    people = 14
    await work.add_tasks(4, overlap=people)
    for number in range(people):
        await label(work, 1 + number % 4)
    await follow(work)
    project = format_id("project", work.project)

    async def ask(path: str = "", **asked: Any) -> Any:
        return await client.get(f"/v1/text/pace{path}", params={"project": project, **asked}, headers=headers)

    found = msgspec.json.decode((await ask()).content, type=PaceView)
    answers = (await ask("/answers")).json()["items"]
    assert found.people_total == people and len(found.people) == 12
    assert sum(one.labels for one in found.moments) == len(answers) == sum(1 + n % 4 for n in range(people))
    assert {one.member for one in found.moments} == {None, *(one.member for one in found.people)}
    best = found.people[0]
    alone = msgspec.json.decode((await ask(member=best.member)).content, type=PaceView)
    assert [(one.member, one.labels) for one in alone.people] == [(best.member, 4)]
    assert {one["member"] for one in (await ask("/answers", member=best.member)).json()["items"]} == {
        best.member
    }
    before = (found.until - timedelta(days=3)).isoformat()
    assert (await ask("/answers", until=before)).json()["items"] == []
    assert (await ask(until=before)).json()["moments"] == []
    refused = await ask(since=(found.until - timedelta(days=40)).isoformat())
    assert refused.status_code == 422 and "31 days" in refused.text
    headers = await manager(work.database, "annotator")
    assert [(await ask(path)).status_code for path in ("", "/answers")] == [404, 404]
