"""From votes to a ranking of players and of judges."""

from __future__ import annotations

import numpy as np

from annotary.kernel.errors import Invalid
from annotary.quality.preferences.bradley_terry import fit
from annotary.quality.preferences.counting import components, count
from annotary.quality.preferences.values import (
    FIRST,
    SECOND,
    TIE,
    Counts,
    Fit,
    Floats,
    Judge,
    Player,
    Ranking,
    Votes,
)

_NORMAL_95 = 1.959964


def rank(votes: Votes, *, judges: bool = True) -> Ranking:
    """Return the ranking of the players by strength, and, where votes name them, of the judges by skill.

    `judges=False` takes all votes as those of one judge. Players of the same strength have the same rank.
    Raises `Invalid` without votes, `TooLarge` as `fit` does.
    """
    if not len(votes.first):
        raise Invalid(path="votes", found="no vote", expected="at least one")
    counts = count(votes, judges)
    found = fit(counts)
    by_judge = judges and votes.judges is not None
    return Ranking(
        players=_players(votes, counts, found),
        judges=_judges(votes, counts, found) if by_judge else [],
        votes=len(votes.first),
        ties=int(counts.outcomes[TIE].sum()),
        tie_log_odds=found.tie,
        components=components(counts.first, counts.second, counts.player_count),
    )


def _players(votes: Votes, counts: Counts, found: Fit) -> list[Player]:
    first, second, ties = counts.outcomes
    wins = _sum_by_player(counts, first, second)
    losses = _sum_by_player(counts, second, first)
    tied = _sum_by_player(counts, ties, ties)
    order = np.argsort(-found.strengths, kind="stable")
    ranks = np.searchsorted(-found.strengths[order], -found.strengths[order], side="left") + 1
    low, high = _interval(found.strengths, found.strength_errors)
    return [
        Player(
            rank=int(ranks[place]),
            player=votes.player_names[one],
            strength=float(found.strengths[one]),
            low=float(low[one]),
            high=float(high[one]),
            wins=int(wins[one]),
            losses=int(losses[one]),
            ties=int(tied[one]),
        )
        for place, one in enumerate(order)
    ]


def _judges(votes: Votes, counts: Counts, found: Fit) -> list[Judge]:
    given = np.bincount(counts.judges, counts.votes, counts.judge_count)
    apart = np.sign(found.strengths[counts.first] - found.strengths[counts.second])
    decided = counts.outcomes[FIRST] - counts.outcomes[SECOND]
    right = np.bincount(counts.judges, (apart * decided + counts.votes) / 2, counts.judge_count)
    low, high = _interval(found.skills, found.skill_errors)
    return [
        Judge(
            judge=votes.judge_names[one],
            votes=int(given[one]),
            skill=float(found.skills[one]),
            low=float(low[one]),
            high=float(high[one]),
            agreement=float(right[one] / given[one]),
        )
        for one in np.argsort(-found.skills, kind="stable")
        if given[one]
    ]


def _sum_by_player(counts: Counts, of_first: Floats, of_second: Floats) -> Floats:
    sums = np.bincount(counts.first, of_first, counts.player_count)
    return np.asarray(sums + np.bincount(counts.second, of_second, counts.player_count), dtype=np.float64)


def _interval(values: Floats, errors: Floats) -> tuple[Floats, Floats]:
    return values - _NORMAL_95 * errors, values + _NORMAL_95 * errors
