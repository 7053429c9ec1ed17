"""A lane, turned by hand: whatever its handlers do, it goes on, in order, past the one event at fault."""

from __future__ import annotations

from datetime import UTC

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.eventlog.values import Position
from annotary.streams.rules import cursor_of, cursor_text
from annotary.streams.subscriptions import rules
from annotary.streams.subscriptions.errors import NotGiven
from annotary.streams.subscriptions.values import Lane
from annotary.streams.values import Cursor

TRIES_MOST = 3


def give(lane: Lane, log: list[Position]) -> Lane:
    """Give out the next lot, as the service does; the look ends a little behind its last event."""
    behind = [one for one in log if one > lane.position][: lane.lot]
    end = Position(behind[-1].transaction_id, behind[-1].sequence + 1) if behind else lane.position
    return msgspec.structs.replace(lane, given=tuple(behind), end=end)


@given(count=st.integers(1, 300), at=st.integers(0, 299), whole=st.booleans())
def test_an_event_that_kills_its_handlers_is_the_only_one_parked(count: int, at: int, whole: bool) -> None:
    log = [Position(number // 7, 10 * number) for number in range(1, count + 1)]
    killer = log[at % count]
    lane, done, parked = Lane(number=0, position=Position()), list[Position](), list[Position]()
    for _ in range(2_000):
        lane = give(lane, log)
        if not lane.given:
            break
        if killer in lane.given:
            turn = rules.silent(lane, TRIES_MOST)
            lane, parked = turn.lane, parked + ([turn.parked] if turn.parked else [])
            continue
        through = lane.given[-1 if whole else 0]
        done += lane.given[: lane.given.index(through) + 1]
        lane = rules.dealt_with(lane, through.sequence)
    assert parked == [killer]
    assert done == [one for one in log if one != killer]


def test_only_the_first_that_was_not_dealt_with_can_have_failed() -> None:
    log = [Position(1, number) for number in (1, 2, 3)]
    lane = give(Lane(number=0, position=Position()), log)
    for sequence in (2, 3, 4):
        with pytest.raises(NotGiven):
            rules.failed(lane, sequence, TRIES_MOST)
    with pytest.raises(NotGiven):
        rules.dealt_with(lane, 4)
    lane = rules.dealt_with(lane, 1)
    rests = []
    for _ in range(TRIES_MOST):
        turn = rules.failed(lane, 2, TRIES_MOST)
        lane = turn.lane
        rests.append(turn.rest_seconds)
    assert turn.parked == log[1] and lane.given == (log[2],) and lane.position == log[1]
    assert rests == [0.5, 1.0, 0.0], "it rests longer each time, and not after it was parked"


@given(
    transaction_id=st.integers(0, 2**63 - 1),
    sequence=st.integers(0, 2**63 - 1),
    taken=st.integers(0, 10_000),
    since=st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_a_cursor_comes_back_as_it_was(transaction_id: int, sequence: int, taken: int, since: object) -> None:
    cursor = Cursor("text", Position(transaction_id, sequence), taken, since)  # type: ignore[arg-type]
    assert cursor_of(cursor_text(cursor), "text") == cursor
