"""What waits for a member is what the member can claim, counted cheaply; and a lease is shown again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from annotary.dispatch.errors import LeaseExpired, NotLeased, UnknownAssignment
from annotary.dispatch.payloads import shown_payload
from annotary.dispatch.service_waiting import QUERIES, read_waiting
from annotary.dispatch.values import ProjectWaiting
from annotary.identity.values import Caller, Role
from annotary.kernel.ids import format_id, new_id
from annotary.kernel.limits import WAITING_TASKS_MAX
from integration.dispatch.work import ORGANISATION, Work, member


@pytest_asyncio.fixture
async def work(database_url: str) -> AsyncIterator[Work]:
    started = await Work.start(database_url)
    yield started
    await started.close()


async def waits(work: Work, who: Caller) -> list[ProjectWaiting]:
    """Return what waits for somebody."""
    async with work.database.connection() as uow:
        return (await read_waiting(uow, who, "text")).projects


async def test_what_waits_is_what_can_be_claimed(work: Work) -> None:
    who, other = member(), member()
    first = await work.add_tasks(5, overlap=2)
    second = await work.add_tasks(4)
    third = await work.add_tasks(3)
    # Of the first batch one is paused; the second is for the skilful; of the third one is kept for the other.
    await work.database.execute("UPDATE tasks SET state = 'paused' WHERE id = $1", first[0])
    await work.database.execute(
        "UPDATE batches SET skill_minimum = 0.5 WHERE id = (SELECT batch_id FROM tasks WHERE id = $1)",
        second[0],
    )
    await work.database.execute(
        "UPDATE tasks SET reserved_for = $1 WHERE id = $2", *(other.member_id, third[0])
    )
    mine = await work.claim(who, 2)
    for lease in await work.claim(other, 1):
        await work.submit(other, lease)
    for _ in range(20):
        (told,) = await waits(work, who)
        assert (told.project, told.mine_leased) == (format_id("project", work.project), len(mine))
        more = await work.claim(who, 1)
        if not more:
            break
        mine += more
        (after,) = await waits(work, who)
        assert after.open == told.open - 1
    assert told.open == 0 and len(mine) == 6
    await work.step_clock(601)
    assert (await waits(work, who))[0].mine_leased == 0


async def test_who_is_paused_is_awaited_by_nothing_and_who_qualifies_by_qualification(work: Work) -> None:
    who = member()
    tasks = await work.add_tasks(6)
    await work.database.execute(
        "UPDATE tasks SET state = 'gold', reserved_for = '00000000-0000-0000-0000-000000000002'"
        " WHERE id = ANY($1)",
        tasks[:2],
    )
    for state, expected in (("active", 4), ("qualifying", 2), ("paused", 0)):
        await work.database.execute(
            "INSERT INTO annotators (project_id, member_id, organisation_id, state) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (project_id, member_id) DO UPDATE SET state = $4",
            *(work.project, who.member_id, ORGANISATION, state),
        )
        assert (await waits(work, who))[0].open == expected


async def test_only_projects_that_one_is_on_are_told_of(work: Work) -> None:
    await work.add_tasks(1)
    stranger = Caller(new_id(), ORGANISATION, Role.ANNOTATOR, "x", {})
    elsewhere = Caller(new_id(), new_id(), Role.OWNER, "x", {work.project: Role.MANAGER})
    colleague = Caller(new_id(), ORGANISATION, Role.ANNOTATOR, "x", {work.project: Role.ANNOTATOR})
    assert await waits(work, stranger) == [] == await waits(work, elsewhere)
    assert [one.open for one in await waits(work, colleague)] == [1]
    # Every modality has a copy of every project.
    await work.database.execute("UPDATE projects SET modality = 'image'")
    assert await waits(work, colleague) == []


async def test_counting_costs_the_same_however_much_there_is(work: Work) -> None:
    who = member()
    tasks = await work.add_tasks(30_000, overlap=2)
    await work.database.execute(
        "INSERT INTO assignments (id, task_id, project_id, organisation_id, member_id, fence, state,"
        " submission_id, ontology_version_id, instructions_version, claimed_at, expires_at, ended_at)"
        " SELECT gen_random_uuid(), id, $2, $3, $4, 1, 'submitted', gen_random_uuid(), $5, 0, now(), now(),"
        " now()"
        " FROM unnest($1::uuid[]) AS id",
        *(tasks[:20_000], work.project, ORGANISATION, who.member_id, work.version),
    )
    await work.database.execute("UPDATE tasks SET answered = 1 WHERE id = ANY($1)", tasks[:20_000])
    await work.database.execute("ANALYZE tasks")
    (told,) = await waits(work, who)
    assert told.open == WAITING_TASKS_MAX
    arguments = (who.member_id, ORGANISATION, True, [], WAITING_TASKS_MAX, 10, "text")
    plan = await work.database.fetchrow(f"EXPLAIN (ANALYZE, FORMAT JSON) {QUERIES.waiting}", *arguments)
    assert plan is not None
    looked_at = sum(rows for name, rows in _scans(json.loads(plan[0])[0]["Plan"]) if name == "tasks")
    assert WAITING_TASKS_MAX <= looked_at <= 2 * WAITING_TASKS_MAX


def _scans(node: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield each table that a plan read, with how many of its rows."""
    if "Relation Name" in node:
        read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        yield node["Relation Name"], read * node["Actual Loops"]
    for below in node.get("Plans", ()):
        yield from _scans(below)


async def test_a_lease_is_shown_again_to_its_holder_while_it_lives(work: Work) -> None:
    who, other = member(), member()
    await work.add_tasks(2)
    first, second = await work.claim(who, 2)
    again = await work.dispatcher.held(who, first.assignment_id)
    assert (again.fence, again.task_id, again.payload) == (first.fence, first.task_id, first.payload)
    with pytest.raises(UnknownAssignment):
        await work.dispatcher.held(other, first.assignment_id)
    with pytest.raises(UnknownAssignment):
        await work.dispatcher.held(who, new_id())
    await work.submit(who, first)
    with pytest.raises(NotLeased):
        await work.dispatcher.held(who, first.assignment_id)
    await work.step_clock(601)
    with pytest.raises(LeaseExpired):
        await work.dispatcher.held(who, second.assignment_id)


async def test_an_asset_is_named_with_an_address_that_outlives_the_lease(work: Work) -> None:
    await work.add_tasks(1)
    (lease,) = await work.claim(member())
    payload = '{"asset":"' + "a" * 64 + '"}'
    shown = bytes(shown_payload(b"k" * 32, ORGANISATION, payload, lease.expires_at)).decode()
    expires = int(shown.partition("expires=")[2].partition("&")[0])
    assert 3500 < expires - lease.expires_at.timestamp() <= 3600
