"""Subscriptions, the lots that handlers are given, and what they say of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from annotary.eventlog.values import Position
from annotary.kernel.limits import (
    STREAM_CURSOR_CHARACTERS_MAX,
    STREAM_TYPE_CHARACTERS_MAX,
    STREAM_TYPES_MAX,
    SUBSCRIPTION_LANES_MAX,
    SUBSCRIPTION_LEASE_SECONDS_MAX,
    SUBSCRIPTION_REASON_CHARACTERS_MAX,
    SUBSCRIPTION_TRIES_MAX,
)
from annotary.streams.values import StreamedEvent

TypePrefix = Annotated[str, Meta(min_length=1, max_length=STREAM_TYPE_CHARACTERS_MAX)]
# How many events a lane is given at first; it grows with lots that were dealt with.
LOT_FIRST = 64
CursorText = Annotated[str, Meta(max_length=STREAM_CURSOR_CHARACTERS_MAX)]


class SubscriptionSet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A subscription as it is to be. `start`, or a time (`since`), counts
    when it is made.

    `types` are prefixes, none: all. `lanes` is how many handlers work at once. An event that was tried
    `tries_most` times is parked.
    """

    types: Annotated[list[TypePrefix], Meta(max_length=STREAM_TYPES_MAX)] = []
    project: str | None = None
    lanes: Annotated[int, Meta(ge=1, le=SUBSCRIPTION_LANES_MAX)] = 4
    lease_seconds: Annotated[int, Meta(ge=1, le=SUBSCRIPTION_LEASE_SECONDS_MAX)] = 30
    tries_most: Annotated[int, Meta(ge=1, le=SUBSCRIPTION_TRIES_MAX)] = 5
    start: Literal["beginning", "end"] = "end"
    since: datetime | None = None


class SubscriptionView(msgspec.Struct, frozen=True):
    """A subscription. `events_behind` waits for its handlers, the first of it for `seconds_behind`."""

    name: str
    member: str
    types: list[str]
    project: str | None
    lanes: int
    lease_seconds: int
    tries_most: int
    parked: int
    events_behind: int
    seconds_behind: float
    created_at: datetime


class Subscription(msgspec.Struct, frozen=True):
    """A subscription as it is stored."""

    id: UUID
    organisation_id: UUID
    member_id: UUID
    name: str
    types: list[str]
    project_id: UUID | None
    lanes: int
    lease_seconds: int
    tries_most: int
    created_at: datetime


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """A lane as it stands. `given` was given out and is not acknowledged, up to `end`; `again`: it is a
    parked event, once more. `tried` is the event that was tried `tries` times, by its sequence.
    """

    number: int
    position: Position
    lease: UUID | None = None
    given: tuple[Position, ...] = ()
    end: Position = Position()
    again: bool = False
    lot: int = LOT_FIRST
    tried: int | None = None
    tries: int = 0


class GivenLot(msgspec.Struct, frozen=True):
    """Events of one lane, in order, for one handler until `expires_at`; `lease` null: there is nothing now.

    Acknowledge with the lease and the cursor behind the last event that was dealt with.
    """

    items: list[StreamedEvent]
    lane: int
    lease: str | None
    cursor: str
    expires_at: datetime | None


class Failure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The event that could not be dealt with (its id), and why."""

    event: Annotated[str, Meta(max_length=STREAM_CURSOR_CHARACTERS_MAX)]
    reason: Annotated[str, Meta(max_length=SUBSCRIPTION_REASON_CHARACTERS_MAX)]


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of a lot: all of it up to `cursor` was dealt with (null: none), and the next one failed.

    The lane is free then, unless `keep`: the lease is put off, and the handler goes on with the rest.
    """

    lane: int
    lease: Annotated[str, Meta(max_length=64)]
    cursor: CursorText | None = None
    failed: Failure | None = None
    keep: bool = False


class Acknowledged(msgspec.Struct, frozen=True):
    """Whether the event that failed was `parked`, else it comes again; `expires_at` is of a lease kept."""

    parked: bool
    expires_at: datetime | None


class ParkedEvent(msgspec.Struct, frozen=True):
    """An event that was put aside, with why; `again`: it is on its way to a handler once more."""

    event: str
    lane: int
    tries: int
    reason: str
    again: bool
    parked_at: datetime
