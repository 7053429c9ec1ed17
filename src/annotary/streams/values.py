"""Places in a log as clients keep them, what may be seen there, and what is given out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from annotary.eventlog.values import Position
from annotary.kernel.limits import STREAM_EVENTS_PER_LOT_DEFAULT
from annotary.quality.values import OutcomeView

OutcomeChangeKind = Literal["accepted", "corrected", "retracted"]


class Cursor(NamedTuple):
    """A place in the log of one service.

    `taken` is how many entries of the event right behind `position` were given out already, where an event
    has several; facts from before `since` are left out.
    """

    service: str
    position: Position = Position()
    taken: int = 0
    since: datetime | None = None


class Sight(msgspec.Struct, frozen=True):
    """What a member may see of the log: everything of the organisation, or of projects by the role there."""

    organisation_id: UUID
    everything: bool
    managed: frozenset[UUID] = frozenset()
    reviewed: frozenset[UUID] = frozenset()


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a request wants of the log. `types` are prefixes of event types."""

    types: Sequence[str] | None = None
    project: UUID | None = None
    subject: UUID | None = None
    cursor: Cursor
    limit: int = STREAM_EVENTS_PER_LOT_DEFAULT
    wait_seconds: float = 0.0
    lane: int = 0
    lanes: int = 1


class Entry(NamedTuple):
    """One thing to give out, encoded as JSON, and the cursor behind it."""

    cursor: str
    body: bytes


class Lot(NamedTuple):
    """What a look at the log found, where the look ended, and whether there is more to look at right now."""

    entries: list[Entry]
    end: Cursor
    more: bool


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event in the shape of CloudEvents 1.0. `dataschema` is where its data is described."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str
    dataschema: str
    organisationid: str
    sequence: str
    data: dict[str, Any]
    actorid: str | None = None
    traceparent: str | None = None


class StreamedEvent(msgspec.Struct, frozen=True):
    """An event, and the cursor behind it."""

    cursor: str
    event: CloudEvent


class EventLot(msgspec.Struct, frozen=True):
    """Events in order. Send `cursor` back for what follows, also where there is nothing yet.

    `more`: there is more to look at right now.
    """

    items: list[StreamedEvent]
    cursor: str
    more: bool


class OutcomeChange(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a task's outcome: it was `accepted`, `corrected` (this one takes the place of the task's
    earlier one, `supersedes`), or `retracted` (it no longer holds, for a `reason`).

    `id` is the same whenever the same change is told. `item` is what was labelled.
    """

    cursor: str
    id: str
    kind: OutcomeChangeKind
    time: datetime
    outcome: OutcomeView
    item: msgspec.Raw
    supersedes: str | None
    reason: str | None


class OutcomeLot(msgspec.Struct, frozen=True):
    """Changes of outcomes in order: see `EventLot`."""

    items: list[OutcomeChange]
    cursor: str
    more: bool
