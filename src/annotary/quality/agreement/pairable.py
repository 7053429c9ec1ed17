"""The answers that can agree or differ: those of units that two or more annotators answered."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from annotary.kernel.errors import Invalid
from annotary.quality.agreement.values import Floats, Integers

# Up to so many cells labels are counted in a dense table, which takes half the time of sorting.
_DENSE_CELLS_PER_ANSWER = 8


class Pairable:
    """Answers of units with at least two, and their counts by label: what every measure starts from.

    `units` are renumbered from 0; `sizes` says how many answers each has. Labels keep their numbers, which
    are below `label_count`.
    """

    def __init__(self, units: Integers, labels: Integers, label_count: int) -> None:
        """Take each answer's unit and label (n each). Raises `Invalid` where no unit has two answers."""
        sizes = np.bincount(units)
        several = sizes >= 2
        if not several.any():
            found = "no unit answered by two annotators" if len(units) else "no answer"
            raise Invalid(path="answers", found=found, expected="at least one unit with two answers")
        if not several.all():
            kept = several[units]
            number = np.cumsum(several) - 1
            units, labels, sizes = number[units[kept]], labels[kept], sizes[several]
        self.units, self.labels, self.sizes, self.label_count = units, labels, sizes, label_count

    @cached_property
    def label_totals(self) -> Integers:
        """How often each label was given."""
        return np.bincount(self.labels, minlength=self.label_count)

    @cached_property
    def counts(self) -> tuple[Integers, Integers, Integers]:
        """Units, labels, and how often the unit was given the label (> 0); three arrays of one length."""
        keys = self.units * self.label_count + self.labels
        cells = len(self.sizes) * self.label_count
        if cells <= _DENSE_CELLS_PER_ANSWER * len(keys):
            dense = np.bincount(keys, minlength=cells)
            found = np.flatnonzero(dense)
            number = dense[found]
        else:
            found, number = np.unique(keys, return_counts=True)
        return found // self.label_count, found % self.label_count, number

    @cached_property
    def agreeing(self) -> Floats:
        """Each entry's ordered pairs of equal answers, over what one answer can be paired with."""
        units, _, number = self.counts
        return number * (number - 1) / (self.sizes[units] - 1)
