"""Backoff, verdicts, circuits and answers: what holds for all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from annotary.kernel import limits
from annotary.kernel.errors import Invalid
from annotary.streams.webhooks import rules
from annotary.streams.webhooks.errors import UnknownEventTypes
from annotary.streams.webhooks.values import Answer, Circuit

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RETRIED = timedelta(seconds=limits.WEBHOOK_RETRIED_SECONDS_MAX)
draws = st.floats(0, 1)
asked = st.none() | st.floats(0, limits.WEBHOOK_RETRIED_SECONDS_MAX)
failures = st.builds(
    Answer,
    st.none() | st.integers(300, 599),
    st.floats(0, 15),
    st.just("it failed"),
    asked,
    gone=st.just(False),
    unsendable=st.just(False),
)


@given(st.integers(1, 10_000), draws)
def test_pauses_grow_and_are_bounded(tries: int, draw: float) -> None:
    seconds = rules.backoff_seconds(tries, draw)
    assert 0 <= seconds <= limits.WEBHOOK_BACKOFF_SECONDS_MAX
    assert seconds <= rules.backoff_seconds(tries + 1, draw)
    assert rules.backoff_seconds(tries, 0) == 0, "the jitter is full"


def test_a_delivery_is_tried_for_about_a_day() -> None:
    middling = sum(rules.backoff_seconds(tries, 0.5) for tries in range(1, limits.WEBHOOK_TRIES_MAX))
    assert 20 * 3600 < middling < 28 * 3600


@given(st.lists(st.tuples(failures, draws, st.floats(0, 3600)), min_size=limits.WEBHOOK_TRIES_MAX))
def test_whatever_fails_is_dead_in_the_end_and_never_tried_too_soon(
    tries: list[tuple[Answer, float, float]],
) -> None:
    now, deadline = NOW, NOW + RETRIED
    for number, (answer, draw, late_seconds) in enumerate(tries, 1):
        verdict = rules.verdict(answer, number, deadline, now, draw)
        assert verdict.reason and "it failed" in verdict.reason
        if verdict.state == "dead":
            assert (
                number == limits.WEBHOOK_TRIES_MAX
                or now + timedelta(seconds=answer.asked_seconds or 0) >= deadline
            )
            return
        assert verdict.due_at is not None and now <= verdict.due_at <= deadline
        assert verdict.due_at >= now + timedelta(seconds=answer.asked_seconds or 0)
        now = verdict.due_at + timedelta(seconds=late_seconds)
    pytest.fail("tried for ever")


@given(st.integers(1, 100), st.floats(-1e6, 1e6))
def test_what_was_taken_is_delivered_however_late(tries: int, late_seconds: float) -> None:
    now = NOW + timedelta(seconds=late_seconds)
    assert rules.verdict(Answer(204, 0.1), tries, NOW, now, 0.5).state == "delivered"
    gone = Answer(410, 0.1, "gone", gone=True)
    assert rules.verdict(gone, tries, NOW, now, 0.5).state == "waiting"


class Receiver(RuleBasedStateMachine):
    """A receiver that fails and recovers, whose circuit is moved try by try, with some still under way."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.circuit = Circuit()
        self.in_a_row = 0

    @property
    def state(self) -> str:
        return rules.circuit_state(self.circuit.open_until, self.now)

    @rule(seconds=st.floats(0.1, 2000))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def one_is_taken(self) -> None:
        self.circuit, self.in_a_row = rules.after(self.circuit, Answer(200, 0.1), self.now, probe=False), 0
        assert self.state == "closed"

    @precondition(lambda self: self.state == "closed")
    @rule()
    def one_fails(self) -> None:
        self.in_a_row += 1
        self.circuit = rules.after(self.circuit, Answer(500, 0.1, "no"), self.now, probe=False)
        assert (self.state == "open") == (self.in_a_row >= limits.WEBHOOK_FAILURES_MAX)

    @precondition(lambda self: self.state == "open")
    @rule()
    def one_that_was_under_way_fails(self) -> None:
        assert rules.after(self.circuit, Answer(500, 0.1, "no"), self.now, probe=False) == self.circuit

    @precondition(lambda self: self.state == "half-open")
    @rule()
    def a_probe_fails(self) -> None:
        self.in_a_row += 1
        before = self.circuit
        self.circuit = rules.after(before, Answer(None, 0.1, "no"), self.now, probe=True)
        assert self.state == "open" and self.circuit.failures == before.failures + 1

    @precondition(lambda self: self.state == "closed")
    @rule(seconds=st.floats(1, 1e5))
    def it_asks_for_rest(self, seconds: float) -> None:
        self.in_a_row += 1
        answer = Answer(429, 0.1, "no", seconds)
        self.circuit = rules.after(self.circuit, answer, self.now, probe=False)
        rested = min(seconds, limits.WEBHOOK_OPEN_SECONDS_MAX)
        assert self.circuit.open_until and self.circuit.open_until >= self.now + timedelta(seconds=rested)
        if self.in_a_row < limits.WEBHOOK_FAILURES_MAX:
            self.circuit, self.in_a_row = Circuit(), 0

    @invariant()
    def it_is_never_open_for_longer_than_allowed(self) -> None:
        if self.circuit.open_until:
            assert self.circuit.open_until - self.now <= timedelta(seconds=limits.WEBHOOK_OPEN_SECONDS_MAX)
        assert (self.circuit.failures == 0) == (self.circuit.failing_since is None)

    @invariant()
    def it_is_given_up_after_days_alone(self) -> None:
        since = self.circuit.failing_since
        long = since is not None and (self.now - since).total_seconds() >= limits.WEBHOOK_FAILING_SECONDS_MAX
        assert (rules.gone_reason(self.circuit, [], self.now) is not None) == long


TestReceiver = Receiver.TestCase


@given(st.text() | st.integers().map(str) | st.datetimes(timezones=st.just(UTC)).map(str))
def test_no_wish_for_rest_breaks_anything(header: str) -> None:
    seconds = rules.asked_seconds(header, NOW)
    assert seconds is None or 0 <= seconds <= limits.WEBHOOK_RETRIED_SECONDS_MAX


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("99999999999999999999", limits.WEBHOOK_RETRIED_SECONDS_MAX),
        ("Mon, 23 Nov 2026 12:01:00 GMT", 60.0),
        ("Mon, 23 Nov 2026 11:01:00 GMT", 0.0),
        ("-5", None),
        ("soon", None),
        (None, None),
    ],
)
def test_wishes_for_rest_are_read(header: str | None, seconds: float | None) -> None:
    assert rules.asked_seconds(header, NOW) == seconds


@given(st.integers(100, 999))
def test_only_success_is_success(code: int) -> None:
    answer = rules.read_answer(code, {}, 0.1, NOW)
    assert (answer.wrong is None) == (200 <= code < 300) and answer.gone == (code == 410)


@given(st.lists(st.sampled_from(["task.done", "task.*", "outcome.accepted", "outcome.*"]), max_size=20))
def test_types_that_there_are_can_be_wanted(wanted: list[str]) -> None:
    assert rules.check_event_types(wanted, {"task.done", "outcome.accepted"}) == list(dict.fromkeys(wanted))


@given(st.text(max_size=20))
def test_no_other_types_can_be_wanted(name: str) -> None:
    assume(name not in ("task.done", "task.*"))
    with pytest.raises(UnknownEventTypes):
        rules.check_event_types([name], {"task.done"})


@given(st.floats())
def test_secrets_overlap_for_a_bounded_time(hours: float) -> None:
    if 0 <= hours <= limits.WEBHOOK_OVERLAP_HOURS_MAX:
        assert rules.overlap_seconds(hours) == hours * 3600
    else:
        with pytest.raises(Invalid):
            rules.overlap_seconds(hours)
