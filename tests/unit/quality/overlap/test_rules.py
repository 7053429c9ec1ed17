"""Asking again ends: at the target, at the most, at the price, and never past the budget."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.kernel.errors import Invalid
from annotary.kernel.ids import new_id
from annotary.projects.overlap import OverlapTarget, check_target
from annotary.quality.overlap.rules import ask_again, gain_bin, noted
from annotary.quality.overlap.values import GAIN_BINS, Asked, BatchSoFar


def batch(tasks: int = 10, overlap: int = 2) -> BatchSoFar:
    return BatchSoFar(batch_id=new_id(), overlap=overlap, tasks=tasks)


@pytest.mark.parametrize("kind", ["confidence", "accuracy"])
def test_a_target_is_asked_for_until_it_is_reached_or_costs_too_much(kind: str) -> None:
    target = OverlapTarget(kind, 0.9, 5, price=0.02)  # type: ignore[arg-type]
    assert ask_again(target, batch(), Asked(0.8, 4), 0.05)
    assert not ask_again(target, batch(), Asked(0.9, 4), 0.05), "it is sure enough"
    assert not ask_again(target, batch(), Asked(0.8, 5), 0.05), "it was asked as often as it may be"
    assert not ask_again(target, batch(), Asked(0.8, 4), 0.02), "it is not worth its price"


def test_an_average_is_reached_together() -> None:
    target, so_far = OverlapTarget("accuracy", 0.9, 9), batch()
    noted(so_far, Asked(0.99, 2), 0.0, again=False)
    noted(so_far, Asked(0.99, 2), 0.0, again=False)
    assert not ask_again(target, so_far, Asked(0.75, 2), 0.1), "the surer ones make up for it"
    assert ask_again(target, so_far, Asked(0.6, 2), 0.1)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(20, 60), st.floats(0, 3), st.integers(1, 3))
def test_a_budget_is_never_exceeded_and_goes_where_the_gain_is(
    seed: int, tasks: int, spare: float, overlap: int
) -> None:
    chance = random.Random(seed)
    budget = int(tasks * (overlap + spare))
    target, so_far = OverlapTarget("budget", budget, 20), batch(tasks, overlap)
    asked: list[float] = []
    left: list[float] = []
    answers = tasks * overlap
    for _ in range(tasks):
        count, gain = overlap, chance.random() ** 3 / 3
        while ask_again(target, so_far, Asked(0.5, count), gain):
            noted(so_far, Asked(0.5, count), gain, again=True)
            asked.append(gain)
            answers, count, gain = answers + 1, count + 1, gain * chance.random()
        noted(so_far, Asked(0.5, count), gain, again=False)
        left.append(gain)
        assert answers <= budget
    if len(asked) > 10:
        assert sum(asked) / len(asked) > sum(left) / len(left), "answers went where less was to be gained"


def test_what_is_left_of_a_budget_is_spent() -> None:
    target, so_far = OverlapTarget("budget", 400, 20), batch(100, 2)
    chance = random.Random(1)
    for _ in range(100):
        count = 2
        while ask_again(target, so_far, Asked(0.5, count), gain := chance.random() / 5):
            noted(so_far, Asked(0.5, count), gain, again=True)
            count += 1
        noted(so_far, Asked(0.5, count), gain, again=False)
    assert 180 <= so_far.extended <= 200


def test_greater_gains_are_in_lower_bins() -> None:
    bins = [gain_bin(gain) for gain in (0.9, 0.5, 0.3, 0.1, 1e-3, 1e-9, 0.0, -1.0)]
    assert bins == sorted(bins) and bins[0] >= 0 and bins[-1] == GAIN_BINS - 1


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (OverlapTarget("confidence", 0.9, 1), "/target/overlap_max"),
        (OverlapTarget("confidence", 1.0, 5), "/target/value"),
        (OverlapTarget("accuracy", 0.0, 5), "/target/value"),
        (OverlapTarget("accuracy", float("nan"), 5), "/target/value"),
        (OverlapTarget("budget", 19, 5), "/target/value"),
        (OverlapTarget("budget", 20.5, 5), "/target/value"),
        (OverlapTarget("budget", float("inf"), 5), "/target/value"),
        (OverlapTarget("confidence", 0.9, 5, price=1.0), "/target/price"),
        (OverlapTarget("confidence", 0.9, 5, price=float("nan")), "/target/price"),
    ],
)
def test_a_target_that_cannot_be_followed_is_refused(target: OverlapTarget, path: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_target(target, overlap=2, tasks=10)
    assert refused.value.path == path
    check_target(OverlapTarget("budget", 20, 2), overlap=2, tasks=10)
