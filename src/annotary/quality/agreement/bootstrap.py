"""Bootstrap intervals of measures that are functions of sums over units."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from annotary.quality.agreement.values import Estimate, Floats, Integers

_BLOCKS_MOST = 4096
_BLOCKS_LEAST = 64
_CELLS_AT_ONCE = 1 << 22
_TAIL = 0.025


class Blocks(NamedTuple):
    """Which block each unit belongs to (units), and how many blocks there are."""

    of_unit: Integers
    number: int

    def sums(self, values: Floats | Integers) -> Floats:
        """Return the sum of one value a unit, by block (number)."""
        sums = np.bincount(self.of_unit, weights=values, minlength=self.number)
        return np.asarray(sums, dtype=np.float64)

    def sums_by_label(
        self, units: Integers, labels: Integers, values: Floats | Integers, label_count: int
    ) -> Floats:
        """Return sums of values that stand at units and labels, by block and label (number, label_count)."""
        keys = self.of_unit[units] * label_count + labels
        size = self.number * label_count
        sums = np.bincount(keys, weights=values, minlength=size)
        return np.asarray(sums, dtype=np.float64).reshape(self.number, label_count)


class Measure(NamedTuple):
    """Sums over blocks of units (blocks, k), and what they come to: (r, k) gives (r, s), NaN if undefined."""

    sums: Floats
    statistic: Callable[[Floats], Floats]

    def values(self) -> Floats:
        """Return the measure itself (s), without an interval."""
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Floats = self.statistic(self.sums.sum(axis=0, keepdims=True))[0]
        return found


def one_block(unit_count: int) -> Blocks:
    """Return all units as one block: for a measure without an interval."""
    return Blocks(np.zeros(unit_count, dtype=np.int64), 1)


def blocks_of_units(unit_count: int, label_count: int, seed: int) -> Blocks:
    """Return the blocks that are resampled: single units, or, of many units, random groups of equal size.

    Sums over random groups vary as sums over units do, so resampling a few thousand groups gives the same
    interval (with 4096 its width is known to 2 %) at a cost that does not grow with the units. Many labels
    make fewer groups.
    """
    count = min(_BLOCKS_MOST, max(_BLOCKS_LEAST, _CELLS_AT_ONCE // max(1, label_count)))
    if unit_count <= count:
        return Blocks(np.arange(unit_count), unit_count)
    return Blocks(np.random.default_rng(seed).permutation(unit_count) % count, count)


def estimates(measure: Measure, replicates: int, seed: int) -> list[Estimate]:
    """Return each of a measure's values with its 95 % percentile interval under resampling of units.

    Source: Efron & Tibshirani (1993), "An introduction to the bootstrap", chapter 13. Replicates in which a
    value is not defined are left out; the interval is None where these are more than half, or there is one
    unit only.
    """
    values = measure.values()
    blocks = len(measure.sums)
    drawn = np.full((max(1, replicates), len(values)), np.nan)
    if blocks > 1:
        chance = np.random.default_rng(seed)
        at_once = max(1, _CELLS_AT_ONCE // max(blocks, measure.sums.shape[1]))
        for start in range(0, replicates, at_once):
            size = min(at_once, replicates - start)
            picked = chance.integers(0, blocks, (size, blocks)) + blocks * np.arange(size)[:, None]
            weights = np.bincount(picked.ravel(), minlength=size * blocks).reshape(size, blocks)
            with np.errstate(invalid="ignore", divide="ignore"):
                drawn[start : start + size] = measure.statistic(weights.astype(np.float64) @ measure.sums)
    return with_intervals(values, drawn)


def with_intervals(values: Floats, drawn: Floats) -> list[Estimate]:
    """Return values (s) with the percentiles of their replicates (r, s)."""
    ordered = np.sort(drawn, axis=0)
    defined = np.count_nonzero(~np.isnan(ordered), axis=0)
    last, columns = np.maximum(defined - 1, 0), np.arange(len(values))
    low = ordered[np.floor(_TAIL * last).astype(np.int64), columns]
    high = ordered[np.ceil((1 - _TAIL) * last).astype(np.int64), columns]
    sure = (2 * defined >= len(drawn)) & ~np.isnan(values)
    return [
        Estimate(_defined(value), float(lowest) if known else None, float(highest) if known else None)
        for value, lowest, highest, known in zip(values, low, high, sure, strict=True)
    ]


def _defined(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
