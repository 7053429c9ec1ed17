"""What the log says to whom, and several processes on one database: turned by hand, the clock stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest_asyncio

from annotary.eventlog import record
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Database
from annotary.kernel.ids import format_id, new_id
from annotary.kernel.limits import EVENTS_PER_BATCH_MAX, LIVE_EVENTS_BACK_MAX, LIVE_TOPICS_PER_CONNECTION_MAX
from annotary.live.service import Live
from annotary.live.service_connection import Connection
from annotary.live.values import Subscribe, Unsubscribe
from annotary.quality.service_outcomes import ProgressCounts
from integration.conftest import Seed
from integration.facts import fact_about

Connect = Callable[..., Awaitable[Database]]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Process:
    """One process of the service; a turn is a second later each time."""

    def __init__(self, database: Database) -> None:
        self.now = 100.0
        self.live = Live(database, b"key", ProgressCounts(database), lambda: self.now)

    async def turn(self) -> None:
        self.now += 1.0
        await self.live.turn()

    def tab(self, caller: Caller) -> Tab:
        tab = Tab(self, caller)
        self.live.connections[tab.connection] = None
        return tab


class Tab:
    """A connection whose other end takes what waits for it. `caller` may change, as rights do."""

    def __init__(self, process: Process, caller: Caller) -> None:
        self.caller = caller
        self.process = process

        async def check() -> Caller:
            return self.caller

        async def never(*_: Any) -> Any:
            raise AssertionError

        self.connection = Connection(
            never, never, caller, check=check, allow=lambda _: True, monotonic=lambda: process.now
        )
        self.take()

    def subscribe(self, topic: str, since: str | None = None) -> None:
        self.process.live.obey(self.connection, Subscribe(topic, since))

    def take(self) -> list[dict[str, Any]]:
        """Return what was sent since the last time."""
        found = []
        while (message := self.connection.waiting.take()) is not None:
            found.append(msgspec.json.decode(message))
        return found

    def kinds(self) -> list[str]:
        return [one["data"]["kind"] for one in self.take() if one["type"] == "notice"]


class Place:
    """A project of texts with three tasks, and people on it."""

    def __init__(self, database: Database, seed: Seed) -> None:
        self.database = database
        self.seed = seed

    async def prepare(self) -> Place:
        self.project = await self.seed.project()
        self.tasks = await self.seed.tasks(self.project, [{"text": f"{n}"} for n in range(3)])
        self.topic = f"project:{format_id('project', self.project)}"
        self.presence = f"presence:{format_id('project', self.project)}"
        return self

    async def member(self, name: str, role: Role = Role.ANNOTATOR) -> Caller:
        member = new_id()
        await self.database.execute(
            "INSERT INTO members (id, organisation_id, name, role) VALUES ($1, $2, $3, $4)",
            *(member, self.seed.organisation, name, role.word),
        )
        return Caller(member, self.seed.organisation, role, name, {self.project: role})

    async def tell(self, kind: str, subject: UUID, by: UUID | None = None, **data: Any) -> None:
        async with self.database.transaction() as uow:
            await record(uow, fact_about(self.seed.organisation, kind, subject, by, **data))

    async def others_act(self, times: int) -> None:
        """Let the log grow by what concerns nobody here."""
        fact = fact_about(new_id(), "answers.changed", new_id())
        async with self.database.transaction() as uow:
            await record(uow, *[fact] * times)

    async def lease(self, task: UUID, holder: Caller) -> UUID:
        assignment = new_id()
        await self.database.execute(
            "INSERT INTO assignments (id, task_id, project_id, organisation_id, member_id, fence,"
            " ontology_version_id, instructions_version, claimed_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, 1, $3, 0, now(), now() + interval '1 hour')",
            *(assignment, task, self.project, self.seed.organisation, holder.member_id),
        )
        return assignment


@pytest_asyncio.fixture
async def place(connect: Connect, database_url: str) -> Place:
    database = await connect(database_url, "text")
    return await Place(database, Seed(database)).prepare()


async def test_each_hears_what_concerns_them(place: Place) -> None:
    process = Process(place.database)
    ada, ben, rita = [await place.member(name) for name in ("Ada", "Ben", "Rita")]
    tabs = [process.tab(one) for one in (ada, ben)]
    for tab in tabs:
        tab.subscribe("me")
        tab.subscribe(place.topic)
    await process.turn()
    assert all({one["type"] for one in tab.take()} == {"state"} for tab in tabs)
    await place.database.execute(
        "UPDATE tasks SET reserved_for = $2 WHERE id = $1", place.tasks[0], ada.member_id
    )
    # Rework that is kept for its author is nobody else's work.
    await place.tell("task.requeued", place.tasks[0], reason="again")
    await process.turn()
    assert [tab.kinds() for tab in tabs] == [["rework"], []]
    await place.tell("task.released", place.tasks[1])
    await place.tell("task.released", place.tasks[2])
    await place.tell("task.cancelled", place.tasks[2])
    await process.turn()
    assert [tab.kinds() for tab in tabs] == [["work_available"], ["work_available"]]
    await place.lease(place.tasks[1], ben)
    issue = new_id()
    await place.database.execute(
        "INSERT INTO issues (id, task_id, project_id, organisation_id, text, raised_by, raised_at)"
        " VALUES ($1, $2, $3, $4, 'x', $5, now())",
        *(issue, place.tasks[1], place.project, place.seed.organisation, ada.member_id),
    )
    await place.tell("issue.commented", place.tasks[1], ben.member_id, issue=str(issue))
    await place.tell("annotator.paused", ben.member_id, project=format_id("project", place.project))
    await place.tell("annotator.qualified", rita.member_id, project=format_id("project", place.project))
    await process.turn()
    assert [tab.kinds() for tab in tabs] == [["issue_commented"], ["annotator_paused"]]


async def test_what_was_missed_is_told_by_any_process_or_owned_up_to(place: Place) -> None:
    first, second = Process(place.database), Process(place.database)
    ada = await place.member("Ada")
    tab = first.tab(ada)
    tab.subscribe("me")
    await first.turn()
    [state] = tab.take()
    for word in ("paused", "resumed", "paused"):
        await place.tell(f"annotator.{word}", ada.member_id, project=format_id("project", place.project))
        await first.turn()
    notices = [one for one in tab.take() if one["type"] == "notice"]
    assert len(notices) == 3
    again = second.tab(ada)
    again.subscribe("me", notices[0]["seq"])
    await second.turn()
    assert again.kinds() == ["annotator_resumed", "annotator_paused"]
    late = second.tab(ada)
    late.subscribe("me", state["seq"])
    await second.turn()
    assert len(late.kinds()) == 3
    await place.others_act(EVENTS_PER_BATCH_MAX + 500)
    await place.tell("annotator.paused", ada.member_id, project=format_id("project", place.project))
    await place.others_act(LIVE_EVENTS_BACK_MAX - EVENTS_PER_BATCH_MAX - 510)
    fresh = Process(place.database)
    tab = fresh.tab(ada)
    tab.subscribe("me")
    for _ in range(3):
        await fresh.turn()
    assert tab.kinds() == [], "what happened before somebody came is no news"
    await place.others_act(20)
    third = Process(place.database)
    tab = third.tab(ada)
    tab.subscribe("me", notices[0]["seq"])
    for _ in range(3):
        await third.turn()
    assert [one["type"] for one in tab.take()] == ["gap", "state"]


async def test_a_lease_is_told_of_when_it_ends_and_only_then(place: Place) -> None:
    process = Process(place.database)
    ada, ben = [await place.member(name) for name in ("Ada", "Ben")]
    lease = await place.lease(place.tasks[0], ada)
    topic = f"task:{format_id('assignment', lease)}"
    hers, his = process.tab(ada), process.tab(ben)
    for tab in (hers, his):
        tab.subscribe(topic)
    await process.turn()
    assert hers.take()[0]["data"]["state"] == "leased"
    assert [(one["type"], one["topic"]) for one in his.take()] == [("refused", topic)]
    await place.tell("task.released", place.tasks[0])
    await process.turn()
    assert hers.take() == [], "another one's lease of the same task has ended"
    await place.database.execute(
        "UPDATE assignments SET expires_at = now() - interval '1 s' WHERE id = $1", lease
    )
    await place.tell("task.expired", place.tasks[0], assignment=str(lease))
    await process.turn()
    assert [one["data"]["state"] for one in hers.take()] == ["expired"]
    process.live.obey(hers.connection, Unsubscribe(topic))
    await place.tell("task.expired", place.tasks[0])
    await process.turn()
    assert hers.take() == []


async def test_presence_is_that_of_all_processes_and_of_none_that_died(place: Place) -> None:
    first, second = Process(place.database), Process(place.database)
    ada, rita = await place.member("Ada"), await place.member("Rita", Role.REVIEWER)
    lease = await place.lease(place.tasks[0], ada)
    hers, watching = first.tab(ada), second.tab(rita)
    for topic in (place.presence, f"task:{format_id('assignment', lease)}"):
        hers.subscribe(topic)
    watching.subscribe(place.presence)

    async def people() -> list[tuple[str, str | None]]:
        for process in (first, second, first, second):
            await process.turn()
        states = [one for one in watching.take() if one["type"] == "state"]
        return [(one["name"], one["task"]) for one in states[-1]["data"]["members"]] if states else []

    assert sorted(await people()) == [("Ada", format_id("task", place.tasks[0])), ("Rita", None)]
    assert await people() == [], "what did not change is not told again"
    # The first process is killed: its rows are not kept fresh any more, and go.
    await place.database.execute(
        "UPDATE presences SET seen_at = seen_at - $2::interval WHERE member_id = $1",
        *(ada.member_id, timedelta(seconds=61)),
    )
    await second.turn()
    assert [one["data"]["count"] for one in watching.take()] == [1]
    second.now += 30
    await second.turn()
    assert await place.database.pool.fetchval("SELECT count(*) FROM presences") == 1


async def test_rights_that_change_change_what_is_heard(place: Place) -> None:
    process = Process(place.database)
    tab = process.tab(await place.member("Ada"))
    tab.subscribe(place.topic)
    await process.turn()
    assert [one["type"] for one in tab.take()] == ["state"]
    tab.caller = msgspec.structs.replace(tab.caller, projects={})
    process.live.changed()
    await process.turn()
    assert [one["type"] for one in tab.take()] == ["refused"] and not tab.connection.topics
    await place.tell("task.released", place.tasks[0])
    await process.turn()
    assert tab.take() == []


async def test_a_tab_has_so_many_topics_and_no_more(place: Place) -> None:
    process = Process(place.database)
    tab = process.tab(await place.member("Ada"))
    for number in range(LIVE_TOPICS_PER_CONNECTION_MAX + 1):
        tab.subscribe(f"project:{format_id('project', UUID(int=number))}")
    assert [one["code"] for one in tab.take()] == ["too_large"]
    await process.turn()
    assert {one["code"] for one in tab.take()} == {"not_found"}
    tab.subscribe("me")
    await process.turn()
    assert [one["type"] for one in tab.take()] == ["state"]
