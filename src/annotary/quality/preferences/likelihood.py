"""The likelihood of votes under the Bradley-Terry model with ties and judges, its priors and its slope."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from annotary.quality.preferences.values import Counts, Floats, Integers

# Prior deviations. Held-out likelihood hardly depends on that of strengths (0.5 to 4 were tried). That of
# skills was chosen by it from 0.25, 0.5 and 1, on the votes of MT-bench (3355, 65 judges) and a tenth of it.
STRENGTH_DEVIATION = 2.0
TIE_DEVIATION = 3.0
SKILL_DEVIATION = 0.25
NO_TIES = -np.inf


class Parameters(NamedTuple):
    """Strengths (n), the log of nu (NO_TIES where there are none), skills (k)."""

    strengths: Floats
    tie: float
    skills: Floats


class Slope(NamedTuple):
    """The gradient and the Fisher information of strengths and tie (x) and of skills (s), priors included.

    The skills' own part of the information is diagonal. Without skills s is empty; without ties x is the
    strengths.
    """

    gradient_x: Floats
    gradient_s: Floats
    information_xx: Floats
    information_xs: Floats
    information_ss: Floats


class Place(NamedTuple):
    """Parameters, the log of likelihood times prior (up to a constant), and each cell's part in its slope.

    `pull` is a cell's gradient and `weight` its information about z, `tie_...` about the tie, `cross` about
    both.
    """

    parameters: Parameters
    height: float
    apart: Floats
    skill: Floats
    pull: Floats
    weight: Floats
    tie_pull: Floats
    tie_weight: Floats
    cross: Floats


def place(counts: Counts, parameters: Parameters) -> Place:
    """Return what the likelihood is at the parameters."""
    strengths, tie, skills = parameters
    skill = skills[counts.judges]
    apart = strengths[counts.first] - strengths[counts.second]
    half = skill * apart / 2
    # The largest exponent is taken out, so that none overflows.
    top = np.maximum(np.abs(half), tie)
    shares = np.stack([half - top, -half - top, tie - top])
    np.exp(shares, out=shares)
    total = shares[0] + shares[1] + shares[2]
    shares /= total
    first, second, ties = counts.outcomes
    votes = counts.votes
    lean = (shares[0] - shares[1]) / 2
    likelihood = float(((first - second) * half - votes * (np.log(total) + top)).sum())
    if tie != NO_TIES:
        likelihood += tie * float(ties.sum())
    return Place(
        parameters=parameters,
        height=likelihood + _prior(parameters),
        apart=apart,
        skill=skill,
        pull=(first - second) / 2 - votes * lean,
        weight=votes * ((shares[0] + shares[1]) / 4 - lean**2),
        tie_pull=ties - votes * shares[2],
        tie_weight=votes * shares[2] * (1 - shares[2]),
        cross=-votes * shares[2] * lean,
    )


def slope(counts: Counts, at: Place, skilled: bool) -> Slope:
    """Return the slope at a place; of the skills too where they are `skilled`."""
    tie = at.parameters.tie
    gradient, information = _of_strengths(counts, at)
    cross = [_by_player_and_judge(counts, at.skill * at.weight * at.apart)] if skilled else []
    if tie != NO_TIES:
        own = float(at.tie_weight.sum()) + 1 / TIE_DEVIATION**2
        edge = _to_players(counts, at.skill * at.cross)[:, None]
        gradient = np.append(gradient, float(at.tie_pull.sum()) - tie / TIE_DEVIATION**2)
        information = np.block([[information, edge], [edge.T, np.full((1, 1), own)]])
        if skilled:
            cross.append(_to_judges(counts, at.cross * at.apart)[None])
    if not skilled:
        return Slope(gradient, np.empty(0), information, np.empty((len(gradient), 0)), np.empty(0))
    prior = 1 / SKILL_DEVIATION**2
    gradient_s = _to_judges(counts, at.pull * at.apart) - (at.parameters.skills - 1) * prior
    information_s = _to_judges(counts, at.weight * at.apart**2) + prior
    return Slope(gradient, gradient_s, information, np.vstack(cross), information_s)


def _prior(parameters: Parameters) -> float:
    """Return the log of the prior, up to a constant."""
    twice = float((parameters.strengths**2).sum()) / STRENGTH_DEVIATION**2
    twice += float(((parameters.skills - 1) ** 2).sum()) / SKILL_DEVIATION**2
    if parameters.tie != NO_TIES:
        twice += parameters.tie**2 / TIE_DEVIATION**2
    return -twice / 2


def _of_strengths(counts: Counts, at: Place) -> tuple[Floats, Floats]:
    prior = 1 / STRENGTH_DEVIATION**2
    gradient = _to_players(counts, at.skill * at.pull) - at.parameters.strengths * prior
    players = counts.player_count
    pairs = counts.first * players + counts.second
    between = _sums(pairs, at.skill**2 * at.weight, players**2).reshape(players, players)
    between += between.T
    return gradient, np.diag(between.sum(axis=1) + prior) - between


def _to_players(counts: Counts, values: Floats) -> Floats:
    """Return what pulls on each player: up where it comes first, down where it comes second."""
    up = _sums(counts.first, values, counts.player_count)
    return up - _sums(counts.second, values, counts.player_count)


def _sums(places: Integers, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(places, values, size), dtype=np.float64)


def _to_judges(counts: Counts, values: Floats) -> Floats:
    return _sums(counts.judges, values, counts.judge_count)


def _by_player_and_judge(counts: Counts, values: Floats) -> Floats:
    judges, size = counts.judge_count, counts.player_count * counts.judge_count
    up = _sums(counts.first * judges + counts.judges, values, size)
    return (up - _sums(counts.second * judges + counts.judges, values, size)).reshape(-1, judges)
