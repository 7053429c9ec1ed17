"""The interval of an audit covers the truth as often as it says, for every population."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, hypergeom

from annotary.review.rules_audit import half_width, interval, more_needed, sample_size


@pytest.mark.parametrize("confidence", [0.8, 0.95])
@pytest.mark.parametrize("population", [1, 7, 30])
def test_coverage_is_never_below_what_is_stated(population: int, confidence: float) -> None:
    """Exact: summed over every sample that can be drawn, for every number of errors there can be."""
    for drawn in range(1, population + 1):
        bounds = [interval(population, drawn, errors, confidence) for errors in range(drawn + 1)]
        for total in range(population + 1):
            covered = sum(
                hypergeom.pmf(errors, population, total, drawn)
                for errors, (low, high) in enumerate(bounds)
                if low - 1e-12 <= total / population <= high + 1e-12
            )
            assert covered >= confidence - 1e-9, (population, drawn, total)


@given(st.data())
def test_bounds_are_the_first_totals_that_the_tails_allow(data: st.DataObject) -> None:
    population = data.draw(st.integers(2, 5_000))
    drawn = data.draw(st.integers(1, population))
    errors = data.draw(st.integers(0, drawn))
    low, high = interval(population, drawn, errors, 0.9)
    least, most = round(low * population), round(high * population)
    assert errors <= least <= most <= population - (drawn - errors)
    if errors:
        assert hypergeom.sf(errors - 1, population, least, drawn) > 0.05 - 1e-9
        assert least == errors or hypergeom.sf(errors - 1, population, least - 1, drawn) <= 0.05 + 1e-9
    if errors < drawn:
        assert hypergeom.cdf(errors, population, most, drawn) > 0.05 - 1e-9
        at_most = population - (drawn - errors)
        assert most == at_most or hypergeom.cdf(errors, population, most + 1, drawn) <= 0.05 + 1e-9


def test_a_huge_population_gives_clopper_and_pearson() -> None:
    low, high = interval(50_000_000, 400, 12, 0.95)
    assert low == pytest.approx(beta.ppf(0.025, 12, 389), abs=1e-4)
    assert high == pytest.approx(beta.ppf(0.975, 13, 388), abs=1e-4)


def test_a_sample_of_everything_leaves_no_doubt_and_none_leaves_all() -> None:
    assert interval(40, 40, 6, 0.99) == (6 / 40, 6 / 40)
    assert interval(40, 0, 0, 0.99) == (0, 1)
    assert interval(0, 0, 0, 0.95) == (0, 1)


@settings(deadline=None)
@given(st.integers(0, 20_000), st.floats(0.01, 0.4), st.floats(0.6, 0.99))
def test_a_planned_sample_reaches_its_margin(population: int, margin: float, confidence: float) -> None:
    size = sample_size(population, margin, confidence)
    assert 0 <= size <= population
    assert size == population or half_width(population, size, round(size / 2), confidence) <= margin


def test_what_is_still_needed_shrinks_as_verdicts_come_and_ends_at_nothing() -> None:
    needed = [more_needed(10_000, drawn, drawn // 20, 0.02, 0.95) for drawn in (0, 100, 300, 600)]
    assert needed == sorted(needed, reverse=True) and needed[-1] == 0 < needed[-2]
    assert more_needed(50, 50, 3, 0.01, 0.95) == 0
    assert math.isclose(needed[1] + 100, needed[2] + 300, rel_tol=0.05), "the same rate needs as many in all"
