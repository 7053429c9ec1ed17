"""The ranking closest to many: exact for few candidates, by local search for more."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

_EXACT_CANDIDATES_MAX = 8
_PASSES_MAX = 100
_ROUNDING = 1e-9

Matrix = list[list[float]]


class Costs(NamedTuple):
    """What it costs to put candidate i before j (`before[i][j]`), and to tie them (`tied`, symmetric)."""

    before: Matrix
    tied: Matrix


def best_tiers(costs: Costs, *, ties: bool) -> list[list[int]]:
    """Return the cheapest tiers, the best first; among equals those with the fewest tiers."""
    if len(costs.before) <= _EXACT_CANDIDATES_MAX:
        return _exact(costs, ties)
    order = _local_search(costs.before)
    return _tied_neighbours(order, costs) if ties else [[candidate] for candidate in order]


def _exact(costs: Costs, ties: bool) -> list[list[int]]:
    """Try, for each set of candidates that may stand first, each tier that may come behind it: 3^n steps."""
    size = len(costs.before)
    everyone = (1 << size) - 1
    ahead_of = [_sums(row) for row in costs.before]
    within = [0.0] * (everyone + 1)
    tied_with = [_sums(row) for row in costs.tied]
    for group in range(1, everyone + 1):
        lowest = (group & -group).bit_length() - 1
        within[group] = within[group & (group - 1)] + tied_with[lowest][group & (group - 1)]
    best: list[tuple[float, int, int]] = [(0.0, 0, 0)] * (everyone + 1)
    # The best way to order what is left, by what is left.
    for left in range(1, everyone + 1):
        options = []
        tier = left
        while tier:
            if ties or tier & (tier - 1) == 0:
                rest = left ^ tier
                ahead = sum(ahead_of[one][rest] for one in _members(tier))
                cost, tiers, _ = best[rest]
                options.append((round(cost + within[tier] + ahead, 9), tiers + 1, tier))
            tier = (tier - 1) & left
        best[left] = min(options)
    found = []
    left = everyone
    while left:
        tier = best[left][2]
        found.append(_members(tier))
        left ^= tier
    return found


def _sums(row: list[float]) -> list[float]:
    """Return the sum of a row over each set of columns."""
    sums = [0.0]
    for value in row:
        sums += [value + one for one in sums]
    return sums


def _members(group: int) -> list[int]:
    return [one for one in range(group.bit_length()) if group >> one & 1]


def _local_search(before: Matrix) -> list[int]:
    """Return an order: Borda's, then each candidate moved to its cheapest place until none gains."""
    size = len(before)
    order = sorted(
        range(size), key=lambda one: (round(sum(before[one]) - sum(r[one] for r in before), 9), one)
    )
    for _ in range(_PASSES_MAX):
        moved = False
        for one in list(order):
            at = order.index(one)
            others = order[:at] + order[at + 1 :]
            # The change of cost from the first place on, as more and more others come before.
            steps = [before[other][one] - before[one][other] for other in others]
            costs = [0.0, *accumulate(steps)]
            best = min(range(size), key=costs.__getitem__)
            if costs[best] < costs[at] - _ROUNDING:
                order = [*others[:best], one, *others[best:]]
                moved = True
        if not moved:
            break
    return order


def _tied_neighbours(order: list[int], costs: Costs) -> list[list[int]]:
    """Cut an order into tiers so that ties and orders together cost least, by dynamic programming."""
    best: list[tuple[float, int, int]] = [(0.0, 0, 0)]
    for end in range(1, len(order) + 1):
        gain = 0.0
        options = []
        for start in range(end - 1, -1, -1):
            one = order[start]
            gain += sum(costs.tied[one][other] - costs.before[one][other] for other in order[start + 1 : end])
            cost, tiers, _ = best[start]
            options.append((round(cost + gain, 9), tiers + 1, start))
        best.append(min(options))
    found = []
    end = len(order)
    while end:
        start = best[end][2]
        found.append(sorted(order[start:end]))
        end = start
    return found[::-1]
