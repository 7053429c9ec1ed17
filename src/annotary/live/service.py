"""Live updates of one service in one process: the connections, and the one loop that feeds them all."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Protocol
from uuid import UUID

import structlog

from annotary.identity.values import Caller
from annotary.infra.gate import RateLimiter
from annotary.infra.postgres import Database, meaning
from annotary.infra.telemetry import LIVE_CONNECTIONS, LIVE_ENDED
from annotary.kernel.clock import Monotonic, monotonic_seconds
from annotary.kernel.errors import AnnotaryError, Unauthenticated, Unavailable
from annotary.kernel.limits import (
    LIVE_BROADCAST_SECONDS,
    LIVE_CHECKED_SECONDS_MAX,
    LIVE_COMMANDS_BURST_MAX,
    LIVE_COMMANDS_PER_SECOND_MAX,
    LIVE_CONNECTIONS_MAX,
    LIVE_CONNECTIONS_PER_MEMBER_MAX,
    LIVE_LINGER_SECONDS,
    LIVE_LOOK_SECONDS,
    LIVE_TURN_SECONDS_MIN,
    PROGRESS_KEPT_SECONDS_MIN,
)
from annotary.live import rules
from annotary.live.service_connection import Connection
from annotary.live.service_following import Follower
from annotary.live.service_presence import Presences
from annotary.live.service_topics import Topics
from annotary.live.values import Closing, Command, Pong, Subscribe, Topic
from annotary.quality.values import Progress

# What looks at many things pauses so many times as long as it took: 5 % of a connection at the most.
PAUSE_PER_DURATION = 20
log = structlog.get_logger(__name__)


class Counts(Protocol):
    """What counts how far projects are."""

    async def of(self, project_id: UUID) -> Progress:
        """Return a project's counts, which may be a little old."""


class Live:
    """The connections of one process.

    What is asked of the database is asked for all of them together, in one loop with a pause; what a client
    does only leaves a note for that loop. So it costs the service's requests nothing that grows with clients.
    Without connections nothing is asked at all.
    """

    def __init__(
        self,
        database: Database,
        signing_key: bytes,
        counts: Counts | None = None,
        monotonic: Monotonic = monotonic_seconds,
    ) -> None:
        """`counts` is there in a modality: only it has tasks, hence a log to follow and people at work."""
        self.connections: dict[Connection, None] = {}
        self.monotonic = monotonic
        self._counts = counts
        self._follower = Follower(database) if counts else None
        self._presences = Presences(database, monotonic) if counts else None
        self.topics = Topics(database, rules.Seal(signing_key), self._follower, self._presences)
        self._of_member: Counter[UUID] = Counter()
        self._limiter = RateLimiter(LIVE_COMMANDS_PER_SECOND_MAX, LIVE_COMMANDS_BURST_MAX, monotonic)
        self._wake = asyncio.Event()
        self._listened_at = monotonic() - LIVE_LINGER_SECONDS
        self._check_from = self._check_by = monotonic()
        self._broadcast_at = 0.0
        self._members_changed = False
        LIVE_CONNECTIONS.set_function(lambda: len(self.connections))

    def require_room(self) -> None:
        """Raise Unavailable when there are as many connections as one process serves."""
        if len(self.connections) >= LIVE_CONNECTIONS_MAX:
            raise Unavailable("As many tabs listen as this service can tell: the page works on without it.")

    def unwanted(self, caller: Caller) -> Closing | None:
        """Say why a member may not open one more tab now, if so."""
        if not self.allow(caller.member_id):
            return Closing.TOO_FAST
        if self._of_member[caller.member_id] >= LIVE_CONNECTIONS_PER_MEMBER_MAX:
            return Closing.TOO_MANY_TABS
        return None

    def allow(self, who: UUID) -> bool:
        """Count a command of a connection, or a connection of a member; False when they come too fast."""
        wait, _ = self._limiter.take(who.bytes)
        return wait <= 0

    @contextlib.contextmanager
    def listening(self, connection: Connection) -> Iterator[None]:
        """Hold a connection among those that are fed."""
        member = connection.caller.member_id
        self.connections[connection] = None
        self._of_member[member] += 1
        self._wake.set()
        try:
            yield
        finally:
            self._forget(connection)
            self._of_member[member] -= 1
            self._of_member += Counter()
            self._listened_at = self.monotonic()
            LIVE_ENDED.labels(connection.ended_with.name.lower() if connection.ended_with else "left").inc()

    def obey(self, connection: Connection, command: Command) -> None:
        """Do what a tab says."""
        if isinstance(command, Pong):
            return
        try:
            if isinstance(command, Subscribe):
                self.topics.hear(connection, command)
                self._wake.set()
            else:
                self.topics.unhear(connection, rules.topic_of(command.topic, connection.caller))
        except AnnotaryError as error:
            self.topics.refuse(connection, command.topic, error)

    def changed(self) -> None:
        """Members, tokens or projects changed: who hears what is looked at again, and what they hear."""
        self._members_changed = True
        if self.connections:
            self._wake.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Feed the connections; with the service they end, and their members are not present any more."""
        tasks = [asyncio.create_task(self._feed()), asyncio.create_task(self._keep_counting())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            if self._presences:
                with contextlib.suppress(Exception):
                    await self._presences.end()

    async def _feed(self) -> None:
        while True:
            if not self.connections and self.monotonic() - self._listened_at >= LIVE_LINGER_SECONDS:
                self._rest()
                await self._wake.wait()
            self._wake.clear()
            try:
                await self.turn()
            except Exception as error:
                if meaning(error) is None:
                    log.exception("live updates failed")
            await asyncio.sleep(LIVE_TURN_SECONDS_MIN)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LIVE_LOOK_SECONDS):
                    await self._wake.wait()

    def _rest(self) -> None:
        """Nobody has listened for a while: forget what would grow old."""
        if self._follower:
            self._follower.rest()
        self.topics.progress.clear()

    async def turn(self) -> None:
        """Look once at what may have changed, and tell it: what concerns many tabs once a second."""
        if self.monotonic() >= (self._check_from if self._members_changed else self._check_by):
            await self._check_members()
        if self._follower:
            for news in await self._follower.next():
                self.topics.take(news)
        now = self.monotonic()
        everybody = now >= self._broadcast_at
        if everybody:
            self._broadcast_at = now + LIVE_BROADCAST_SECONDS
            if self._presences:
                await self._presences.keep()
                self.topics.touch(self.topics.heard("presence"))
        await self.topics.tell(everybody=everybody)

    async def _check_members(self) -> None:
        """Look again at who everybody is; whose session or token has ended is sent away."""
        began, self._members_changed = self.monotonic(), False
        for connection in list(self.connections):
            try:
                caller = await connection.check()
            except Unauthenticated:
                self._forget(connection)
                connection.close(Closing.UNAUTHENTICATED)
                continue
            except Exception:
                # Who it is cannot be known now; it was known a moment ago.
                self._members_changed = True
                raise
            if caller != connection.caller:
                connection.caller = caller
                self.topics.look_again(connection)
        self.topics.touch(self.topics.heard("me", "project"))
        ended = self.monotonic()
        self._check_from = ended + PAUSE_PER_DURATION * (ended - began)
        self._check_by = ended + LIVE_CHECKED_SECONDS_MAX

    def _forget(self, connection: Connection) -> None:
        self.connections.pop(connection, None)
        for topic in list(connection.topics):
            self.topics.unhear(connection, topic)
        if self._presences:
            self._presences.remove(connection.id)

    async def _keep_counting(self) -> None:
        """Count how far the projects are that somebody hears of, while something goes on in the log.

        A count may have been kept for a while, so it goes on for a while after the log stood still.
        """
        seen, quiet_from = -1, 0.0
        while self._counts and self._follower:
            began = self.monotonic()
            if self._follower.seen != seen:
                seen, quiet_from = self._follower.seen, began + LIVE_LINGER_SECONDS
            heard = [topic.subject for topic in self.topics.heard("project")]
            known = self.topics.progress
            for project in heard:
                if began < quiet_from or project not in known:
                    with contextlib.suppress(Exception):
                        await self._count(project)
            for project in known.keys() - set(heard):
                del known[project]
            took = self.monotonic() - began
            await asyncio.sleep(max(PROGRESS_KEPT_SECONDS_MIN, PAUSE_PER_DURATION * took))

    async def _count(self, project: UUID) -> None:
        assert self._counts is not None
        found = await self._counts.of(project)
        if self.topics.progress.get(project) != found:
            self.topics.progress[project] = found
            self.topics.touch([Topic("project", project)])
