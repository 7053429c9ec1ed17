"""What handlers are given and say: a lane at a time, each in its order, several at once."""

from __future__ import annotations

import time
from datetime import datetime
from uuid import UUID

import msgspec

from annotary.eventlog.values import Position
from annotary.identity.values import Caller
from annotary.infra.http import encode
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.ids import new_id
from annotary.streams.rules import cursor_of, event_sequence, sight_of
from annotary.streams.service import EventSource, Idle
from annotary.streams.service_pulse import Pulse
from annotary.streams.subscriptions import rules, store
from annotary.streams.subscriptions.errors import LeaseLost
from annotary.streams.subscriptions.rules import Turn
from annotary.streams.subscriptions.values import Acknowledged, Acknowledgement, Lane, Subscription
from annotary.streams.values import Asked, Cursor, Lot

# Rests and leases end without the log moving, so a wait looks again after so long.
LOOK_AGAIN_SECONDS = 1.0
NOTHING: dict[str, object] = {"lane": 0, "lease": None, "cursor": "", "expires_at": None}


class Lots:
    """Gives out lots of one subscription to the handlers of one member."""

    def __init__(self, database: Database, held: Subscription, caller: Caller) -> None:
        self._database = database
        self._held = held
        self._sight = sight_of(caller)

    async def take(self, pulse: Pulse, limit: int, wait_seconds: float, idle: Idle) -> bytes:
        """Return the next lot of any free lane, encoded; waits for one if there is none."""
        deadline = time.monotonic() + wait_seconds
        while True:
            place = Position()
            examined: list[int] = []
            while True:
                async with self._database.transaction() as uow:
                    lane = await store.free_lane(uow, self._held, self._database.schema, examined)
                    if lane is None:
                        break
                    examined.append(lane.number)
                    given, lane = await self._give(uow, lane, limit)
                    if given is not None:
                        return given
                    place = max(place, lane.end)
            left = deadline - time.monotonic()
            if left <= 0 or pulse.closed.is_set():
                return b'{"items":[],%b' % encode(NOTHING)[1:]
            with idle():
                await pulse.past(place, min(left, LOOK_AGAIN_SECONDS))

    async def _give(self, uow: UnitOfWork, lane: Lane, limit: int) -> tuple[bytes | None, Lane]:
        """Lease a lane with its next events; None where there are none, with where the look ended."""
        lane, rests = await self._late(uow, lane)
        if rests:
            return None, lane
        again = await store.wanted_again(uow, self._held, lane.number)
        before = lane.position if again is None else Position(again.transaction_id, again.sequence - 1)
        lot = await self._look(lane, before, 1 if again else min(limit, lane.lot))
        if again and not lot.entries:
            # It may not be seen any more by whom it was parked for.
            await store.drop_parked(uow, self._held, again.sequence)
            return None, lane
        if not lot.entries:
            end = lot.end.position
            if end != lane.position and lot.more:
                await store.put_lane(uow, self._held, self._database.schema, _moved(lane, end))
            return None, msgspec.structs.replace(lane, end=end)
        places = tuple(cursor_of(one.cursor, self._database.schema).position for one in lot.entries)
        leased = msgspec.structs.replace(
            lane, lease=new_id(), given=places, end=lot.end.position, again=again is not None
        )
        expires_at = await store.put_lane(uow, self._held, self._database.schema, leased)
        told = {
            "lane": lane.number,
            "lease": leased.lease,
            "cursor": lot.entries[-1].cursor,
            "expires_at": expires_at,
        }
        items = b",".join(one.body for one in lot.entries)
        return b'{"items":[%b],%b' % (items, encode(told)[1:]), leased

    async def _look(self, lane: Lane, before: Position, limit: int) -> Lot:
        held = self._held
        cursor = Cursor(self._database.schema, before)
        asked = Asked(
            types=held.types or None,
            project=held.project_id,
            cursor=cursor,
            lane=lane.number,
            lanes=held.lanes,
        )
        source = EventSource(self._database, self._sight, asked)
        while True:
            lot = await source.look(cursor, limit)
            if lot.entries or not lot.more:
                return lot
            cursor = lot.end

    async def _late(self, uow: UnitOfWork, lane: Lane) -> tuple[Lane, bool]:
        """Do what follows from a lease that ended without a word; also says whether the lane rests now."""
        if lane.lease is None:
            return lane, False
        turn = rules.silent(lane, self._held.tries_most) if lane.given else Turn(lane)
        _, after = await settle(uow, self._held, self._database.schema, turn, rules.SILENCE, free=True)
        return after, turn.rest_seconds > 0


async def acknowledge(
    uow: UnitOfWork, held: Subscription, service: str, said: Acknowledgement
) -> Acknowledged:
    """Take in what a handler says of its lot; raises LeaseLost where another may have it meanwhile."""
    lane = await store.leased_lane(uow, held, service, said.lane, _lease(said.lease))
    if lane is None:
        raise LeaseLost
    if said.cursor is not None:
        through = cursor_of(said.cursor, service).position.sequence
        lane = rules.dealt_with(lane, through)
        if lane.again:
            await store.drop_parked(uow, held, through)
    if said.failed is None:
        free = not (said.keep and lane.given)
        expires_at, _ = await settle(uow, held, service, Turn(lane), "", free=free)
        return Acknowledged(parked=False, expires_at=expires_at)
    turn = rules.failed(lane, event_sequence(said.failed.event, service), held.tries_most)
    free = not (said.keep and turn.lane.given and turn.parked)
    expires_at, _ = await settle(uow, held, service, turn, said.failed.reason, free=free)
    return Acknowledged(parked=turn.parked is not None, expires_at=expires_at)


async def settle(
    uow: UnitOfWork, held: Subscription, service: str, turn: Turn, reason: str, *, free: bool
) -> tuple[datetime | None, Lane]:
    """Store what a turn came to; where nothing more can be parked, the event stays and its lane rests."""
    lane, rest_seconds = turn.lane, turn.rest_seconds
    if turn.parked is not None and not await store.park(
        uow, held, lane.number, turn.parked, turn.tries, reason
    ):
        place = Position(turn.parked.transaction_id, turn.parked.sequence - 1)
        lane = msgspec.structs.replace(lane, position=place, tried=turn.parked.sequence, tries=turn.tries)
        free, rest_seconds = True, rules.REST_SECONDS_LONGEST
    if free:
        lane = msgspec.structs.replace(lane, lease=None, given=(), again=False)
    return await store.put_lane(uow, held, service, lane, rest_seconds), lane


def _moved(lane: Lane, position: Position) -> Lane:
    return msgspec.structs.replace(lane, position=position, lease=None, given=(), again=False)


def _lease(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise LeaseLost from None
