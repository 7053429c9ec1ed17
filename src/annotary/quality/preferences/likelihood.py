"""The likelihood of votes under the Bradley-Terry model with ties and judges, its priors and its slope."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from annotary.quality.preferences.values import Counts, Floats, Integers

# Prior deviations. Held-out likelihood hardly depends on that of strengths (0.5 to 4 were tried), that of skills
# was chosen by it among 0.25, 0.5 and 1: on the 3355 votes of 65 judges of MT-bench, and on a tenth of them.
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


class _Cells(NamedTuple):
    """What the model says of each cell of the counts: gradients (pull) and information (weight) of z and tie."""

    apart: Floats
    skill: Floats
    pull: Floats
    weight: Floats
    tie_pull: Floats
    tie_weight: Floats
    tie_cross: Floats


def height(counts: Counts, parameters: Parameters) -> float:
    """Return the log of likelihood times prior, up to a constant."""
    strengths, tie, skills = parameters
    half = skills[counts.judges] * (strengths[counts.first] - strengths[counts.second]) / 2
    top = np.maximum(np.abs(half), tie)
    total = np.log(np.exp(half - top) + np.exp(-half - top) + np.exp(tie - top)) + top
    first, second, ties = counts.outcomes.T
    likelihood = float(((first - second) * half - counts.outcomes.sum(axis=1) * total).sum())
    prior = float((strengths**2).sum()) / STRENGTH_DEVIATION**2
    prior += float(((skills - 1) ** 2).sum()) / SKILL_DEVIATION**2
    if tie != NO_TIES:
        likelihood += tie * float(ties.sum())
        prior += tie**2 / TIE_DEVIATION**2
    return likelihood - prior / 2


def slope(counts: Counts, parameters: Parameters, skilled: bool) -> Slope:
    """Return the slope at the parameters; of the skills too where they are `skilled`."""
    cells = _cells(counts, parameters)
    gradient, information = _of_strengths(counts, parameters, cells)
    cross = [_by_player_and_judge(counts, cells.skill * cells.weight * cells.apart)] if skilled else []
    if parameters.tie != NO_TIES:
        pull = float(cells.tie_pull.sum()) - parameters.tie / TIE_DEVIATION**2
        own = float(cells.tie_weight.sum()) + 1 / TIE_DEVIATION**2
        edge = _to_players(counts, cells.skill * cells.tie_cross)[:, None]
        gradient = np.append(gradient, pull)
        information = np.block([[information, edge], [edge.T, np.full((1, 1), own)]])
        if skilled:
            cross.append(_to_judges(counts, cells.tie_cross * cells.apart)[None])
    if not skilled:
        return Slope(gradient, np.empty(0), information, np.empty((len(gradient), 0)), np.empty(0))
    prior = 1 / SKILL_DEVIATION**2
    gradient_s = _to_judges(counts, cells.pull * cells.apart) - (parameters.skills - 1) * prior
    information_s = _to_judges(counts, cells.weight * cells.apart**2) + prior
    return Slope(gradient, gradient_s, information, np.vstack(cross), information_s)


def _cells(counts: Counts, parameters: Parameters) -> _Cells:
    strengths, tie, skills = parameters
    skill = skills[counts.judges]
    apart = strengths[counts.first] - strengths[counts.second]
    half = skill * apart / 2
    top = np.maximum(np.abs(half), tie)
    shares = np.exp(np.stack([half - top, -half - top, tie - top]))
    shares /= shares.sum(axis=0)
    first, second, ties = counts.outcomes.T
    votes = first + second + ties
    lean = (shares[0] - shares[1]) / 2
    return _Cells(
        apart=apart,
        skill=skill,
        pull=(first - second) / 2 - votes * lean,
        weight=votes * ((shares[0] + shares[1]) / 4 - lean**2),
        tie_pull=ties - votes * shares[2],
        tie_weight=votes * shares[2] * (1 - shares[2]),
        tie_cross=-votes * shares[2] * lean,
    )


def _of_strengths(counts: Counts, parameters: Parameters, cells: _Cells) -> tuple[Floats, Floats]:
    prior = 1 / STRENGTH_DEVIATION**2
    gradient = _to_players(counts, cells.skill * cells.pull) - parameters.strengths * prior
    players = counts.player_count
    pairs = counts.first * players + counts.second
    between = _sums(pairs, cells.skill**2 * cells.weight, players**2).reshape(players, players)
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
