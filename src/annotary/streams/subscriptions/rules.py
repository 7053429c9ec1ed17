"""How a lane goes on: what was dealt with, what failed, and when an event is put aside. Pure."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from annotary.eventlog.values import Position
from annotary.kernel.limits import STREAM_EVENTS_PER_LOT_MAX
from annotary.streams.subscriptions.errors import NotGiven
from annotary.streams.subscriptions.values import Lane

REST_SECONDS_FIRST = 0.25
REST_SECONDS_LONGEST = 60.0
SILENCE = "its handler took it and never answered"


class Turn(NamedTuple):
    """What comes of an answer or of silence: the lane as it is then, and the event to put aside, if any.

    `rest_seconds`: so long the lane waits before the event that failed is tried again.
    """

    lane: Lane
    parked: Position | None = None
    tries: int = 0
    rest_seconds: float = 0.0


def consumer_name(subscription: object, lane: int) -> str:
    """Return the name under which a lane's position is kept."""
    return f"subscription/{subscription}/{lane}"


def dealt_with(lane: Lane, through: int) -> Lane:
    """Return the lane after all up to an event, by its sequence, was dealt with; raises NotGiven.

    A lane whose lot was dealt with whole gets twice as much the next time.
    """
    places = [at for at, one in enumerate(lane.given) if one.sequence == through]
    if not places:
        raise NotGiven
    rest = lane.given[places[0] + 1 :]
    behind = lane.given[places[0]] if rest else lane.end
    lot = lane.lot if rest or lane.again else min(lane.lot * 2, STREAM_EVENTS_PER_LOT_MAX)
    position = lane.position if lane.again else behind
    return msgspec.structs.replace(lane, position=position, given=rest, lot=lot, tried=None, tries=0)


def failed(lane: Lane, event: int | None, tries_most: int) -> Turn:
    """Return what comes of the failure of the first event that was not dealt with; raises NotGiven."""
    if not lane.given or lane.given[0].sequence != event:
        raise NotGiven("Only the first event that was not dealt with can have failed: those behind it wait.")
    at, rest = lane.given[0], lane.given[1:]
    tries = (lane.tries if lane.tried == event else 0) + 1
    if tries < tries_most:
        kept = msgspec.structs.replace(lane, tried=event, tries=tries)
        return Turn(kept, None, tries, min(REST_SECONDS_FIRST * 2.0**tries, REST_SECONDS_LONGEST))
    behind = lane.position if lane.again else at if rest else lane.end
    moved = msgspec.structs.replace(lane, position=behind, given=rest, tried=None, tries=0)
    return Turn(moved, at, tries)


def silent(lane: Lane, tries_most: int) -> Turn:
    """Return what comes of a lease that ended without a word.

    Any of the events may have been the cause, so half as many are given the next time; one alone has failed.
    """
    if len(lane.given) == 1:
        return failed(lane, lane.given[0].sequence, tries_most)
    return Turn(msgspec.structs.replace(lane, lot=max(1, min(lane.lot, len(lane.given)) // 2)))
