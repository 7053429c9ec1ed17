"""Krippendorff's alpha, with missing answers, for nominal, ordinal and interval labels."""

from __future__ import annotations

import math

import numpy as np

from annotary.quality.agreement.bootstrap import Blocks, Measure, one_block
from annotary.quality.agreement.pairable import Pairable
from annotary.quality.agreement.values import Floats, Integers, Level

# Below this share of its largest value a variance is what rounding left of none.
_ROUNDING = 1e-12
_RANKED_LABELS_MOST = 64


def krippendorff_alpha(
    units: Integers,
    labels: Integers,
    label_count: int,
    level: Level = "nominal",
    numbers: Floats | None = None,
) -> float:
    """Return alpha of answers given as units and labels (n each, from 0); NaN where it is not defined.

    alpha = 1 - D_o / D_e, with D_o = 1/n sum_u 1/(m_u - 1) sum_{i != j in u} d(i, j) over the n answers of
    units with m_u >= 2 answers, and D_e = 1/(n (n - 1)) sum_{i != j} d(i, j) over all of them. The difference
    d is 0 or 1 (nominal), the square of the difference of `numbers` (interval), or that of the labels' mean
    ranks (ordinal; labels count in the order of their numbers). It is 1 for perfect agreement, 0 for chance,
    and not defined where all answers are the same. Source: Krippendorff (2011), "Computing Krippendorff's
    alpha-reliability", University of Pennsylvania. Raises `Invalid` where no unit has two answers.
    """
    answers = Pairable(units, labels, label_count)
    return float(alpha(answers, one_block(len(answers.sizes)), level, numbers).values()[0])


def alpha(answers: Pairable, blocks: Blocks, level: Level, numbers: Floats | None = None) -> Measure:
    """Return alpha as a measure over blocks of units; the level interval needs `numbers` (label_count).

    Resampled, ordinal ranks are those of the resampled answers; of many labels, those of the answers as they
    are.
    """
    if level == "nominal":
        return Measure(_label_sums(answers, blocks), alpha_of_labels)
    if level == "ordinal":
        if blocks.number > 1 and answers.label_count <= _RANKED_LABELS_MOST:
            return Measure(_coincidences(answers, blocks), alpha_of_coincidences)
        numbers = np.cumsum(answers.label_totals) - answers.label_totals / 2
    if numbers is None:
        raise ValueError("the level interval needs the labels' numbers")
    return _metric(answers, blocks, _scaled(numbers, answers.label_totals))


def label_alpha(answers: Pairable, blocks: Blocks) -> Measure:
    """Return the nominal alpha of each label against all the others together (label_count values)."""
    return Measure(_label_sums(answers, blocks), _alpha_by_label)


def _label_sums(answers: Pairable, blocks: Blocks) -> Floats:
    """Return each block's agreeing pairs by label, then its answers by label (blocks, 2 label_count)."""
    units, labels, number = answers.counts
    agreeing = blocks.sums_by_label(units, labels, answers.agreeing, answers.label_count)
    given = blocks.sums_by_label(units, labels, number, answers.label_count)
    return np.hstack([agreeing, given])


def alpha_of_labels(sums: Floats) -> Floats:
    """Return nominal alpha of agreeing pairs and answers by label: (r, 2 label_count) gives (r, 1)."""
    agreeing, given = np.hsplit(sums, 2)
    total = given.sum(axis=1, keepdims=True)
    differing = (given - agreeing).sum(axis=1, keepdims=True)
    expected = total**2 - (given**2).sum(axis=1, keepdims=True)
    return np.where(expected > 0, 1 - (total - 1) * differing / expected, np.nan)


def _alpha_by_label(sums: Floats) -> Floats:
    agreeing, given = np.hsplit(sums, 2)
    total = given.sum(axis=1, keepdims=True)
    expected = given * (total - given)
    return np.where(expected > 0, 1 - (total - 1) * (given - agreeing) / expected, np.nan)


def _scaled(numbers: Floats, label_totals: Integers) -> Floats:
    """Return numbers from 0 to 1 over the labels given: alpha is the same, and nothing overflows."""
    given = numbers[label_totals > 0]
    largest = np.abs(given).max() or 1.0
    lowest = given.min() / largest
    spread = (given.max() / largest - lowest) or 1.0
    return np.where(label_totals > 0, (numbers / largest - lowest) / spread, 0.0)


def _metric(answers: Pairable, blocks: Blocks, numbers: Floats) -> Measure:
    given = numbers[answers.labels]
    total = np.bincount(answers.units, weights=given)
    squares = np.bincount(answers.units, weights=given * given)
    differing = np.maximum(answers.sizes * squares - total**2, 0) / (answers.sizes - 1)
    sums = np.column_stack([blocks.sums(each) for each in (answers.sizes, differing, total, squares)])
    return Measure(sums, alpha_of_moments)


def alpha_of_moments(sums: Floats) -> Floats:
    """Return alpha of answers, differing pairs, sums and sums of squares of numbers: (r, 4) gives (r, 1)."""
    size, differing, total, squares = (column[:, None] for column in sums.T)
    expected = size * squares - total**2
    defined = expected > _ROUNDING * size * squares
    return np.where(defined, 1 - (size - 1) * differing / expected, np.nan)


def _coincidences(answers: Pairable, blocks: Blocks) -> Floats:
    """Return each block's ordered pairs of labels in a unit, over m - 1 (blocks, label_count^2)."""
    units, labels, number = answers.counts
    # Each entry (a label of a unit) meets all entries of its unit, itself too.
    entries = np.bincount(units)
    meets = entries[units]
    one = np.repeat(np.arange(len(units)), meets)
    step = np.arange(len(one)) - np.repeat(np.cumsum(meets) - meets, meets)
    other = (np.cumsum(entries) - entries)[units[one]] + step
    pairs = number[one] * (number[other] - (one == other)) / (answers.sizes[units[one]] - 1)
    cells = labels[one] * answers.label_count + labels[other]
    return blocks.sums_by_label(units[one], cells, pairs, answers.label_count**2)


def alpha_of_coincidences(sums: Floats) -> Floats:
    """Return ordinal alpha of coincidences: (r, label_count^2) gives (r, 1).

    A row of coincidences sums up to the answers with its label.
    """
    label_count = math.isqrt(sums.shape[1])
    coincidences = sums.reshape(len(sums), label_count, label_count)
    given = coincidences.sum(axis=2)
    size = given.sum(axis=1, keepdims=True)
    ranks = (np.cumsum(given, axis=1) - given / 2) / size
    total = (given * ranks).sum(axis=1, keepdims=True)
    squares = (given * ranks**2).sum(axis=1, keepdims=True)
    together = np.einsum("bi,bij,bj->b", ranks, coincidences, ranks)[:, None]
    return alpha_of_moments(np.hstack([size, np.maximum(squares - together, 0), total, squares]))
