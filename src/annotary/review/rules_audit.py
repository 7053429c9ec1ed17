"""How good a finite population is, from a simple random sample of it: exact intervals, sample sizes. Pure.

A population of N outcomes has M errors; n of them are drawn without replacement, x turn out to be errors: x
is hypergeometric. The interval inverts its two tails, each at half of 1 - confidence, as Clopper and Pearson
do for the binomial: *C. J. Clopper, E. S. Pearson, The use of confidence or fiducial limits illustrated in
the case of the binomial, Biometrika 26 (1934)*; for finite populations *J. P. Buonaccorsi, A note on
confidence intervals for proportions in finite populations, The American Statistician 41 (1987)* and *T.
Wright, Exact confidence bounds when sampling from small finite universes (1991)*. So the finite population is
accounted for exactly: no correction factor is needed, and a sample of everything leaves no doubt. It covers
the truth at least as often as it says, whatever N, n and M are.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

METHOD = "hypergeometric tails inverted (Clopper-Pearson for a finite population)"
NEGLIGIBLE = 1e-16


class Interval(NamedTuple):
    """Bounds of an error rate, 0 to 1."""

    low: float
    high: float


def interval(population: int, drawn: int, errors: int, confidence: float) -> Interval:
    """Return the exact two-sided interval of the population's error rate.

    Without anything drawn it is 0 to 1. Needs 0 <= errors <= drawn <= population.
    """
    assert 0 <= errors <= drawn <= population and 0 < confidence < 1
    if drawn == 0:
        return Interval(0.0, 1.0)
    tail = (1 - confidence) / 2
    least, most = errors, population - (drawn - errors)
    low = least
    if errors > 0:
        low = _first(least, most, lambda total: _at_least(errors, population, total, drawn) > tail)
    high = most
    if errors < drawn:
        high = _first(least, most + 1, lambda total: _at_most(errors, population, total, drawn) <= tail) - 1
    return Interval(low / population, max(low, high) / population)


def half_width(population: int, drawn: int, errors: int, confidence: float) -> float:
    """Return half the width of the interval."""
    low, high = interval(population, drawn, errors, confidence)
    return (high - low) / 2


def sample_size(population: int, margin: float, confidence: float, rate: float = 0.5) -> int:
    """Return the least sample that brings half the interval within `margin` if `rate` of it are errors.

    At a rate of 0.5 the sample is large enough whatever the rate turns out to be.
    """

    def enough(drawn: int) -> bool:
        return half_width(population, drawn, round(rate * drawn), confidence) <= margin

    return _first(0, population, enough)


def more_needed(population: int, drawn: int, errors: int, margin: float, confidence: float) -> int:
    """Return how many further outcomes to judge until half the interval is within `margin`, as it looks now.

    It supposes that errors go on at the rate seen; before anything is judged, at the worst one.
    """
    if drawn and half_width(population, drawn, errors, confidence) <= margin:
        return 0
    rate = errors / drawn if drawn else 0.5
    return max(1 if drawn < population else 0, sample_size(population, margin, confidence, rate) - drawn)


def _first(least: int, most: int, holds: Callable[[int], bool]) -> int:
    """Return the first number from `least` on for which something holds that holds from there on."""
    while least < most:
        middle = (least + most) // 2
        if holds(middle):
            most = middle
        else:
            least = middle + 1
    return least


def _at_least(errors: int, population: int, total: int, drawn: int) -> float:
    return 1.0 - _at_most(errors - 1, population, total, drawn)


def _at_most(errors: int, population: int, total: int, drawn: int) -> float:
    """Return the chance of at most so many errors in the sample, by summing the shorter, falling tail."""
    least, most = max(0, drawn + total - population), min(drawn, total)
    if errors < least:
        return 0.0
    if errors >= most:
        return 1.0
    mode = (drawn + 1) * (total + 1) // (population + 2)
    if errors < mode:
        return min(1.0, _tail(errors, least, population, total, drawn, -1))
    return max(0.0, 1.0 - _tail(errors + 1, most, population, total, drawn, 1))


def _tail(start: int, end: int, population: int, total: int, drawn: int, step: int) -> float:
    """Sum the hypergeometric mass from `start` to `end`, away from the mode, until it no longer matters."""
    mass = math.exp(
        _log_choose(total, start)
        + _log_choose(population - total, drawn - start)
        - _log_choose(population, drawn)
    )
    summed, errors = mass, start
    while errors != end and mass > NEGLIGIBLE * summed:
        if step > 0:
            mass *= (total - errors) * (drawn - errors)
            mass /= (errors + 1) * (population - total - drawn + errors + 1)
        else:
            mass *= errors * (population - total - drawn + errors)
            mass /= (total - errors + 1) * (drawn - errors + 1)
        errors += step
        summed += mass
    return summed


def _log_choose(of: int, chosen: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)
