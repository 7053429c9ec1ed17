"""Tables of two annotators' answers on the units that both answered, for all pairs at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from annotary.kernel.errors import TooLarge
from annotary.kernel.limits import ANSWER_KEYS_MAX, ANSWER_PAIRS_MAX
from annotary.quality.agreement.values import Answers, Integers

_PAIRS_AT_ONCE = 1 << 20


class PairTable(NamedTuple):
    """What two annotators said of the same units: labels of the first and second (k), and how often (k)."""

    first: int
    second: int
    first_labels: Integers
    second_labels: Integers
    counts: Integers

    @property
    def shared(self) -> int:
        """How many units both answered."""
        return int(self.counts.sum())


def pair_tables(answers: Answers, most: int) -> tuple[list[PairTable], int]:
    """Return the tables of the `most` pairs that share the most units (ties: in the order of their numbers).

    The number of all pairs that share a unit comes with them. Raises `TooLarge` beyond ANSWER_PAIRS_MAX pairs
    of answers, or ANSWER_KEYS_MAX combinations of annotator and label.
    """
    annotators, labels = len(answers.annotator_names), len(answers.label_names)
    if annotators * labels > ANSWER_KEYS_MAX:
        raise TooLarge(
            f"answers: found {annotators:,} annotators and {labels:,} labels, expected a product of at most "
            f"{ANSWER_KEYS_MAX:,} to compare annotators in pairs. Ask for no pairs."
        )
    cells, counts = _cells(answers)
    pair_of_cell = cells // labels**2
    pairs, starts = np.unique(pair_of_cell, return_index=True)
    if not len(pairs):
        return [], 0
    shared = np.add.reduceat(counts, starts)
    ends = np.append(starts[1:], len(cells))
    tables = []
    for place in np.argsort(-shared, kind="stable")[:most]:
        inside = slice(starts[place], ends[place])
        first, second = divmod(int(pairs[place]), annotators)
        row, column = np.divmod(cells[inside] % labels**2, labels)
        tables.append(PairTable(first, second, row, column, counts[inside]))
    return tables, len(pairs)


def _cells(answers: Answers) -> tuple[Integers, Integers]:
    """Return the distinct (first, second, label, label) as sorted numbers, and how often each occurs."""
    annotators, labels = len(answers.annotator_names), len(answers.label_names)
    found, counts = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    for one, other in _pairs(answers):
        people = answers.annotators[one] * annotators + answers.annotators[other]
        keys = (people * labels + answers.labels[one]) * labels + answers.labels[other]
        new, number = np.unique(keys, return_counts=True)
        found, place = np.unique(np.concatenate([found, new]), return_inverse=True)
        counts = np.bincount(place, weights=np.concatenate([counts, number])).astype(np.int64)
    return found, counts


def _pairs(answers: Answers) -> Iterator[tuple[Integers, Integers]]:
    """Yield the pairs of answers to one unit, as places, the lower annotator first; a million at a time."""
    order = np.lexsort((answers.annotators, answers.units))
    units = answers.units[order]
    # How many answers to the same unit come after each.
    after = np.searchsorted(units, units, side="right") - np.arange(len(units)) - 1
    done = np.cumsum(after)
    total = int(done[-1]) if len(done) else 0
    if total > ANSWER_PAIRS_MAX:
        raise TooLarge(
            f"answers: found {total:,} pairs of answers to the same unit, expected at most "
            f"{ANSWER_PAIRS_MAX:,} to compare annotators in pairs. Ask for no pairs."
        )
    start = 0
    while start < len(order):
        before = done[start] - after[start]
        end = max(start + 1, int(np.searchsorted(done, before + _PAIRS_AT_ONCE, side="right")))
        number = after[start:end]
        one = np.repeat(np.arange(start, end), number)
        step = np.arange(len(one)) - np.repeat(np.cumsum(number) - number, number) + 1
        yield order[one], order[one + step]
        start = end
