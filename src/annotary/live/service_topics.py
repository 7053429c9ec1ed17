"""Who hears which topic, and telling them: what a topic is about is read once for all who hear it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable
from uuid import UUID

import msgspec

from annotary.eventlog.values import Position
from annotary.identity.values import Role
from annotary.infra.postgres import Database
from annotary.kernel.errors import AnnotaryError, TooLarge
from annotary.kernel.ids import format_id
from annotary.kernel.limits import (
    LIVE_SENDS_AT_ONCE_MAX,
    LIVE_TOPICS_PER_CONNECTION_MAX,
    LIVE_TOPICS_READ_AT_ONCE_MAX,
    LIVE_TURN_SECONDS_MIN,
)
from annotary.live import rules, store
from annotary.live.service_connection import Connection
from annotary.live.service_following import Follower, News
from annotary.live.service_presence import Presences
from annotary.live.values import (
    Found,
    Here,
    Notice,
    Refused,
    State,
    Subscribe,
    TaskState,
    Told,
    Topic,
    TopicKind,
)
from annotary.quality.values import Progress

KINDS: tuple[TopicKind, ...] = ("task", "me", "project", "presence")
BROADCAST = ("project", "presence")


class Hearing(msgspec.Struct):
    """How a connection hears a topic: notices up to `since` it has heard.

    Without a role its right to hear it is still to be looked at.
    """

    since: Position | None
    role: Role | None = None


class Topics:
    """The topics that connections of this process hear. `follower` and `presences` are a modality's."""

    def __init__(
        self, database: Database, seal: rules.Seal, follower: Follower | None, presences: Presences | None
    ) -> None:
        self.progress: dict[UUID, Progress] = {}
        self._database = database
        self._seal = seal
        self._follower = follower
        self._presences = presences
        self._heard: dict[Topic, dict[Connection, Hearing]] = defaultdict(dict)
        self._known: dict[Topic, Found] = {}
        self._told: dict[Topic, dict[Role, bytes]] = {}
        self._stale: set[Topic] = set()
        self._held: dict[Topic, Told] = {}

    def heard(self, *kinds: str) -> list[Topic]:
        """Return the topics of these kinds that somebody hears."""
        return [topic for topic in self._heard if topic.kind in kinds]

    def touch(self, topics: Iterable[Topic]) -> None:
        """What these are about may have changed: it is read again with the next telling."""
        self._stale.update(topic for topic in topics if topic in self._heard)

    def hear(self, connection: Connection, asked: Subscribe) -> None:
        """Let a connection hear a topic from the next telling on; raises when there is none of that name."""
        topic = rules.topic_of(asked.topic, connection.caller)
        if topic.kind not in (
            ("me", "project", "task", "presence") if self._presences else ("me", "project")
        ):
            raise rules.UnknownTopic(f"{asked.topic!r} is heard from the service of its project.")
        if topic not in connection.topics and len(connection.topics) >= LIVE_TOPICS_PER_CONNECTION_MAX:
            raise TooLarge(f"A tab hears {LIVE_TOPICS_PER_CONNECTION_MAX} topics at the most.")
        since = self._seal.position_of(asked.since) if asked.since else None
        connection.topics[topic] = None
        self._heard[topic][connection] = Hearing(since)
        self._stale.add(topic)

    def unhear(self, connection: Connection, topic: Topic) -> None:
        """A connection hears a topic no more; what waits of it is not sent."""
        if topic not in connection.topics:
            return
        del connection.topics[topic]
        connection.waiting.forget(rules.name_of(topic))
        hearers = self._heard[topic]
        hearers.pop(connection, None)
        if not hearers:
            for known in (self._heard, self._known, self._told):
                known.pop(topic, None)
        if self._presences and topic.kind == "presence":
            self._presences.remove(connection.id, topic.subject)
        if self._presences and topic.kind == "task":
            self._stay(connection)

    def look_again(self, connection: Connection) -> None:
        """What a connection may hear has changed."""
        for topic in connection.topics:
            self._heard[topic][connection].role = None
        self._stale.update(connection.topics)

    def take(self, news: News) -> None:
        """Pass on what the log says; what it says to everybody on a project, all at once, is held back."""
        for topic, told in news.notices:
            if topic.kind == "me":
                for connection, hearing in self._heard.get(topic, {}).items():
                    self._put_notice(connection, topic, hearing, told)
            elif topic in self._heard:
                self._held[topic] = told
        self.touch(Topic("me", member) for member in news.members)
        if news.tasks:
            tasks = {format_id("task", task) for task in news.tasks}
            self.touch(
                topic
                for topic, found in self._known.items()
                if isinstance(found.data, TaskState) and found.data.task in tasks
            )

    async def tell(self, *, everybody: bool) -> None:
        """Read what may have changed, and send it to whom it is new.

        What many hear, a project and its presence, is told to those who have just come, and to the others
        only with a telling to `everybody`.
        """
        stale, self._stale = self._stale & self._heard.keys(), set()
        if not everybody:
            later = {topic for topic in stale if topic.kind in BROADCAST and not self._is_new(topic)}
            self._stale, stale = later, stale - later
        for kind in KINDS:
            subjects = sorted(topic.subject for topic in stale if topic.kind == kind)
            for start in range(0, len(subjects), LIVE_TOPICS_READ_AT_ONCE_MAX):
                part = subjects[start : start + LIVE_TOPICS_READ_AT_ONCE_MAX]
                found = await self._read(kind, part)
                for subject in part:
                    topic = Topic(kind, subject)
                    await self._tell_one(topic, found.get(subject), everybody or kind not in BROADCAST)
        if everybody:
            held, self._held = self._held, {}
            for topic, told in held.items():
                async for connection, hearing in self._paced(topic):
                    self._put_notice(connection, topic, hearing, told)

    def _is_new(self, topic: Topic) -> bool:
        return any(hearing.role is None for hearing in self._heard[topic].values())

    async def _read(self, kind: str, subjects: Collection[UUID]) -> dict[UUID, Found]:
        if kind == "me":
            return await store.members(self._database, subjects, copies=self._follower is not None)
        if kind == "project":
            return await store.projects(self._database, subjects, self.progress)
        return await (store.tasks if kind == "task" else store.presences)(self._database, subjects)

    async def _tell_one(self, topic: Topic, found: Found | None, everybody: bool) -> None:
        """Send a topic's state to those who have just come, and to all others who have heard another one."""
        if found is not None and topic in self._heard:
            self._known[topic] = found
        new = self._admit(topic, found)
        hearers = self._heard.get(topic)
        if found is None or not hearers:
            return
        data = {role: rules.shown(found, role) for role in {one.role for one in hearers.values()} if role}
        name, seq = rules.name_of(topic), self._seal.seq_of(self._position)
        messages = {role: rules.encode(State(name, seq, msgspec.Raw(one))) for role, one in data.items()}
        told = self._told.get(topic, {})
        if everybody:
            self._told[topic] = data
        else:
            self._stale.add(topic)
        changed = {role for role in data if everybody and told.get(role) != data[role]}
        async for connection, hearing in self._paced(topic):
            if hearing.role in messages and (hearing.role in changed or connection in new):
                connection.put(name, messages[hearing.role], replaces=True)
                if connection in new:
                    self._put_missed(connection, topic, hearing)

    async def _paced(self, topic: Topic) -> AsyncIterator[tuple[Connection, Hearing]]:
        """Yield who hears a topic, a few at a time: a thousand tabs must not hold up one claim."""
        hearers = list(self._heard.get(topic, {}).items())
        for number, (connection, hearing) in enumerate(hearers, 1):
            if topic in connection.topics:
                yield connection, hearing
            if number % LIVE_SENDS_AT_ONCE_MAX == 0:
                await asyncio.sleep(LIVE_TURN_SECONDS_MIN)

    def _admit(self, topic: Topic, found: Found | None) -> set[Connection]:
        """Decide for those who are new to a topic whether they may hear it; returns who may."""
        admitted = set()
        for connection, hearing in list(self._heard.get(topic, {}).items()):
            if hearing.role is not None:
                continue
            try:
                hearing.role = rules.admit(connection.caller, topic, found)
            except AnnotaryError as error:
                self.unhear(connection, topic)
                self.refuse(connection, rules.name_of(topic), error)
                continue
            admitted.add(connection)
            if topic.kind in ("presence", "task"):
                self._stay(connection)
        return admitted

    def refuse(self, connection: Connection, topic: str, error: AnnotaryError) -> None:
        """Tell a connection that a topic is not its to hear."""
        connection.put(topic, rules.encode(Refused(topic, error.code, error.detail)))

    def _stay(self, connection: Connection) -> None:
        """Say where a connection is: on the projects whose presence it hears, at the task that it hears."""
        assert self._presences is not None
        at = {
            found.project_id: topic.subject
            for topic in connection.topics
            if topic.kind == "task" and (found := self._known.get(topic)) is not None
        }
        for topic in connection.topics:
            hearing = self._heard[topic].get(connection) if topic.kind == "presence" else None
            if hearing is not None and hearing.role is not None:
                here = Here(topic.subject, at.get(topic.subject))
                self._presences.put(connection.id, connection.caller.member_id, here)

    def _put_missed(self, connection: Connection, topic: Topic, hearing: Hearing) -> None:
        if hearing.since is None or self._follower is None:
            return
        missed = self._follower.missed(topic, hearing.since)
        if missed is None:
            connection.tell_gap(rules.name_of(topic))
        for told in missed or ():
            self._put_notice(connection, topic, hearing, told)

    def _put_notice(self, connection: Connection, topic: Topic, hearing: Hearing, told: Told) -> None:
        """Send a notice to who may hear it and has not."""
        if hearing.role is None or (hearing.since is not None and hearing.since >= told.position):
            return
        hearing.since = told.position
        name, seq = rules.name_of(topic), self._seal.seq_of(told.position)
        connection.put(name, rules.encode(Notice(name, seq, msgspec.Raw(rules.encode(told.data)))))

    @property
    def _position(self) -> Position:
        return (self._follower.position if self._follower else None) or Position()
