"""Lots of the log by cursor: where to begin, what is looked at, and waiting for what is to come."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from annotary.eventlog import store as eventlog_store
from annotary.eventlog.registry import cloud_event
from annotary.eventlog.values import Event, Only, Position
from annotary.identity.values import Caller, Role
from annotary.infra.http import WrongToken, decode_token, encode
from annotary.infra.postgres import Database
from annotary.kernel.errors import Malformed
from annotary.kernel.limits import (
    CLOCKS_APART_SECONDS_MAX,
    EVENTS_PER_BATCH_MAX,
    STREAM_EVENTS_LOOKED_AT_MAX,
)
from annotary.projects.service import read_project
from annotary.streams import rules, store
from annotary.streams.errors import CursorLost
from annotary.streams.service_pulse import Pulse
from annotary.streams.values import Asked, Cursor, Entry, Lot, Sight

Idle = Callable[[], AbstractContextManager[None]]
# Before every log: a time that is earlier means the same, and leaves room for arithmetic.
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Source(Protocol):
    """What can be followed: each look goes past a bounded part of the log."""

    async def look(self, cursor: Cursor, limit: int) -> Lot:
        """Return up to `limit` entries behind a cursor."""


async def start(
    database: Database,
    cursor: str | None,
    since: datetime | None,
    *,
    service: str | None = None,
    born_at: datetime | None = None,
) -> Cursor:
    """Return where to begin: behind a client's cursor, at the `end`, at a time, or with the first fact.

    `born_at` is when what is asked for came to be, by another service's clock: the first fact of it is not
    looked for before. A time without a zone is in UTC. Raises CursorLost where the log is another than the
    cursor's.
    """
    own = service or database.schema
    if cursor and since is not None:
        raise Malformed("Send cursor or since, not both: a cursor says where to go on.", path="since")
    if cursor == "end":
        return Cursor(own, await eventlog_store.log_end(database))
    if cursor:
        found = rules.cursor_of(cursor, own)
        if found.position.sequence and not await eventlog_store.log_has(database, found.position):
            raise CursorLost
        return found
    if since is not None:
        since = max(since if since.tzinfo else since.replace(tzinfo=UTC), LONG_AGO)
        return Cursor(own, await eventlog_store.position_before(database, since), 0, since)
    if born_at is not None:
        first = born_at - timedelta(seconds=CLOCKS_APART_SECONDS_MAX)
        return Cursor(own, await eventlog_store.position_before(database, first))
    return Cursor(own)


async def next_lot(source: Source, pulse: Pulse, asked: Asked, idle: Idle) -> Lot:
    """Return the next entries: when there are any, when the wait is over, or when enough was looked at."""
    deadline = time.monotonic() + asked.wait_seconds
    cursor, looked_at = asked.cursor, 0
    while True:
        lot = await source.look(cursor, asked.limit)
        cursor, looked_at = lot.end, looked_at + EVENTS_PER_BATCH_MAX
        if lot.entries or (lot.more and looked_at >= STREAM_EVENTS_LOOKED_AT_MAX):
            return lot
        if lot.more:
            continue
        left = deadline - time.monotonic()
        if left <= 0 or pulse.closed.is_set():
            return lot
        with idle():
            await pulse.past(cursor.position, left)
        looked_at = 0


class EventSource:
    """The events that a member may see, of those that are asked for."""

    def __init__(self, database: Database, sight: Sight, asked: Asked) -> None:
        self._database = database
        self._sight = sight
        self._project = asked.project
        self._only = Only(
            types=asked.types,
            organisation_id=sight.organisation_id,
            subject_id=asked.subject,
            lane=asked.lane,
            lanes=asked.lanes,
        )

    async def look(self, cursor: Cursor, limit: int) -> Lot:
        """Return up to `limit` events behind a cursor."""
        only = msgspec.structs.replace(self._only, since=cursor.since)
        ahead = await eventlog_store.read_after(
            self._database, cursor.position, EVENTS_PER_BATCH_MAX, only=only
        )
        seen = await self.seen_of(ahead.events)
        entries = [_entry(event, cursor) for event in seen[:limit]]
        if len(seen) > limit:
            return Lot(entries, _behind(cursor, seen[limit - 1]), True)
        end = cursor._replace(position=ahead.end)
        return Lot(entries, end, ahead.seen == EVENTS_PER_BATCH_MAX)

    async def seen_of(self, events: list[Event]) -> list[Event]:
        """Return those of the events that may be seen and are of the project that is asked for."""
        if self._sight.everything and self._project is None:
            return events
        subjects = {event.subject_id for event in events if rules.told_project(event) is None}
        projects = rules.projects_of(events, await store.places(self._database, subjects))
        return [
            event
            for event in events
            if rules.may_see(self._sight, event, projects[event.sequence])
            and self._project in (None, projects[event.sequence])
        ]


def token_sequence(token: str | None) -> int | None:
    """Return the place of the event where a page of events goes on; raises WrongToken."""
    found = decode_token(token)
    sequence = rules.sequence_of(found[0]) if found else None
    if found and sequence is None:
        raise WrongToken(path="next_token")
    return sequence


async def project_born_at(
    database: Database, caller: Caller, project: UUID | None, at_least: Role
) -> datetime | None:
    """Return when the project that is asked for was made, if one is; raises where it may not be followed."""
    if project is None:
        return None
    async with database.connection() as uow:
        made_at: datetime = (await read_project(uow, caller, project, at_least))["created_at"]
    return made_at


def _behind(cursor: Cursor, event: Event) -> Cursor:
    return cursor._replace(position=Position(event.transaction_id, event.sequence), taken=0)


def _entry(event: Event, cursor: Cursor) -> Entry:
    behind = rules.cursor_text(_behind(cursor, event))
    return Entry(behind, encode({"cursor": behind, "event": cloud_event(event)}))
