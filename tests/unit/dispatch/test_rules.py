"""The order of tasks, fair shares and hints, as pure decisions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.dispatch.rules import WAIT, Eagerness, FairShare, Hints, candidates, order_key
from annotary.dispatch.values import Lease, Priority, Wanted

NOW = datetime(2026, 11, 23, tzinfo=UTC)
moments = st.integers(0, 10**9).map(lambda seconds: NOW + timedelta(seconds=seconds))
priorities = st.sampled_from(list(WAIT))


@given(moments, moments, priorities, priorities, st.none() | moments)
def test_older_and_more_urgent_work_never_goes_later(
    one: datetime, two: datetime, first: Priority, second: Priority, deadline: datetime | None
) -> None:
    if one <= two and WAIT[first] <= WAIT[second]:
        assert order_key(one, first, deadline) <= order_key(two, second, deadline)
    key = order_key(one, first, deadline)
    assert key <= one + WAIT[first] and (deadline is None or key <= deadline)


def test_low_priority_ages_past_fresh_urgent_work() -> None:
    old = order_key(NOW - timedelta(days=8), "low", None)
    assert old < order_key(NOW, "urgent", None)


@given(st.dictionaries(st.uuids(), st.floats(0.1, 10), min_size=2, max_size=6))
def test_shares_follow_the_weights(weights: dict[UUID, float]) -> None:
    shares, given_out, rounds = FairShare(), dict.fromkeys(weights, 0), 4000
    for _ in range(rounds):
        project = shares.order(weights)[0]
        shares.charge(project, weights[project], 1)
        given_out[project] += 1
    for project, weight in weights.items():
        expected = rounds * weight / sum(weights.values())
        assert abs(given_out[project] - expected) <= len(weights) + 1 + weight / min(weights.values())


def test_a_project_that_was_idle_earns_no_credit() -> None:
    busy, idle = uuid4(), uuid4()
    shares = FairShare()
    for _ in range(1000):
        shares.order({busy: 1.0})
        shares.charge(busy, 1.0, 1)
    first_ten = []
    for _ in range(10):
        project = shares.order({busy: 1.0, idle: 1.0})[0]
        shares.charge(project, 1.0, 1)
        first_ten.append(project)
    assert first_ten.count(busy) == pytest.approx(5, abs=1)


def lease(project: UUID, key: datetime) -> Lease:
    return Lease(uuid4(), 1, NOW, uuid4(), key, "annotate", uuid4(), 0, uuid4(), "u", "{}", None, project)


def test_hints_age_and_are_forgotten() -> None:
    now = 0.0
    hints = Hints(lambda: now, age_seconds_max=5)
    member, project = uuid4(), uuid4()
    first, second = lease(project, NOW), lease(project, NOW + timedelta(hours=1))
    hints.note(member, [first])
    now = 3.0
    hints.note(member, [second])
    hint = hints.get(member, project)
    assert hint is not None and hint.task_id == second.task_id
    now = 5.5
    assert hints.get(member, project) is None, "it counts from the first note, or it would never age"
    hints.note(member, [first])
    hints.forget(project)
    assert hints.get(member, project) is None


def test_candidates_lay_out_claims_in_order_of_preference() -> None:
    hints = Hints(lambda: 0.0)
    one, two, project, other = uuid4(), uuid4(), uuid4(), uuid4()
    hints.note(one, [lease(project, NOW)])
    rows = candidates(
        [Wanted(one, (project, other), 3), Wanted(two, (other,), 1), Wanted(one, (project,), 1, fresh=True)],
        hints,
    )
    assert rows.claims == [0, 0, 1, 2]
    assert rows.projects == [project, other, other, project]
    assert [key is not None for key in rows.after_keys] == [True, False, False, False]


def test_who_asks_in_vain_again_and_again_is_told_from_memory_for_a_moment() -> None:
    now = [0.0]
    eagerness = Eagerness(lambda: now[0], often=3, rest_seconds=0.05)
    member, project = uuid4(), uuid4()
    for _ in range(2):
        eagerness.note(member, project, 0)
        assert not eagerness.rests(member, project)
    eagerness.note(member, project, 0)
    assert eagerness.rests(member, project)
    assert not eagerness.rests(uuid4(), project) and not eagerness.rests(member, None)
    now[0] += 0.06
    assert not eagerness.rests(member, project), "it is looked up again after a moment"
    eagerness.note(member, project, 0)
    assert eagerness.rests(member, project)
    eagerness.forget()
    assert not eagerness.rests(member, project), "new work is heard of at once"


def test_who_asks_in_vain_now_and_then_is_always_served() -> None:
    now = [0.0]
    eagerness = Eagerness(lambda: now[0], often=3, rest_seconds=0.05)
    member = uuid4()
    for _ in range(10):
        eagerness.note(member, None, 0)
        now[0] += 0.6
        assert not eagerness.rests(member, None)
