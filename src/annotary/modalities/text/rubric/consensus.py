"""How scores are compared and merged: criterion by criterion, by how far apart they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from annotary.modalities.label_type import Context, Merged
from annotary.modalities.ratings_consensus import median_level
from annotary.modalities.text.rubric.checking import Rubric
from annotary.modalities.text.rubric.criteria import Criterion, Score
from annotary.modalities.voting import Weights, is_majority, leaders, mean_share, median_low, tally


class _Vote(NamedTuple):
    score: Score
    reason: str
    weight: float


def agreement(first: Rubric, second: Rubric, context: Context) -> float:
    """Return 1 less the distance of the scores in shares of their scales, weighted as the criteria are.

    A criterion that only one of them scored counts as if it were opposite.
    """
    apart = weight = 0.0
    for one in context.settings.criteria:
        given = [value.scores[one.name] for value in (first, second) if one.name in value.scores]
        if given:
            weight += one.weight
            apart += one.weight * (
                abs(one.position(given[0]) - one.position(given[1])) if len(given) == 2 else 1
            )
    return 1 - apart / weight if weight else 1.0


def merge(values: Sequence[Rubric], context: Context, weights: Weights) -> Merged:
    """Return the weighted median score of each criterion that more than half scored.

    The reason is one that goes with the score, or else with the one closest to it. `shares` has, for each
    criterion, the share of its votes that each score got.
    """
    scores: dict[str, Score] = {}
    reasons: dict[str, str] = {}
    shares: dict[str, dict[str, float]] = {}
    sureness = []
    everyone = sum(weights)
    for criterion in sorted(context.settings.criteria, key=lambda one: one.name):
        name = criterion.name
        votes = [
            _Vote(value.scores[name], value.justifications.get(name, ""), weight)
            for value, weight in zip(values, weights, strict=True)
            if name in value.scores
        ]
        heard = sum(vote.weight for vote in votes)
        if not votes:
            continue
        counts = tally([vote.score for vote in votes], [vote.weight for vote in votes])
        shares[name] = {str(score): counts[score] / heard for score in sorted(counts)}
        if not criterion.required and not is_majority(heard, everyone):
            sureness.append(1 - heard / everyone)
            continue
        scores[name] = _median(votes, criterion)
        sureness.append(counts.get(scores[name], 0.0) / everyone)
        reason = _reason(votes, scores[name], criterion)
        if reason:
            reasons[name] = reason
    if not scores:
        return Merged(values[0], 0.0, shares)
    return Merged(Rubric(scores, reasons), mean_share(sureness), shares)


def _median(votes: Sequence[_Vote], criterion: Criterion) -> Score:
    weights = [vote.weight for vote in votes]
    if criterion.scale is not None:
        return median_level([int(vote.score) for vote in votes], weights)
    places = [criterion.choices.index(str(vote.score)) for vote in votes]
    return criterion.choices[int(median_low(places, weights))]


def _reason(votes: Sequence[_Vote], score: Score, criterion: Criterion) -> str:
    given = [vote for vote in votes if vote.reason]
    if not given:
        return ""
    apart = [abs(criterion.position(vote.score) - criterion.position(score)) for vote in given]
    nearest = [vote for vote, distance in zip(given, apart, strict=True) if distance == min(apart)]
    return min(leaders(tally([vote.reason for vote in nearest], [vote.weight for vote in nearest])))
