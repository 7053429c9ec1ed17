"""Cohen's kappa: agreement beyond chance of two annotators."""

from __future__ import annotations

import numpy as np

from annotary.quality.agreement.bootstrap import with_intervals
from annotary.quality.agreement.pairs import PairTable
from annotary.quality.agreement.values import Estimate, Floats, Integers

_CELLS_AT_ONCE = 1 << 22


def cohen_kappa(table: PairTable, replicates: int, seed: int) -> tuple[Estimate, Estimate]:
    """Return the percent agreement of two annotators and their kappa, each with its bootstrap interval.

    kappa = (p_o - p_e) / (1 - p_e), with p_o the share of units given the same label and p_e = sum_l p_l q_l,
    where p and q are the two annotators' shares of label l. It is not defined where both always gave one same
    label. Source: Cohen (1960), "A coefficient of agreement for nominal scales", Educational and
    Psychological Measurement 20(1). Resampling units is drawing the table's cells from a multinomial
    distribution.
    """
    shared = table.shared
    values = _agreement(table, table.counts[None].astype(np.float64))[0]
    drawn = np.full((max(1, replicates), 2), np.nan)
    if shared > 1:
        chance = np.random.default_rng(seed)
        at_once = max(1, _CELLS_AT_ONCE // len(table.counts))
        for start in range(0, replicates, at_once):
            size = min(at_once, replicates - start)
            counts = chance.multinomial(shared, table.counts / shared, size=size)
            drawn[start : start + size] = _agreement(table, counts.astype(np.float64))
    percent, kappa = with_intervals(values, drawn)
    return percent, kappa


def _agreement(table: PairTable, counts: Floats) -> Floats:
    """Return percent agreement and kappa of resampled tables: (r, k) gives (r, 2)."""
    shared = counts.sum(axis=1)
    observed = counts[:, table.first_labels == table.second_labels].sum(axis=1) / shared
    labels, place = np.unique(np.concatenate([table.first_labels, table.second_labels]), return_inverse=True)
    first, second = np.split(place, 2)
    rows, columns = _by_label(counts, first, len(labels)), _by_label(counts, second, len(labels))
    chance = (rows * columns).sum(axis=1) / shared**2
    with np.errstate(invalid="ignore", divide="ignore"):
        kappa = np.where(chance < 1, (observed - chance) / (1 - chance), np.nan)
    return np.column_stack([observed, kappa])


def _by_label(counts: Floats, labels: Integers, label_count: int) -> Floats:
    """Return the sums of cells by label: (r, k) gives (r, label_count)."""
    sums = np.zeros((len(counts), label_count))
    order = np.argsort(labels, kind="stable")
    present, starts = np.unique(labels[order], return_index=True)
    sums[:, present] = np.add.reduceat(counts[:, order], starts, axis=1)
    return sums
