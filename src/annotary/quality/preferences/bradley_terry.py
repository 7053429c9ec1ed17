"""The Bradley-Terry model with ties and judges: strengths that explain the votes."""

from __future__ import annotations

import numpy as np

from annotary.kernel.errors import TooLarge
from annotary.kernel.limits import JUDGE_STRENGTHS_MAX, PLAYERS_MAX
from annotary.quality.preferences.counting import over_judges
from annotary.quality.preferences.likelihood import NO_TIES, Parameters, Slope, place, slope
from annotary.quality.preferences.values import TIE, Counts, Fit, Floats

_ROUNDS_MOST = 200
_HALVINGS_MOST = 40
# Half the square of the step in standard errors: what is left to gain in log likelihood.
_GAIN_LEFT = 1e-8


def fit(counts: Counts) -> Fit:
    """Return the most probable strengths, tie propensity and skills, with standard errors.

    With z = skill_k (theta_i - theta_j), judge k says that i beats j with the probability e^(z/2) / S, that j
    beats i with e^(-z/2) / S, and a tie with nu / S, where S is the sum of the three.

    Sources: Davidson (1970), "On extending the Bradley-Terry model to accommodate ties in paired comparison
    experiments", JASA 65; skills as in Chen et al. (2013), "Pairwise ranking aggregation in a crowdsourced
    setting", WSDM. Davidson's and not Rao and Kupper's, because there a player's wins and half its ties are
    all that its strength depends on, and the likelihood is that of a log-linear model: concave, so that
    (without judges) one answer is the best. The priors theta ~ N(0, 2^2), log nu ~ N(0, 3^2), skill ~ N(1,
    0.25^2) keep everything finite: for players never beaten, never compared, and judges of one vote. Without
    a tie in the votes there is none in the model; of a single judge the skill is 1.

    Newton's method with the Fisher information, halving steps that would lose; the skills' part of the
    information is diagonal and eliminated. Errors come from the information's inverse; those of strengths are
    of the difference to the mean player. Skills are scaled to a mean of 1 over the votes, strengths
    accordingly. Raises `TooLarge` beyond PLAYERS_MAX or JUDGE_STRENGTHS_MAX.
    """
    _limit(counts)
    tie = 0.0 if counts.outcomes[TIE].any() else NO_TIES
    start = Parameters(np.zeros(counts.player_count), tie, np.ones(1))
    found = _climb(counts if counts.judge_count == 1 else over_judges(counts), start, skilled=False)
    skilled = counts.judge_count > 1
    if skilled:
        found = found._replace(skills=np.ones(counts.judge_count))
        found = _climb(counts, found, skilled)
    return _standardised(counts, found, slope(counts, place(counts, found), skilled))


def _limit(counts: Counts) -> None:
    players, judges = counts.player_count, counts.judge_count
    if players > PLAYERS_MAX:
        raise TooLarge(f"votes: found {players:,} players, expected at most {PLAYERS_MAX:,}.")
    if judges > 1 and players * judges > JUDGE_STRENGTHS_MAX:
        raise TooLarge(
            f"votes: found {players:,} players and {judges:,} judges, expected a product of at most "
            f"{JUDGE_STRENGTHS_MAX:,}. Rank without judges."
        )


def _climb(counts: Counts, parameters: Parameters, skilled: bool) -> Parameters:
    """Return the parameters at the top; skills stay as they are where they are not `skilled`."""
    at = place(counts, parameters)
    for _ in range(_ROUNDS_MOST):
        ahead = slope(counts, at, skilled)
        step_x, step_s = _step(ahead)
        gain = float(ahead.gradient_x @ step_x + ahead.gradient_s @ step_s) / 2
        if gain < _GAIN_LEFT:
            break
        for halvings in range(_HALVINGS_MOST):
            size = 0.5**halvings
            tried = place(counts, _moved(at.parameters, size * step_x, size * step_s))
            if tried.height > at.height:
                break
        else:
            break
        at = tried
    return at.parameters


def _moved(parameters: Parameters, step_x: Floats, step_s: Floats) -> Parameters:
    players = len(parameters.strengths)
    tie = parameters.tie + step_x[players] if len(step_x) > players else parameters.tie
    skills = parameters.skills + step_s if len(step_s) else parameters.skills
    return Parameters(parameters.strengths + step_x[:players], tie, skills)


def _step(at: Slope) -> tuple[Floats, Floats]:
    """Return information^-1 gradient, for x and s."""
    by_skill = at.information_xs / at.information_ss
    reduced = at.information_xx - by_skill @ at.information_xs.T
    step_x = np.asarray(np.linalg.solve(reduced, at.gradient_x - by_skill @ at.gradient_s), dtype=np.float64)
    return step_x, (at.gradient_s - at.information_xs.T @ step_x) / at.information_ss


def _standardised(counts: Counts, parameters: Parameters, at: Slope) -> Fit:
    """Return the fit on the scale of the mean vote's skill, which otherwise only the priors hold.

    They would let strengths come out too large: skills spread about 1 are nearer to it when all are divided.
    """
    players, votes = counts.player_count, counts.votes
    by_skill = at.information_xs / at.information_ss
    covariance = np.linalg.inv(at.information_xx - by_skill @ at.information_xs.T)
    share = np.bincount(counts.judges, votes, counts.judge_count)[: len(at.information_ss)] / votes.sum()
    mean = float(share @ parameters.skills) if len(share) else 1.0
    # Variance of the mean skill, and its covariance with strengths and skills.
    shift = by_skill @ share
    pulled = covariance @ shift
    mean_variance = float((share**2 / at.information_ss).sum() + shift @ pulled)
    mean_strengths = pulled[:players].mean() - pulled[:players]
    mean_skills = share / at.information_ss + by_skill.T @ pulled
    block = covariance[:players, :players]
    strengths = parameters.strengths - parameters.strengths.mean()
    variances = mean**2 * (np.diagonal(block) - 2 * block.mean(axis=1) + block.mean())
    variances += 2 * mean * strengths * mean_strengths + strengths**2 * mean_variance
    skills = parameters.skills / mean
    skill_variances = np.zeros(1)
    if len(share):
        skill_variances = 1 / at.information_ss + (by_skill * (covariance @ by_skill)).sum(axis=0)
        skill_variances += skills**2 * mean_variance - 2 * skills * mean_skills
    return Fit(
        strengths=mean * strengths,
        strength_errors=np.sqrt(np.maximum(variances, 0)),
        tie=float(parameters.tie) if parameters.tie != NO_TIES else None,
        skills=skills,
        skill_errors=np.sqrt(np.maximum(skill_variances, 0)) / mean,
    )
