"""Krippendorff's alpha: the published examples, the definition in full, and what must not matter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from annotary.kernel.errors import Invalid
from annotary.quality.agreement.alpha import alpha, krippendorff_alpha
from annotary.quality.agreement.bootstrap import Blocks, one_block
from annotary.quality.agreement.pairable import Pairable
from annotary.quality.agreement.values import Level

LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval")
# Krippendorff (2011), examples A, B and C: one row an observer, one column a unit, a dot where none is given.
BINARY = ["0100000010", "1110010000"]
TWO_OBSERVERS = ["aabbdcccedda", "babbbccceddd"]
FOUR_OBSERVERS = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]

values = st.integers(0, 4)
unit = st.lists(values, min_size=0, max_size=5)
some_units = st.lists(unit, min_size=1, max_size=8).filter(lambda units: any(len(one) > 1 for one in units))


def arrays(units: list[list[int]]) -> tuple[Any, Any]:
    """Answers as numbers of units and labels."""
    pairs = [(number, value) for number, one in enumerate(units) for value in one]
    return np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])


def alpha_of(units: list[list[int]], level: Level, numbers: Any = None) -> float:
    numbers = np.arange(5.0) if numbers is None else numbers
    return krippendorff_alpha(*arrays(units), 5, level, numbers)


def published(rows: list[str]) -> list[list[int]]:
    marks = sorted(set("".join(rows)) - {"."})
    return [[marks.index(mark) for mark in column if mark != "."] for column in zip(*rows, strict=True)]


def by_definition(units: list[list[int]], level: Level) -> float:
    """Alpha from all pairs of answers, each compared by the level's difference."""
    several = [one for one in units if len(one) > 1]
    given_values = [value for one in several for value in one]
    times = [given_values.count(value) for value in range(5)]

    def difference(c: int, k: int) -> float:
        low, high = min(c, k), max(c, k)
        if level == "ordinal":
            return (sum(times[low : high + 1]) - (times[low] + times[high]) / 2) ** 2
        return float(c != k) if level == "nominal" else float((c - k) ** 2)

    def all_pairs(within: list[int]) -> float:
        return sum(difference(c, k) for i, c in enumerate(within) for j, k in enumerate(within) if i != j)

    total = len(given_values)
    observed = sum(all_pairs(one) / (len(one) - 1) for one in several) / total
    expected = all_pairs(given_values) / (total * (total - 1))
    return 1 - observed / expected if expected else float("nan")


@pytest.mark.parametrize(
    ("rows", "level", "known"),
    [
        (BINARY, "nominal", 0.095),
        (TWO_OBSERVERS, "nominal", 0.692),
        (FOUR_OBSERVERS, "nominal", 0.743),
        (FOUR_OBSERVERS, "ordinal", 0.815),
        (FOUR_OBSERVERS, "interval", 0.849),
    ],
)
def test_the_published_examples_come_out(rows: list[str], level: Level, known: float) -> None:
    assert alpha_of(published(rows), level) == pytest.approx(known, abs=0.0005)


@given(some_units, st.sampled_from(LEVELS))
def test_alpha_is_its_definition(units: list[list[int]], level: Level) -> None:
    assert alpha_of(units, level) == pytest.approx(by_definition(units, level), abs=1e-9, nan_ok=True)


@given(some_units)
def test_the_ordinal_alpha_that_is_resampled_is_the_same(units: list[list[int]]) -> None:
    """It is computed from coincidences, the other from ranks."""
    answers = Pairable(*arrays(units), 5)
    count = len(answers.sizes)
    blocks = Blocks(np.arange(count) % 3, 3)
    known = alpha(answers, one_block(count), "ordinal").values()
    assert alpha(answers, blocks, "ordinal").values() == pytest.approx(known, abs=1e-9, nan_ok=True)


@given(some_units, st.permutations(range(5)), st.randoms())
def test_names_and_order_mean_nothing(units: list[list[int]], names: list[int], chance: Any) -> None:
    shuffled = [chance.sample(one, len(one)) for one in chance.sample(units, len(units))]
    renamed = [[names[value] for value in one] for one in shuffled]
    assert alpha_of(renamed, "nominal") == pytest.approx(alpha_of(units, "nominal"), abs=1e-9, nan_ok=True)
    for level in ("ordinal", "interval"):
        turned = [[4 - value for value in one] for one in shuffled]
        assert alpha_of(turned, level) == pytest.approx(alpha_of(units, level), abs=1e-9, nan_ok=True)


@given(some_units, st.floats(1e-3, 1e3), st.floats(-1e6, 1e6))
def test_interval_alpha_has_no_scale_and_no_zero(units: list[list[int]], scale: float, shift: float) -> None:
    moved = alpha_of(units, "interval", scale * np.arange(5.0) + shift)
    assert moved == pytest.approx(alpha_of(units, "interval"), abs=1e-4, nan_ok=True)


@given(st.lists(st.tuples(values, st.integers(2, 4)), min_size=2), st.sampled_from(LEVELS))
def test_perfect_agreement_is_one(units: list[tuple[int, int]], level: Level) -> None:
    assume(len({value for value, _ in units}) > 1)
    assert alpha_of([[value] * size for value, size in units], level) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("level", LEVELS)
def test_answers_that_are_all_the_same_have_no_alpha(level: Level) -> None:
    assert np.isnan(alpha_of([[3, 3], [3, 3, 3]], level))


def test_many_labels_are_counted_as_few_are() -> None:
    """Beyond a number of cells counts are sorted, not looked up."""
    units, labels = arrays([[0, 1], [1, 1], [2, 2], [0, 2]])
    assert krippendorff_alpha(units, labels, 10_000) == krippendorff_alpha(units, labels, 3)


@pytest.mark.parametrize("units", [[], [0, 1]])
def test_without_two_answers_to_a_unit_it_says_so(units: list[int]) -> None:
    places = np.array(units, dtype=np.int64)
    with pytest.raises(Invalid, match="at least one unit with two answers"):
        krippendorff_alpha(places, places, 5)
