"""How rankings are compared and merged: pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.text.ranking.checking import Ranking
from annotary.modalities.text.ranking.kemeny import Costs, best_tiers
from annotary.modalities.voting import Weights


def agreement(first: Ranking, second: Ranking, context: Context) -> float:
    """Return the mean over all pairs of candidates: 1 for the same order, 0.5 for a tie against an order.

    1 less the share of Kendall's distance with penalty 1/2 (Fagin et al. 2006, "Comparing partial rankings").
    """
    ours, theirs = _places(first), _places(second)
    pairs = list(combinations(range(len(ours)), 2))
    apart = sum(abs(_order(ours, i, j) - _order(theirs, i, j)) for i, j in pairs)
    return 1 - apart / (2 * len(pairs))


def merge(values: Sequence[Ranking], context: Context, weights: Weights) -> Merged:
    """Return the ranking with the least weighted sum of distances to all of them (Kemeny 1959), ties too.

    Confidence is the mean over all pairs of candidates of the share of votes for the order they got.
    """
    places = [_places(value) for value in values]
    size = range(len(places[0]))
    before, tied = ([[0.0 for _ in size] for _ in size] for _ in range(2))
    for place, weight in zip(places, weights, strict=True):
        for i in size:
            for j in size:
                order = _order(place, i, j)
                before[i][j] += weight * (1 + order) / 2
                tied[i][j] += weight * abs(order) / 2
    merged = Ranking(best_tiers(Costs(before, tied), ties=context.settings.ties))
    outcome = _places(merged)
    pairs = list(combinations(size, 2))
    alike = sum(
        weight * sum(_order(place, i, j) == _order(outcome, i, j) for i, j in pairs)
        for place, weight in zip(places, weights, strict=True)
    )
    return Merged(merged, alike / (len(pairs) * sum(weights)))


def _places(value: Ranking) -> list[int]:
    place_of = {candidate: tier for tier, candidates in enumerate(value.tiers) for candidate in candidates}
    return [place_of[candidate] for candidate in range(len(place_of))]


def _order(places: list[int], i: int, j: int) -> int:
    """Return -1 where candidate i stands before j, 0 for a tie, 1 where it stands behind."""
    return (places[i] > places[j]) - (places[i] < places[j])
