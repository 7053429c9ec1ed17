"""The Beta distribution: its distribution function and quantiles, for intervals of a share."""

from __future__ import annotations

import math

_ROUNDS = 300
_TINY = 1e-300
_CLOSE = 1e-12


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return P(X <= x) for X ~ Beta(a, b): the regularised incomplete beta function (DLMF 8.17)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    front = math.exp(log_front)
    # The fraction converges fast below the mean; above it the distribution is that of 1 - X.
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1.0 - front * _fraction(1 - x, b, a) / b


def beta_quantile(share: float, a: float, b: float) -> float:
    """Return x with P(X <= x) = share for X ~ Beta(a, b), by bisection."""
    low, high = 0.0, 1.0
    while high - low > _CLOSE:
        middle = (low + high) / 2
        if beta_cdf(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction DLMF 8.17.22, by the modified method of Lentz (1976)."""
    c, d = 1.0, 1.0 / _apart(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _ROUNDS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for coefficient in (even, odd):
            d = 1.0 / _apart(1 + coefficient * d)
            c = _apart(1 + coefficient / c)
            value *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return value


def _apart(value: float) -> float:
    """Return the value, kept away from zero."""
    return value if abs(value) > _TINY else _TINY
