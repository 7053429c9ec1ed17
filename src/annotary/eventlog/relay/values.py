"""What goes to a topic, and how far the relay has come."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from annotary.eventlog.values import Position


class Message(NamedTuple):
    """One event as a record of Kafka; events with the same key keep their order."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


class Progress(msgspec.Struct, frozen=True):
    """Every event up to `position` is acknowledged, below the offset of its partition in `reached`."""

    position: Position = Position()
    reached: tuple[int, ...] = ()


class Pace(msgspec.Struct, frozen=True):
    """How many events the next run may have, and how long it collects before it goes."""

    events: int
    pause_seconds: float
