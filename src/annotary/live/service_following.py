"""What the log says to topics: which states to read again, and notices, of which the last ones are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from annotary.eventlog import store as eventlog_store
from annotary.eventlog.values import Event, Position
from annotary.infra.postgres import Database
from annotary.kernel.ids import format_id
from annotary.kernel.limits import EVENTS_PER_BATCH_MAX, LIVE_EVENTS_BACK_MAX, LIVE_RINGS_MAX
from annotary.live import store
from annotary.live.rules import Ring
from annotary.live.store import QUERIES
from annotary.live.values import Told, Topic

# What may end a lease, or leave a task to be given out.
OF_TASKS = frozenset(
    f"task.{word}"
    for word in (
        *("expired", "revoked", "cancelled", "requeued", "reassigned", "released", "skipped"),
        *("resumed", "freed", "extended"),
    )
)
KEPT_FOR_SOMEBODY = {"task.requeued": "rework", "task.reassigned": "reassigned"}
TYPES = (*sorted(OF_TASKS), "tasks.released", "batch.changed", "issue.", "annotator.")


class News(NamedTuple):
    """What a part of the log says: tasks and members whose states changed, and notices in their order."""

    tasks: set[UUID]
    members: set[UUID]
    notices: list[tuple[Topic, Told]]


class Follower:
    """Follows the log of one service in this process, from a little before its end, while anybody listens."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rings: OrderedDict[Topic, Ring] = OrderedDict()
        self.floor = Position()
        self.position: Position | None = None
        self.seen = 0

    def rest(self) -> None:
        """Forget everything: nobody listens."""
        self._rings.clear()
        self.position = None

    async def next(self) -> list[News]:
        """Read on to the end of the log: at the beginning all of it before anybody is told anything."""
        if self.position is None:
            self.floor = self.position = await store.log_start(self._database, LIVE_EVENTS_BACK_MAX)
        found, full = [], True
        while full:
            ahead = await eventlog_store.read_after(
                self._database, self.position, EVENTS_PER_BATCH_MAX, TYPES
            )
            news = await self._news(ahead.events)
            for topic, told in news.notices:
                self._keep(topic, told)
            found.append(news)
            self.position, self.seen = ahead.end, self.seen + ahead.seen
            full = ahead.seen == EVENTS_PER_BATCH_MAX
        return found

    def missed(self, topic: Topic, since: Position) -> Sequence[Told] | None:
        """Return the notices of a topic after a place in the log; None when that is too long ago."""
        ring = self._rings.get(topic)
        if ring is None:
            return None if since < self.floor else []
        return ring.after(since)

    def _keep(self, topic: Topic, told: Told) -> None:
        ring = self._rings.setdefault(topic, Ring(self.floor))
        ring.add(told)
        self._rings.move_to_end(topic)
        if len(self._rings) > LIVE_RINGS_MAX:
            # What this one knew is not known any more: nobody may think that they missed nothing.
            _, dropped = self._rings.popitem(last=False)
            self.floor = max(
                [self.floor, dropped.floor, *(one.position for one in dropped.after(dropped.floor) or ())]
            )

    async def _news(self, events: Sequence[Event]) -> News:
        news = News(set(), set(), [])
        places = await self._places(events)
        concerned = await self._concerned(events)
        work: dict[UUID, Position] = {}
        for event in events:
            at, kind = Position(event.transaction_id, event.sequence), event.type
            if kind.startswith("annotator."):
                news.members.add(event.subject_id)
                _note(news, [event.subject_id], at, kind.replace(".", "_"), project=_outside(event))
            elif kind.startswith("issue."):
                for row in concerned.get(_issue(event), ()):
                    if row["member_id"] != event.actor_id:
                        subject = {name: format_id(name, row[f"{name}_id"]) for name in ("task", "project")}
                        issue = format_id("issue", row["id"])
                        _note(news, [row["member_id"]], at, kind.replace(".", "_"), issue=issue, **subject)
            else:
                self._of_work(news, work, event, at, places)
        for project, at in sorted(work.items(), key=lambda pair: pair[1]):
            news.notices.append((Topic("project", project), Told(at, {"kind": "work_available"})))
        return news

    def _of_work(
        self, news: News, work: dict[UUID, Position], event: Event, at: Position, places: dict[UUID, Any]
    ) -> None:
        """Note what an event says of tasks to be given out."""
        if event.type in OF_TASKS:
            news.tasks.add(event.subject_id)
        if event.type == "tasks.released":
            work[UUID(hex=event.data["project"])] = at
            return
        place = places.get(event.subject_id)
        if place is None or event.type == "task.cancelled":
            return
        kept_for = place["kept_for"] if event.type in KEPT_FOR_SOMEBODY else None
        if kept_for is None:
            work[place["project_id"]] = at
            return
        task, project = format_id("task", event.subject_id), format_id("project", place["project_id"])
        _note(news, [kept_for], at, KEPT_FOR_SOMEBODY[event.type], task=task, project=project)

    async def _places(self, events: Sequence[Event]) -> dict[UUID, Any]:
        tasks = {event.subject_id for event in events if event.type in OF_TASKS}
        batches = {event.subject_id for event in events if event.type == "batch.changed"}
        rows = await self._database.fetch(QUERIES.places_of_tasks, list(tasks)) if tasks else []
        if batches:
            rows += await self._database.fetch(QUERIES.places_of_batches, list(batches))
        return {row["id"]: row for row in rows}

    async def _concerned(self, events: Sequence[Event]) -> dict[UUID, list[Any]]:
        issues = {_issue(event) for event in events if event.type.startswith("issue.")}
        found: dict[UUID, list[Any]] = {}
        if issues:
            for row in await self._database.fetch(QUERIES.concerned_by_issues, list(issues)):
                found.setdefault(row["id"], []).append(row)
        return found


def _note(news: News, members: Iterable[UUID], at: Position, kind: str, **data: str) -> None:
    for member in members:
        news.notices.append((Topic("me", member), Told(at, {"kind": kind, **data})))


def _issue(event: Event) -> UUID:
    return UUID(hex=str(event.data["issue"]))


def _outside(event: Event) -> str:
    """Return the project of an event about an annotator: some name it inside, some outside."""
    project = str(event.data["project"])
    return project if project.startswith("prj_") else format_id("project", UUID(hex=project))
