"""The log as it is told outside: by cursor, to those who may see it, and never past a late commit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient as Client

from annotary.eventlog import Event, record
from annotary.infra.postgres import Database
from annotary.kernel.ids import format_id, new_id
from annotary.kernel.limits import EVENTS_PER_BATCH_MAX
from annotary.streams.rules import cursor_text
from annotary.streams.service import start
from integration.conftest import Seed

MakeClient = Callable[[str], Awaitable[Client]]
MakeSeed = Callable[[str], Awaitable[Seed]]
PATH = "/v1/text/events"


def done(seed: Seed, subject: UUID, answers: int = 1, **more: Any) -> Event:
    return Event(
        organisation_id=seed.organisation,
        type="task.done",
        subject_id=subject,
        data={"answers": answers},
        **more,
    )


async def write(database: Database, *events: Event) -> None:
    async with database.transaction() as uow:
        await record(uow, *events)


async def ask(client: Client, headers: dict[str, str], **params: Any) -> dict[str, Any]:
    reply = await client.get(PATH, params=params, headers=headers)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def follow(client: Client, headers: dict[str, str], **params: Any) -> list[dict[str, Any]]:
    """Return every event behind a cursor, lot by lot."""
    found: list[dict[str, Any]] = []
    while True:
        lot = await ask(client, headers, **params)
        found += [item["event"] for item in lot["items"]]
        params = {**params, "cursor": lot["cursor"]}
        params.pop("since", None)
        if not lot["items"] and not lot["more"]:
            return found


async def test_lots_go_on_where_the_last_one_ended(make_seed: MakeSeed, make_client: MakeClient) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    owner = await seed.hire("owner")
    tasks = [new_id() for _ in range(25)]
    await write(seed.database, *(done(seed, task, number) for number, task in enumerate(tasks)))
    first = await ask(client, owner, limit=10)
    assert [item["event"]["data"]["answers"] for item in first["items"]] == list(range(10))
    assert first["more"] and first["cursor"] == first["items"][-1]["cursor"]
    event = first["items"][3]["event"]
    assert event["subject"] == format_id("task", tasks[3]) and event["source"] == "/annotary/text"
    # The cursor behind any one event is a place to go on from, not only that behind a lot.
    again = await follow(client, owner, limit=10, cursor=first["items"][3]["cursor"])
    assert [event["data"]["answers"] for event in again] == list(range(4, 25))
    end = await ask(client, owner, cursor="end")
    assert end["items"] == [] and not end["more"]
    await write(seed.database, done(seed, tasks[0], 99))
    assert [event["data"]["answers"] for event in await follow(client, owner, cursor=end["cursor"])] == [99]


async def test_filters_go_past_what_is_not_wanted(make_seed: MakeSeed, make_client: MakeClient) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    owner = await seed.hire("owner")
    project, other = await seed.project(), await seed.project()
    (mine,), (theirs,) = await seed.tasks(project, [{"text": "a"}]), await seed.tasks(other, [{"text": "b"}])
    # More than one look at the log lies between the two that are wanted.
    await write(seed.database, done(seed, mine, 1), done(seed, theirs, 2))
    await write(seed.database, *(done(seed, theirs, 3) for _ in range(EVENTS_PER_BATCH_MAX + 5)))
    await write(seed.database, done(seed, mine, 4))
    by_project = await follow(client, owner, project=format_id("project", project))
    by_subject = await follow(client, owner, subject=format_id("task", mine))
    assert [event["data"]["answers"] for event in by_project] == [1, 4]
    assert by_subject == by_project
    assert await follow(client, owner, types="task.done_,outcome.") == []
    lanes = [await follow(client, owner, lane=lane, lanes=3, types="task.") for lane in range(3)]
    assert sum(map(len, lanes)) == EVENTS_PER_BATCH_MAX + 8
    for subject in (mine, theirs):
        held = [any(event["subject"] == format_id("task", subject) for event in lane) for lane in lanes]
        assert held.count(True) == 1, "all events of a subject fall into one lane"


async def test_each_sees_what_the_role_allows(make_seed: MakeSeed, make_client: MakeClient) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    stranger = await make_seed("text")
    project, other = await seed.project(), await seed.project()
    (mine,), (theirs,) = await seed.tasks(project, [{"text": "a"}]), await seed.tasks(other, [{"text": "b"}])
    told = {"reason": "no more", "outcome": new_id(), "version": 1}

    def withdrawn(task: UUID) -> Event:
        return Event(organisation_id=seed.organisation, type="outcome.withdrawn", subject_id=task, data=told)

    await write(seed.database, done(seed, mine), withdrawn(mine), withdrawn(theirs))
    seen = {}
    for role in ("manager", "reviewer"):
        headers = await seed.hire(role, project=project)
        seen[role] = [event["type"] for event in await follow(client, headers)]
        named = {"project": format_id("project", other)}
        assert (await client.get(PATH, params=named, headers=headers)).status_code == 404
    assert seen == {"manager": ["task.done", "outcome.withdrawn"], "reviewer": ["outcome.withdrawn"]}
    annotator = await seed.hire("annotator", project=project)
    assert (await client.get(PATH, headers=annotator)).status_code == 403
    assert await follow(client, await stranger.hire("owner")) == []
    assert len(await follow(client, await seed.hire("owner"))) == 3


async def test_a_wait_ends_with_the_first_event_and_not_before_a_late_commit(
    make_seed: MakeSeed, make_client: MakeClient
) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    owner = await seed.hire("owner")
    begin = (await ask(client, owner, cursor="end"))["cursor"]
    async with seed.database.pool.acquire() as slow:
        late = slow.transaction()
        await late.start()
        await record(slow, done(seed, new_id(), 1))
        await write(seed.database, done(seed, new_id(), 2))
        assert (await ask(client, owner, cursor=begin))["items"] == [], "an older transaction is open"
        waiting = asyncio.create_task(ask(client, owner, cursor=begin, wait_ms=20_000))
        done_early, _ = await asyncio.wait({waiting}, timeout=0.5)
        assert not done_early
        await late.commit()
    lot = await asyncio.wait_for(waiting, 10)
    assert {item["event"]["data"]["answers"] for item in lot["items"]} == {1, 2}
    quiet = await ask(client, owner, cursor=lot["cursor"], wait_ms=50)
    assert quiet["items"] == []


async def test_since_begins_with_a_time(make_seed: MakeSeed, make_client: MakeClient) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    owner, begun = await seed.hire("owner"), datetime(2026, 1, 1, tzinfo=UTC)
    for hour in range(48):
        await write(seed.database, done(seed, new_id(), hour, occurred_at=begun + timedelta(hours=hour)))
    since = (begun + timedelta(hours=30, minutes=1)).isoformat()
    assert [event["data"]["answers"] for event in await follow(client, owner, since=since)] == [
        *range(31, 48)
    ]
    # What comes late from before the time is left out however far the cursor has come.
    lot = await ask(client, owner, since=since)
    await write(seed.database, done(seed, new_id(), 1, occurred_at=begun), done(seed, new_id(), 99))
    later = await follow(client, owner, cursor=lot["cursor"])
    assert [event["data"]["answers"] for event in later] == [99]


async def test_a_time_inside_a_restored_log_is_found(make_seed: MakeSeed, make_client: MakeClient) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    owner, begun = await seed.hire("owner"), datetime(2026, 1, 1, tzinfo=UTC)
    # Restoring a backup writes all its events in one transaction.
    hours = [done(seed, new_id(), hour, occurred_at=begun + timedelta(hours=hour)) for hour in range(48)]
    await write(seed.database, *hours)
    await write(seed.database, done(seed, new_id(), 48, occurred_at=begun + timedelta(hours=48)))
    for hour in (0, 30, 48):
        since = (begun + timedelta(hours=hour)).isoformat()
        found = [event["data"]["answers"] for event in await follow(client, owner, since=since)]
        assert found == list(range(hour, 49))


async def test_a_time_goes_past_nothing_that_is_still_open(
    make_seed: MakeSeed, make_client: MakeClient
) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    owner = await seed.hire("owner")
    await write(seed.database, done(seed, new_id(), 0, occurred_at=datetime.now(UTC) - timedelta(hours=1)))
    since = datetime.now(UTC).isoformat()
    async with seed.database.pool.acquire() as slow:
        late = slow.transaction()
        await late.start()
        await record(slow, done(seed, new_id(), 1))
        await write(seed.database, done(seed, new_id(), 2))
        cursor = (await ask(client, owner, since=since))["cursor"]
        await late.commit()
    assert [one["data"]["answers"] for one in await follow(client, owner, cursor=cursor)] == [1, 2]


async def test_a_project_is_followed_from_when_it_was_made(
    make_seed: MakeSeed, make_client: MakeClient
) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    owner, begun = await seed.hire("owner"), datetime(2026, 1, 1, tzinfo=UTC)
    project = await seed.project()
    (task,) = await seed.tasks(project, [{"text": "a"}])
    for hour in range(48):
        await write(seed.database, done(seed, task, hour, occurred_at=begun + timedelta(hours=hour)))
    born_at = begun + timedelta(hours=40)
    await seed.database.execute("UPDATE projects SET created_at = $2 WHERE id = $1", project, born_at)
    named = {"project": format_id("project", project)}
    followed = [event["data"]["answers"] for event in await follow(client, owner, **named)]
    assert followed == [*range(40, 48)], "what was before is of no concern, and is not gone through"
    begin = await start(seed.database, None, None, born_at=born_at)
    again = await follow(client, owner, **named, cursor=cursor_text(begin))
    assert [event["data"]["answers"] for event in again] == followed


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"cursor": "bm9uc2Vuc2U"}, 400, "wrong_cursor"),
        ({"limit": 0}, 400, "malformed"),
        ({"lanes": 4, "lane": 4}, 400, "malformed"),
        ({"types": ","}, 400, "malformed"),
        ({"cursor": "end", "since": "2026-01-01T00:00:00Z"}, 400, "malformed"),
        ({"project": "prj_" + "0" * 32}, 404, "not_found"),
    ],
)
async def test_what_is_asked_wrongly_is_said(
    make_seed: MakeSeed, make_client: MakeClient, params: dict[str, Any], status: int, code: str
) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    reply = await client.get(PATH, params=params, headers=await seed.hire("owner"))
    assert (reply.status_code, reply.json()["code"]) == (status, code), reply.text


async def test_a_cursor_of_another_log_is_refused(make_seed: MakeSeed, make_client: MakeClient) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    owner = await seed.hire("owner")
    await write(seed.database, done(seed, new_id()))
    cursor = (await ask(client, owner))["cursor"]
    # What restoring a backup does: the transactions of the old server mean nothing.
    await seed.database.execute("UPDATE events SET transaction_id = pg_current_xact_id()")
    reply = await client.get(PATH, params={"cursor": cursor}, headers=owner)
    assert (reply.status_code, reply.json()["code"]) == (409, "cursor_lost")
    image = await make_client("image")
    copied = await make_seed("image")
    copied.organisation = seed.organisation
    reply = await image.get("/v1/image/events", params={"cursor": cursor}, headers=await copied.hire("owner"))
    assert (reply.status_code, reply.json()["code"]) == (400, "wrong_cursor")
