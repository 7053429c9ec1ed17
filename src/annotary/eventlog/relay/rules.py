"""What the relay decides: how a record looks, how large a run is, what a broker has lost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import msgspec

from annotary.eventlog.registry import cloud_event
from annotary.eventlog.relay.values import Message, Pace
from annotary.eventlog.values import Event
from annotary.kernel.limits import (
    RELAY_EVENTS_MAX,
    RELAY_EVENTS_MIN,
    RELAY_PAUSE_SECONDS_MAX,
    RELAY_PAUSE_SECONDS_MIN,
)

CONTENT_TYPE = b"application/cloudevents+json; charset=UTF-8"
FIRST_PACE = Pace(RELAY_EVENTS_MIN, RELAY_PAUSE_SECONDS_MIN)
# After an event was refused: find out which.
ALONE = Pace(1, RELAY_PAUSE_SECONDS_MIN)
_encode = msgspec.json.Encoder().encode


def message(event: Event) -> Message:
    """Return an event as a record: CloudEvents' structured mode, and headers to filter by.

    Raises `UnknownEventType` for a type that the registry does not have.
    """
    cloud = cloud_event(event)
    headers = [
        ("content-type", CONTENT_TYPE),
        ("id", cloud["id"].encode()),
        ("type", event.type.encode()),
        ("schema_version", str(event.schema_version).encode()),
    ]
    if trace := cloud.get("traceparent"):
        headers.append(("traceparent", trace.encode()))
    return Message(cloud["subject"].encode(), _encode(cloud), headers)


def next_pace(pace: Pace, seen: int) -> Pace:
    """Return the pace after a run of `seen` events.

    A full run means that more lies behind it: the next may be twice as large, and goes at once. Without a
    backlog runs shrink again, and the fuller the last one was the longer the next collects: under load it is
    larger. An idle relay looks ever more rarely; what comes then goes at the next look, without company.
    """
    if seen >= pace.events:
        return Pace(min(2 * pace.events, RELAY_EVENTS_MAX), 0.0)
    events = max(RELAY_EVENTS_MIN, pace.events // 2 if seen < pace.events // 4 else pace.events)
    if not seen:
        pause = min(max(2 * pace.pause_seconds, RELAY_PAUSE_SECONDS_MIN), RELAY_PAUSE_SECONDS_MAX)
        return Pace(events, pause)
    spread = RELAY_PAUSE_SECONDS_MAX - RELAY_PAUSE_SECONDS_MIN
    return Pace(events, RELAY_PAUSE_SECONDS_MIN + spread * seen / pace.events)


def lost(reached: Sequence[int], ends: Sequence[int]) -> bool:
    """Say whether a partition ends before what it had acknowledged; one that is gone ends at 0."""
    return any(end < offset for offset, end in zip_longest(reached, ends, fillvalue=0))


def acknowledged(
    reached: Sequence[int], acks: Sequence[tuple[int, int]]
) -> tuple[tuple[int, ...], dict[int, int]]:
    """Return the offsets reached after acknowledgements of (partition, offset), and what they say was lost:
    by partition the first offset that was given twice. Only we write to the topic, so offsets only grow.
    """
    after, again = list(reached), dict[int, int]()
    for partition, offset in acks:
        after += [0] * (partition + 1 - len(after))
        if offset < after[partition] and partition not in again:
            again[partition] = offset
        after[partition] = max(after[partition], offset + 1)
    return tuple(after), again
