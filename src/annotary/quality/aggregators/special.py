"""The special functions and sums that the models share, on numpy alone."""

from __future__ import annotations

import numpy as np

from annotary.quality.aggregators.values import Reals

HALF_LOG_TWO_PI = 0.5 * np.log(2 * np.pi)
# Beyond so many columns one call over the rows is quicker than one call a column.
_COLUMNS_LOOPED_MAX = 24


def log_gamma(x: Reals) -> Reals:
    """Return log Γ(x) for x > 0, to about 1e-5: Stirling's series, moved by 3 (Abramowitz and Stegun)."""
    y = x + 3.0
    series = (y - 0.5) * np.log(y) - y + HALF_LOG_TWO_PI + 1 / (12 * y) - 1 / (360 * y * y * y)
    moved: Reals = series - np.log(x * (x + 1.0) * (x + 2.0))
    return moved


def log_odds(share: Reals) -> Reals:
    """Return log(p / (1 - p))."""
    odds: Reals = np.log(share / (1 - share))
    return odds


def row_max(values: Reals) -> Reals:
    """Return the largest of each row; quick for few columns, where numpy's reduction is slow."""
    if values.shape[1] > _COLUMNS_LOOPED_MAX:
        whole: Reals = values.max(axis=1)
        return whole
    largest = values[:, 0].copy()
    for column in range(1, values.shape[1]):
        np.maximum(largest, values[:, column], out=largest)
    return largest


def last_sum(values: Reals) -> Reals:
    """Return sums over the last axis; as a product, many times quicker than a sum over few numbers."""
    sums: Reals = values @ np.ones(values.shape[-1], values.dtype)
    return sums


def soft_max(scores: Reals) -> tuple[Reals, Reals]:
    """Return rows of exp(scores) that sum to 1, and the logarithm of what each was divided by."""
    largest = row_max(scores)
    shares = scores - largest[:, None]
    np.exp(shares, out=shares)
    sums = last_sum(shares)
    shares /= sums[:, None]
    return shares, largest + np.log(sums)
