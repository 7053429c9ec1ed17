"""Sums over groups of answers: the two passes over all answers that every model makes in each round."""

from __future__ import annotations

import numpy as np

from annotary.quality.aggregators.values import Integers, Reals

# Groups up to this size are summed member by member across all groups at once, larger ones each on its own.
_SHORT_MEMBERS_MAX = 48


def sorted_order(keys: Integers) -> Integers:
    """Return the stable order of keys >= 0; key and place packed into one number sort by vectors."""
    count = len(keys)
    packed = keys * count + np.arange(count)
    packed.sort()
    return packed % max(count, 1)


class Groups:
    """Answers by a key (their task, or their annotator and label), laid out so that summing is quick."""

    def __init__(self, keys: Integers, groups: int) -> None:
        self.sizes = np.bincount(keys, minlength=groups)
        starts = np.cumsum(self.sizes) - self.sizes
        order = sorted_order(keys)
        self._by_size = sorted_order(self.sizes.max(initial=0) - self.sizes)
        sizes, starts = self.sizes[self._by_size], starts[self._by_size]
        self._long = int(np.searchsorted(-sizes, -_SHORT_MEMBERS_MAX))
        self._members: list[Integers] = []
        for place in range(int(sizes[self._long]) if self._long < groups else 0):
            reached = int(np.searchsorted(-sizes, -place))
            self._members.append(order[starts[self._long : reached] + place])
        long_sizes = sizes[: self._long]
        self._long_starts = np.cumsum(long_sizes) - long_sizes
        self._long_members = np.concatenate(
            [order[:0], *(order[at : at + size] for at, size in zip(starts, long_sizes, strict=False))]
        )
        self._groups = groups

    def bind(self, index: Integers, weight: Reals | None) -> Sums:
        """Return what sums rows `table[index[i]] * weight[i]` over the members i of each group."""
        return Sums(
            self._by_size,
            [(index[members], _taken(weight, members)) for members in self._members],
            (index[self._long_members], _taken(weight, self._long_members)),
            self._long_starts,
        )


class Sums:
    """One kind of sum over groups; see `Groups.bind`."""

    def __init__(
        self,
        by_size: Integers,
        short: list[tuple[Integers, Reals | None]],
        long: tuple[Integers, Reals | None],
        long_starts: Integers,
    ) -> None:
        self._by_size, self._short, self._long, self._long_starts = by_size, short, long, long_starts

    def of(self, table: Reals) -> Reals:
        """Return (groups, columns): the sum of the table's rows over each group's members."""
        split = len(self._long_starts)
        sums = np.zeros((len(self._by_size), table.shape[1]), table.dtype)
        if split:
            sums[:split] = np.add.reduceat(_rows(table, *self._long), self._long_starts, axis=0)
        for index, weight in self._short:
            sums[split : split + len(index)] += _rows(table, index, weight)
        placed = np.empty_like(sums)
        placed[self._by_size] = sums
        return placed


def _taken(weight: Reals | None, members: Integers) -> Reals | None:
    return None if weight is None else weight[members]


def _rows(table: Reals, index: Integers, weight: Reals | None) -> Reals:
    rows = table.take(index, axis=0)
    if weight is not None:
        rows *= weight[:, None]
    return rows
