"""Counts votes, and finds which players they connect."""

from __future__ import annotations

import numpy as np

from annotary.quality.preferences.values import FIRST, SECOND, TIE, Counts, Integers, Votes

_DENSE_CELLS_MOST = 1 << 24


def count(votes: Votes, by_judge: bool = True) -> Counts:
    """Return how often each outcome was between two players, by judge where there are any and `by_judge`."""
    players = len(votes.player_names)
    judges = votes.judges if by_judge and votes.judges is not None else None
    judge_count = len(votes.judge_names) if judges is not None else 1
    swapped = votes.first > votes.second
    outcomes = np.where(swapped & (votes.outcomes != TIE), FIRST + SECOND - votes.outcomes, votes.outcomes)
    keys = np.minimum(votes.first, votes.second) * players + np.maximum(votes.first, votes.second)
    if judges is not None:
        keys = keys * judge_count + judges
    cells = players**2 * judge_count
    if cells * 3 <= _DENSE_CELLS_MOST:
        table = np.bincount(keys * 3 + outcomes, minlength=cells * 3).reshape(cells, 3)
        found = np.flatnonzero(table[:, FIRST] + table[:, SECOND] + table[:, TIE])
        table = table[found]
    else:
        found, place = np.unique(keys, return_inverse=True)
        table = np.bincount(place * 3 + outcomes, minlength=len(found) * 3).reshape(len(found), 3)
    pair, judge = np.divmod(found, judge_count)
    first, second = np.divmod(pair, players)
    return Counts(first, second, judge, np.ascontiguousarray(table.T, dtype=np.float64), players, judge_count)


def over_judges(counts: Counts) -> Counts:
    """Return the counts of all judges together."""
    pairs, place = np.unique(counts.first * counts.player_count + counts.second, return_inverse=True)
    outcomes = np.array([np.bincount(place, each, len(pairs)) for each in counts.outcomes], dtype=np.float64)
    first, second = np.divmod(pairs, counts.player_count)
    return Counts(first, second, np.zeros_like(pairs), outcomes, counts.player_count, 1)


def components(first: Integers, second: Integers, player_count: int) -> int:
    """Return into how many groups the players fall that no vote connects, by spreading the lowest number."""
    group = np.arange(player_count)
    while True:
        before = group.copy()
        lowest = np.minimum(group[first], group[second])
        np.minimum.at(group, first, lowest)
        np.minimum.at(group, second, lowest)
        group = group[group]
        if np.array_equal(group, before):
            return len(np.unique(group))
