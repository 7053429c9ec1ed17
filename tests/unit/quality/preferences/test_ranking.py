"""Strengths and skills: the best explanation of the votes, finite, fair, with intervals that hold."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.kernel.errors import Invalid, TooLarge
from annotary.kernel.limits import PLAYERS_MAX
from annotary.quality.preferences.bradley_terry import fit
from annotary.quality.preferences.counting import components, count
from annotary.quality.preferences.likelihood import STRENGTH_DEVIATION, Parameters, place, slope
from annotary.quality.preferences.ranking import rank
from annotary.quality.preferences.values import FIRST, SECOND, TIE, Votes

PLAYERS, JUDGES = list("abcde"), list("xyz")
vote = st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 2), st.integers(0, 2))
some_votes = st.lists(vote.filter(lambda one: one[0] != one[1]), min_size=1, max_size=25)


def votes_of(rows: list[tuple[int, int, int, int]], judged: bool = True) -> Votes:
    first, second, outcomes, judges = np.array(rows).T
    return Votes(first, second, outcomes, judges if judged else None, PLAYERS, JUDGES if judged else [])


def simulated(seed: int, votes: int, strengths: Any, skills: Any, tie: float) -> Votes:
    """Votes drawn from the model."""
    chance = np.random.default_rng(seed)
    first = chance.integers(0, len(strengths), votes)
    second = (first + chance.integers(1, len(strengths), votes)) % len(strengths)
    judges = chance.integers(0, len(skills), votes)
    half = skills[judges] * (strengths[first] - strengths[second]) / 2
    shares = np.exp([half, -half, np.full(votes, tie)])
    outcomes = (chance.random(votes) > np.cumsum(shares / shares.sum(axis=0), axis=0)[:2]).sum(axis=0)
    names = [str(number) for number in range(len(strengths))]
    return Votes(first, second, outcomes, judges, names, [str(number) for number in range(len(skills))])


def test_two_players_have_the_log_odds_of_their_votes() -> None:
    """Of many votes the prior hardly shows; a tie is nu times the root of both players' wins (Davidson)."""
    counts = [(0, 1, FIRST, 0)] * 3000 + [(0, 1, SECOND, 0)] * 1000 + [(0, 1, TIE, 0)] * 1000
    found = fit(count(votes_of(counts, False)._replace(player_names=["a", "b"])))
    assert found.strengths[0] - found.strengths[1] == pytest.approx(math.log(3), abs=0.01)
    assert found.tie == pytest.approx(math.log(1000 / math.sqrt(3000 * 1000)), abs=0.01)
    # By hand, a vote's information: 0.8 / 4 - 0.2^2 of z, 0.2 * 0.8 of the tie, 0.2 * 0.2 of both.
    information = 5000 * (0.16 - 0.04**2 / 0.16)
    error = math.sqrt(1 / information) / 2
    assert found.strength_errors[0] == pytest.approx(error, rel=0.01)


@settings(deadline=None)
@given(some_votes, st.booleans())
def test_nothing_near_is_more_probable(rows: list[tuple[int, int, int, int]], judged: bool) -> None:
    """The slope is that of the height, by differences; without judges the fit is where it is none."""
    counts = count(votes_of(rows, judged), judged)
    chance = np.random.default_rng(0)
    here = Parameters(chance.normal(size=5), 0.3, chance.normal(1, 0.2, counts.judge_count))
    at = slope(counts, place(counts, here), judged)
    for player in range(5):
        step = 1e-5 * np.eye(5)[player]
        moved = [place(counts, here._replace(strengths=here.strengths + sign * step)) for sign in (1, -1)]
        assert (moved[0].height - moved[1].height) / 2e-5 == pytest.approx(at.gradient_x[player], abs=1e-4)
    for judge in range(counts.judge_count if judged else 0):
        step = 1e-5 * np.eye(counts.judge_count)[judge]
        moved = [place(counts, here._replace(skills=here.skills + sign * step)) for sign in (1, -1)]
        assert (moved[0].height - moved[1].height) / 2e-5 == pytest.approx(at.gradient_s[judge], abs=1e-4)
    found = fit(count(votes_of(rows, False)))
    best = Parameters(found.strengths, -np.inf if found.tie is None else found.tie, np.ones(1))
    final = slope(count(votes_of(rows, False)), place(count(votes_of(rows, False)), best), False)
    assert final.gradient_x == pytest.approx(0, abs=1e-3)


@settings(deadline=None)
@given(some_votes, st.booleans())
def test_everything_is_finite_and_strengths_have_no_sum(
    rows: list[tuple[int, int, int, int]], judged: bool
) -> None:
    found = fit(count(votes_of(rows, judged), judged))
    for numbers in (found.strengths, found.strength_errors, found.skills, found.skill_errors):
        assert np.isfinite(numbers).all()
    assert found.strengths.sum() == pytest.approx(0, abs=1e-9)
    # The mean of five is known about as badly as each, so the difference to it is surer than the prior.
    assert (found.strength_errors < 1.5 * STRENGTH_DEVIATION).all()


@settings(deadline=None)
@given(some_votes, st.permutations(range(5)), st.permutations(range(3)), st.randoms())
def test_names_order_and_sides_mean_nothing(
    rows: list[tuple[int, int, int, int]], players: list[int], judges: list[int], chance: Any
) -> None:
    turned = {FIRST: SECOND, SECOND: FIRST, TIE: TIE}
    changed = []
    for first, second, outcome, judge in chance.sample(rows, len(rows)):
        one, other = players[first], players[second]
        row = (one, other, outcome) if chance.random() < 0.5 else (other, one, turned[outcome])
        changed.append((*row, judges[judge]))
    here, there = fit(count(votes_of(rows))), fit(count(votes_of(changed)))
    assert there.strengths[players] == pytest.approx(here.strengths, abs=1e-3)
    assert there.strength_errors[players] == pytest.approx(here.strength_errors, abs=1e-3)
    assert there.skills[judges] == pytest.approx(here.skills, abs=1e-3)


@settings(deadline=None)
@given(some_votes, st.integers(0, 4))
def test_another_win_never_weakens(rows: list[tuple[int, int, int, int]], winner: int) -> None:
    more = [*rows, (winner, (winner + 1) % 5, FIRST, 0)]
    before, after = (fit(count(votes_of(each, False))).strengths[winner] for each in (rows, more))
    assert after > before - 1e-6


def test_intervals_hold_what_they_promise() -> None:
    strengths, skills = np.linspace(-1.5, 1.5, 8), np.tile([0.75, 1.0, 1.25], 4)
    inside = []
    for seed in range(25):
        found = fit(count(simulated(seed, 3000, strengths, skills, -0.3)))
        inside.append(np.abs(found.strengths - strengths) < 1.96 * found.strength_errors)
        inside.append(np.abs(found.skills - skills) < 1.96 * found.skill_errors)
    assert 0.9 < np.concatenate(inside).mean() < 0.99


def test_a_judge_who_guesses_and_one_who_turns_everything_around_are_found() -> None:
    skills = np.array([1.5, 1.5, 1.5, 1.5, 0.0, -1.5])
    votes = simulated(3, 3000, np.linspace(-1, 1, 6), skills, -0.5)
    judges = {one.judge: one for one in rank(votes).judges}
    assert judges["5"].high < 0 < judges["0"].low and judges["4"].low < 0.1 < judges["4"].high + 0.2
    assert judges["5"].agreement < 0.45 < judges["4"].agreement < 0.55 < judges["0"].agreement


def test_counts_ranks_and_groups() -> None:
    rows = [(0, 1, FIRST, 0), (1, 0, SECOND, 0), (0, 1, TIE, 1), (2, 3, TIE, 1)]
    found = rank(votes_of(rows))
    players = {one.player: one for one in found.players}
    assert (players["a"].wins, players["a"].losses, players["a"].ties) == (2, 0, 1)
    assert (found.votes, found.ties, found.components) == (4, 2, 3)
    assert found.players[0].player == "a" and players["b"].rank == 5
    assert players["c"].strength == pytest.approx(players["d"].strength, abs=1e-9)
    assert rank(votes_of(rows), judges=False).judges == []


def test_without_a_tie_there_is_none_in_the_model_and_of_one_judge_the_skill_is_one() -> None:
    only = votes_of([(0, 1, FIRST, 0), (1, 2, FIRST, 0)])._replace(judge_names=["x"])
    found = rank(only)
    assert found.tie_log_odds is None and found.judges[0].skill == 1
    assert rank(votes_of([(0, 1, TIE, 0)] * 9)).tie_log_odds is not None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_groups_are_those_that_votes_connect(edges: list[tuple[int, int]]) -> None:
    groups = [{player} for player in range(10)]
    for first, second in edges:
        touched = [group for group in groups if group & {first, second}]
        groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    first, second = (np.array([edge[side] for edge in edges], dtype=int) for side in (0, 1))
    assert components(first, second, 10) == len(groups)


def test_no_vote_and_too_many_players_are_refused() -> None:
    nobody = np.empty(0, dtype=int)
    with pytest.raises(Invalid, match="votes: found 'no vote'"):
        rank(Votes(nobody, nobody, nobody, None, [], []))
    names = [str(number) for number in range(PLAYERS_MAX + 1)]
    with pytest.raises(TooLarge, match="expected at most 5,000"):
        rank(votes_of([(0, 1, FIRST, 0)], False)._replace(player_names=names))
