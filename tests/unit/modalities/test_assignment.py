"""The cheapest pairing: as good as trying all of them, and as scipy's."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from annotary.kernel.errors import Invalid, TooLarge
from annotary.kernel.limits import ASSIGNMENT_CELLS_MAX
from annotary.modalities.assignment import assign

# Whole numbers give ties, which is where a search for the shortest way goes wrong.
entries = st.one_of(st.integers(-3, 3).map(float), st.floats(-1e6, 1e6))
matrices = arrays.arrays(np.float64, st.tuples(st.integers(0, 6), st.integers(0, 6)), elements=entries)


def least(costs: Any) -> float:
    """The cost of the best pairing, by trying all."""
    short, long = sorted(costs.shape)
    wide = costs if costs.shape[0] <= costs.shape[1] else costs.T
    return min(
        float(wide[np.arange(short), list(columns)].sum()) for columns in permutations(range(long), short)
    )


def assert_pairing(costs: Any) -> float:
    rows, columns = assign(costs)
    assert len(rows) == len(columns) == min(costs.shape)
    assert list(rows) == sorted(set(rows.tolist())) and len(set(columns.tolist())) == len(columns)
    return float(costs[rows, columns].sum())


@settings(deadline=None)
@given(matrices)
def test_no_pairing_is_cheaper(costs: Any) -> None:
    scale = 1 + np.abs(costs).sum()
    assert assert_pairing(costs) == pytest.approx(least(costs), abs=1e-9 * scale)


@pytest.mark.parametrize("shape", [(60, 60), (40, 90), (90, 40), (1, 50), (200, 200)])
@pytest.mark.parametrize("kind", ["uniform", "whole", "sparse", "product"])
def test_the_cost_is_scipys(shape: tuple[int, int], kind: str) -> None:
    optimize = pytest.importorskip("scipy.optimize")
    chance = np.random.default_rng(sum(shape))
    uniform = chance.random(shape)
    costs = {
        "uniform": uniform,
        "whole": np.floor(4 * uniform),
        "sparse": np.where(uniform < 0.05, -uniform * 20, 0.0),
        "product": np.outer(np.arange(shape[0]), np.arange(shape[1])).astype(float),
    }[kind]
    assert assert_pairing(costs) == pytest.approx(costs[optimize.linear_sum_assignment(costs)].sum())


@pytest.mark.parametrize("costs", [[1.0, 2.0], [[np.nan]], [[np.inf, 1.0]], [[[1.0]]]])
def test_what_is_no_finite_matrix_is_refused(costs: Any) -> None:
    with pytest.raises(Invalid, match=r"costs: found .*, expected"):
        assign(costs)


def test_a_matrix_beyond_the_limit_is_refused() -> None:
    with pytest.raises(TooLarge):
        assign(np.broadcast_to(0.0, (ASSIGNMENT_CELLS_MAX + 1, 1)))
