"""Real labels through the real services: their hops add up, are counted once, and say why."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio
from msgspec.structs import replace

from annotary.dispatch.service import expire_leases
from annotary.eventlog.chain.service import append_once
from annotary.infra.postgres import Database
from annotary.kernel.ids import format_id, parse_id
from annotary.kernel.limits import GROUP_SIZE_MAX
from integration.conftest import Seed
from integration.dispatch.work import NO, ORGANISATION, Work, member
from integration.exports.conftest import Exports
from integration.hops.stage import ON_PATH, added, counts, label, manager, settle, submit, summary, way

MakeClient = Callable[[str], Awaitable[Any]]


@pytest_asyncio.fixture
async def work(database_url: str) -> AsyncIterator[Work]:
    made = await Work.start(database_url)
    yield made
    await made.close()


async def test_hops_of_every_label_add_up_and_histograms_hold_the_same(
    work: Work, make_client: MakeClient
) -> None:
    client, headers = await make_client("text"), await manager(work.database)
    await work.add_tasks(6, overlap=2)
    sent = await label(work, 6, first_input_ago_seconds=0.0) + await label(work, 6)
    await settle(work.database)
    ways = [await way(client, headers, one) for one in sent]
    for one in ways[:6]:
        assert [hop.name for hop in one.hops] == list(ON_PATH), "but for a snapshot it has every stamp"
        assert one.outcome and {absent.name for absent in one.absent} == {
            "snapshotted",
            "appended",
            "relayed",
        }
    # The first of two answers waits for the second; that one finishes its task itself.
    assert min(hop.microseconds for one in ways[:6] for hop in one.hops if hop.name == "done") > 0
    assert all(hop.microseconds == 0 for one in ways[6:] for hop in one.hops if hop.name == "done")
    assert all("first_input" in {absent.name for absent in one.absent} for one in ways[6:])
    assert await counts(work.database) == added(ways)
    found = await summary(client, headers, work.project, step_minutes=1)
    assert {hop.name: hop.count for hop in found.hops} == {
        **dict.fromkeys(ON_PATH, 12),
        "first_input": 6,
        "total": 12,
    }
    assert abs(sum(hop.share for hop in found.hops) - 1) < 1e-9
    (total,) = [hop for hop in found.hops if hop.name == "total"]
    # Both answers of a task took as long.
    slowest = max(one.total_microseconds for one in ways)
    assert total.slowest[0].seconds == slowest / 1e6
    assert total.slowest[0].submission in [
        one.submission for one in ways if one.total_microseconds == slowest
    ]
    assert abs(total.p99_seconds - total.slowest[0].seconds) <= 0.06 * total.slowest[0].seconds
    assert sum(moment.count for moment in found.moments if moment.name == "committed") == 12
    by_hour = await summary(client, headers, work.project, step_minutes=60)
    assert by_hour.hops == [
        replace(hop, slowest=mine.slowest) for hop, mine in zip(found.hops, by_hour.hops, strict=True)
    ]
    assert all(one.at.minute == 0 for one in by_hour.moments) and len(by_hour.moments) <= 2 * len(found.hops)


async def test_a_flush_says_why(work: Work, make_client: MakeClient) -> None:
    client, headers = await make_client("text"), await manager(work.database)
    await work.add_tasks(2 * GROUP_SIZE_MAX + 30)
    caller = member()
    (alone,) = await label(work, 1)
    leases = [
        lease
        for some in await asyncio.gather(*(work.claim(member(), 50) for _ in range(6)))
        for lease in some
    ]
    callers = await work.rows("SELECT id, member_id FROM assignments WHERE state = 'leased'")
    held_by = {row["id"]: row["member_id"] for row in callers}
    sent = await asyncio.gather(
        *(submit(work, replace(caller, member_id=held_by[one.assignment_id]), one) for one in leases)
    )
    await settle(work.database)
    (flushed,) = [hop for hop in (await summary(client, headers, work.project)).hops if hop.name == "flushed"]
    crowd = len(sent)
    assert crowd > 2 * GROUP_SIZE_MAX
    full = crowd // GROUP_SIZE_MAX * GROUP_SIZE_MAX
    assert flushed.whys == {"turn": 1, "size": full, "pressure": crowd - full}
    (hop,) = [hop for hop in (await way(client, headers, alone)).hops if hop.name == "flushed"]
    assert hop.why == "turn"


async def test_a_lease_that_ended_makes_the_task_eligible_anew(work: Work, make_client: MakeClient) -> None:
    client, headers = await make_client("text"), await manager(work.database)
    await work.add_tasks(1)
    await work.claim(member())
    await work.step_clock(601)
    assert await expire_leases(work.database) == 1
    await settle(work.database)
    (sent,) = await label(work, 1)
    found = {hop.name: hop for hop in (await way(client, headers, sent)).hops}
    (ended,) = await work.rows("SELECT ended_at FROM assignments WHERE state = 'expired'")
    assert found["eligible"].microseconds > 600_000_000 and found["claimed"].microseconds < 60_000_000
    assert abs(found["eligible"].at - ended["ended_at"]) < timedelta(seconds=1)
    await settle(work.database)
    counted = await counts(work.database)
    assert counted["eligible"] == (1, found["eligible"].microseconds)


async def test_revised_and_late_answers_have_ways_of_their_own(work: Work, make_client: MakeClient) -> None:
    client, headers = await make_client("text"), await manager(work.database)
    (task,) = await work.add_tasks(1)
    author = await manager(work.database, "owner")
    (row,) = await work.rows("SELECT id FROM members WHERE role = 'owner'")
    caller = replace(member(), member_id=row["id"])
    (lease,) = await work.claim(caller)
    first = await submit(work, caller, lease)
    await settle(work.database)
    before = await way(client, headers, first)
    revised = await client.post(
        f"/v1/text/submissions/{format_id('submission', first)}/revision",
        json={"answer": {"classification": [{"label": "no"}]}, "seconds": 1},
        headers=author,
    )
    second = parse_id("submission", revised.json()["submission_id"])
    await settle(work.database)
    assert await way(client, headers, first) == before, "its way is over: what came later is not part of it"
    after = await way(client, headers, second)
    assert after.supersedes == before.submission and after.outcome != before.outcome
    assert [hop.name for hop in after.hops] == ["committed", "done", "consumed", "consensus", "accepted"]
    # The task is asked again after it had an outcome, and consensus is told of everything twice.
    await work.database.execute("UPDATE tasks SET state = 'open', overlap = 2 WHERE id = $1", task)
    (late,) = await label(work, 1, answer=NO)
    await settle(work.database)
    third = await way(client, headers, late)
    assert third.outcome not in (before.outcome, after.outcome) and third.hops[-1].name == "accepted"
    assert await counts(work.database) == added([before, after, third])


async def test_what_a_client_says_of_its_first_input_never_costs_the_answer(
    work: Work, make_client: MakeClient
) -> None:
    client, headers = await make_client("text"), await manager(work.database)
    await work.add_tasks(4)
    for told in (-5.0, 1e300, float("inf"), 0.01):
        (sent,) = await label(work, 1, first_input_ago_seconds=told)
        hops = {hop.name: hop for hop in (await way(client, headers, sent)).hops}
        assert ("first_input" in hops) == (told != float("inf"))
        if told == 1e300:
            assert hops["first_input"].microseconds == 0, "not before it was claimed"
        if told == -5.0:
            assert hops["submitted"].microseconds == 0, "not after it came in"


async def test_an_export_ends_the_way(
    work: Work,
    database_url: str,
    make_client: MakeClient,
    connect: Callable[..., Awaitable[Database]],
    tmp_path: Path,
) -> None:
    client, headers = await make_client("text"), await manager(work.database)
    seed = Seed(work.database)
    seed.organisation = ORGANISATION
    exports = Exports(seed, await connect(database_url, "platform"), tmp_path)
    await work.add_tasks(1)
    (sent,) = await label(work, 1)
    assert (await exports.run(work.project)).job["state"] == "succeeded"
    await settle(work.database)
    before = await way(client, headers, sent)
    assert "snapshotted" in {one.name for one in before.absent}, "an export before it was accepted has it not"
    assert (await exports.run(work.project)).job["result"]["tasks"] == 1
    (made, *_) = await work.rows("SELECT ended_at FROM exports_made ORDER BY began_at DESC")
    await exports.run(work.project)
    found = await way(client, headers, sent)
    assert (found.hops[-1].name, found.hops[-1].at) == ("snapshotted", made["ended_at"])
    assert found.hops[:-1] == before.hops


async def test_the_chain_and_the_relay_are_beside_the_way(work: Work, make_client: MakeClient) -> None:
    client, headers = await make_client("text"), await manager(work.database)
    await work.add_tasks(2)
    (first,) = await label(work, 1)
    assert await append_once(work.database)
    (second,) = await label(work, 1)
    assert [hop.name for hop in (await way(client, headers, first)).beside] == ["appended"]
    assert (await way(client, headers, second)).beside == []
    await work.database.execute(
        "INSERT INTO relay_checkpoints (topic, next_offsets, transaction_id, sequence)"
        " SELECT 't', '{1}', transaction_id, sequence FROM events WHERE type = 'submission.received'"
        " ORDER BY sequence LIMIT 1"
    )
    found = await way(client, headers, first)
    assert [hop.name for hop in found.beside] == ["appended", "relayed"]
    (run,) = await work.rows("SELECT appended_at FROM event_runs")
    assert found.beside[0].at == run["appended_at"] and found.beside[0].microseconds > 0
    reasons = {one.name: one.reason for one in (await way(client, headers, second)).absent}
    assert "not come so far" in reasons["relayed"] and "not reached" in reasons["appended"]


async def test_only_managers_see_hops(work: Work, make_client: MakeClient) -> None:
    client = await make_client("text")
    await work.add_tasks(1)
    (sent,) = await label(work, 1)
    paths = (
        f"/v1/text/submissions/{format_id('submission', sent)}/hops",
        f"/v1/text/hops?project={format_id('project', work.project)}",
    )
    stranger = await Seed(work.database).hire("owner")
    seen = {"owner": 200, "manager": 200, "reviewer": 404, "annotator": 404}
    for path in paths:
        for role, expected in seen.items():
            reply = await client.get(path, headers=await manager(work.database, role))
            assert reply.status_code == expected, (role, path)
        assert (await client.get(path, headers=stranger)).status_code == 404
    wrong = await client.get(paths[1] + "&since=2026-01-01T00:00:00Z", headers=await manager(work.database))
    assert wrong.status_code == 422 and wrong.json()["path"] == "since"
