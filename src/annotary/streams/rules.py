"""Cursors as text, what a member may see of the log, and how a stream is written. Pure."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from annotary.eventlog.values import Event, Position
from annotary.identity.errors import RoleTooLow
from annotary.identity.values import Caller, Role
from annotary.kernel.errors import Malformed
from annotary.kernel.ids import PREFIXES, parse_id
from annotary.kernel.limits import (
    STREAM_CURSOR_CHARACTERS_MAX,
    STREAM_TYPE_CHARACTERS_MAX,
    STREAM_TYPES_MAX,
)
from annotary.streams.errors import WrongCursor
from annotary.streams.values import Cursor, Entry, Sight

# What a project's reviewers see. Not who is assessed, what is gold, or another's review: those are managers'.
REVIEWED_TYPES = ("outcome.", "submission.", "issue.", "batch.", "tasks.released", "answers.")
# Numbers of so many digits fit a bigint of Postgres.
_SEQUENCE_DIGITS = 18
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encode = msgspec.json.Encoder().encode


def cursor_text(cursor: Cursor) -> str:
    """Return a cursor as clients keep it."""
    since = None if cursor.since is None else (cursor.since - _EPOCH) // timedelta(microseconds=1)
    parts = (cursor.service, cursor.position.transaction_id, cursor.position.sequence, cursor.taken, since)
    return urlsafe_b64encode(_encode(parts)).decode().rstrip("=")


def cursor_of(text: str, service: str) -> Cursor:
    """Return the cursor that a client sent back; raises WrongCursor, also for one of another service."""
    if len(text) > STREAM_CURSOR_CHARACTERS_MAX:
        raise WrongCursor(path="cursor")
    try:
        content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        found = msgspec.json.decode(content, type=tuple[str, int, int, int, int | None])
        given, transaction_id, sequence, taken, microseconds = found
        since = None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)
    except (ValueError, OverflowError, msgspec.MsgspecError):
        raise WrongCursor(path="cursor") from None
    if not all(0 <= number < 2**63 for number in (transaction_id, sequence, taken)):
        raise WrongCursor(path="cursor")
    if given != service:
        raise WrongCursor(f"cursor: found one of {given!r}, expected one of {service!r}.", path="cursor")
    return Cursor(service, Position(transaction_id, sequence), taken, since)


def event_sequence(event: str, service: str) -> int | None:
    """Return the place of an event in this service's log from its id (`text.3041`); None for any other."""
    head, _, digits = event.partition(".")
    return sequence_of(digits) if head == service else None


def sequence_of(digits: str) -> int | None:
    """Return the place in a log that plain digits say; None where they are none, or more than fit."""
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= _SEQUENCE_DIGITS
    return int(digits) if is_number else None


def types_of(text: str | None) -> tuple[str, ...] | None:
    """Return the prefixes of event types in `outcome.,task.done`; None wants every type."""
    if not text:
        return None
    types = tuple(part.strip() for part in text.split(",") if part.strip())
    longest = max((len(one) for one in types), default=0)
    if not types or len(types) > STREAM_TYPES_MAX or longest > STREAM_TYPE_CHARACTERS_MAX:
        raise Malformed(
            f"types: found {text[:80]!r}, expected up to {STREAM_TYPES_MAX} prefixes of event types between"
            " commas, such as outcome.,task.done.",
            path="types",
        )
    return types


def subject_of(text: str) -> UUID:
    """Return the UUID of a subject, which may be an id of any kind; raises NotFound."""
    head = text.partition("_")[0]
    kind = next((kind for kind, prefix in PREFIXES.items() if prefix == head), "task")
    return parse_id(kind, text)


def sight_of(caller: Caller) -> Sight:
    """Return what a member may see of the log; raises RoleTooLow where that is nothing.

    Owners and managers of the organisation see all of it, a project's managers all of the project, its
    reviewers what reviewing rests on. Annotators see none: it would tell them the answers of others.
    """
    if caller.role >= Role.MANAGER:
        return Sight(caller.organisation_id, everything=True)
    managed = frozenset(project for project, role in caller.projects.items() if role >= Role.MANAGER)
    reviewed = frozenset(project for project, role in caller.projects.items() if role == Role.REVIEWER)
    if not managed and not reviewed:
        raise RoleTooLow("Events are for reviewers and managers: you are neither on any project.")
    return Sight(caller.organisation_id, False, managed, reviewed)


def may_see(sight: Sight, event: Event, project: UUID | None) -> bool:
    """Say whether an event, which is about this project (None: about none), may be seen."""
    if event.organisation_id != sight.organisation_id:
        return False
    if sight.everything or project in sight.managed:
        return True
    return project in sight.reviewed and event.type.startswith(REVIEWED_TYPES)


def told_project(event: Event) -> UUID | None:
    """Return the project that an event names in its data, which some write inside, some outside."""
    named = event.data.get("project")
    if not isinstance(named, str):
        return None
    try:
        return UUID(hex=named.removeprefix("prj_"))
    except ValueError:
        return None


def projects_of(events: Iterable[Event], places: Mapping[UUID, UUID]) -> dict[int, UUID | None]:
    """Return the project of each event by its sequence; `places` are those of subjects."""
    return {event.sequence: told_project(event) or places.get(event.subject_id) for event in events}


def sse_frames(entries: Sequence[Entry]) -> bytes:
    """Return entries as server-sent events (HTML Living Standard, 9.2): the id of each is its cursor."""
    return b"".join(b"id: %b\ndata: %b\n\n" % (entry.cursor.encode("ascii"), entry.body) for entry in entries)


def sse_heartbeat(cursor: str) -> bytes:
    """Return what keeps a silent stream open. It has no data, so nothing is told, but the id moves on."""
    return b": still here\nid: %b\n\n" % cursor.encode("ascii")


def lot_body(entries: Sequence[Entry], cursor: str, more: bool) -> bytes:
    """Return a lot as JSON; the bodies pass through as they are."""
    items = b",".join(entry.body for entry in entries)
    return b'{"items":[%b],"cursor":"%b","more":%b}' % (
        items,
        cursor.encode("ascii"),
        b"true" if more else b"false",
    )
