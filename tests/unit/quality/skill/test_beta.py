"""The Beta distribution against forms that are known exactly."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.quality.skill.beta import beta_cdf, beta_quantile

shapes = st.floats(0.5, 500)
shares = st.floats(0.001, 0.999)


@given(x=shares, a=st.floats(0.5, 60))
def test_one_sided_shapes_are_powers(x: float, a: float) -> None:
    assert beta_cdf(x, a, 1) == pytest.approx(x**a, abs=1e-10)
    assert beta_cdf(x, 1, a) == pytest.approx(1 - (1 - x) ** a, abs=1e-10)


@given(x=shares)
def test_jeffreys_prior_is_the_arcsine_law(x: float) -> None:
    assert beta_cdf(x, 0.5, 0.5) == pytest.approx(2 / math.pi * math.asin(math.sqrt(x)), abs=1e-10)


@given(x=shares, successes=st.integers(1, 40), failures=st.integers(1, 40))
def test_whole_shapes_are_binomial_sums(x: float, successes: int, failures: int) -> None:
    trials = successes + failures - 1
    summed = sum(math.comb(trials, k) * x**k * (1 - x) ** (trials - k) for k in range(successes, trials + 1))
    assert beta_cdf(x, successes, failures) == pytest.approx(summed, abs=1e-9)


@given(share=shares, a=shapes, b=shapes)
def test_a_quantile_is_where_the_distribution_reaches_it(share: float, a: float, b: float) -> None:
    assert beta_cdf(beta_quantile(share, a, b), a, b) == pytest.approx(share, abs=1e-6)
    assert beta_quantile(share, a, b) == pytest.approx(1 - beta_quantile(1 - share, b, a), abs=1e-9)
