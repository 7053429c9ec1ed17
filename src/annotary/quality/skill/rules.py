"""What is made of judged answers: a skill with its interval, and what becomes of the annotator. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from uuid import UUID

from annotary.kernel.errors import Invalid
from annotary.kernel.limits import REQUEUE_DAYS_MAX
from annotary.projects.quality import QualitySettings
from annotary.quality.skill.beta import beta_quantile
from annotary.quality.skill.values import Estimate, Judged, LabelSkill, Move, Standing

# Agreement with what most said is weaker evidence than agreement with what is known: the answer itself was
# among what made the consensus, and the others may be wrong together.
CONSENSUS_WEIGHT = 0.25
# Jeffreys' prior: its equal-tailed interval holds what it says for few answers too (Brown, Cai and DasGupta,
# Interval Estimation for a Binomial Proportion, Statistical Science 16(2), 2001).
PRIOR = 0.5
TAIL = 0.025
NOT_QUALIFIED = "did not qualify"


def estimate(judged: Sequence[Judged]) -> Estimate | None:
    """Return the skill that judged answers speak for; None where there are none.

    The posterior of a share under Beta(1/2, 1/2): a score s of an answer counts as s successes and 1 - s
    failures, times the weight of its source (gold and review 1, consensus 1/4). Its mean is the skill.
    """
    if not judged:
        return None
    known = [one.score for one in judged if one.source != "consensus"]
    agreed = [one.score for one in judged if one.source == "consensus"]
    mean, low, high = _posterior(
        sum(known) + CONSENSUS_WEIGHT * sum(agreed), len(known) + CONSENSUS_WEIGHT * len(agreed)
    )
    return Estimate(
        skill=mean,
        low=low,
        high=high,
        gold_answers=len(known),
        gold_score=_mean(known),
        agreed_answers=len(agreed),
        agreed_score=_mean(agreed),
    )


def label_skills(judged: Sequence[Judged]) -> dict[str, LabelSkill]:
    """Return the skill in each label, from the answers in which it stands or should stand."""
    sums: dict[str, list[float]] = {}
    for one in judged:
        weight = CONSENSUS_WEIGHT if one.source == "consensus" else 1.0
        for label, score in one.labels.items():
            entry = sums.setdefault(label, [0.0, 0.0, 0.0])
            entry[0] += weight * score
            entry[1] += weight
            entry[2] += 1
    return {
        label: LabelSkill(*_posterior(successes, weights), int(answers))
        for label, (successes, weights, answers) in sorted(sums.items())
    }


def interval(scores: Sequence[float]) -> tuple[float, float, float]:
    """Return the posterior mean of a share and its 95 % interval."""
    return _posterior(sum(scores), len(scores))


def _posterior(successes: float, weights: float) -> tuple[float, float, float]:
    a, b = PRIOR + successes, PRIOR + max(0.0, weights - successes)
    return a / (a + b), beta_quantile(TAIL, a, b), beta_quantile(1 - TAIL, a, b)


def _mean(scores: Sequence[float]) -> float | None:
    return math.fsum(scores) / len(scores) if scores else None


def next_move(standing: Standing, settings: QualitySettings) -> Move | None:
    """Say what becomes of an annotator; None: nothing. Who is paused stays so until a manager acts."""
    if standing.state == "qualifying":
        return _at_the_gate(standing.qualification, settings)
    if standing.state == "active" and (reason := why_pause(standing.skill, settings)):
        return Move("paused", reason)
    return None


def _at_the_gate(scores: Sequence[float], settings: QualitySettings) -> Move | None:
    gate = settings.qualification
    if gate is None:
        return Move("active", None)
    if len(scores) < gate.tasks:
        return None
    reached = math.fsum(scores) / len(scores)
    if reached >= gate.pass_at:
        return Move("active", None)
    found = f"reached {reached:.2f} of {gate.pass_at:.2f} on {len(scores)} qualification tasks"
    return Move("paused", f"{NOT_QUALIFIED}: {found}")


def why_pause(skill: Estimate | None, settings: QualitySettings) -> str | None:
    """Return why an annotator of this skill is paused, or None.

    The answers are counted as they weigh: four that were held against consensus are one.
    """
    bar, answers_min = settings.skill.pause_below, settings.skill.answers_min
    if skill is None or bar is None:
        return None
    weight = skill.gold_answers + CONSENSUS_WEIGHT * skill.agreed_answers
    if weight < answers_min or skill.skill >= bar:
        return None
    answers = f"{skill.gold_answers} known answers"
    if skill.agreed_answers:
        answers += f" and agreement on {skill.agreed_answers} others"
    return f"skill {skill.skill:.2f} is below {bar:.2f}, by {answers}"


def check_requeue_days(days: float) -> float:
    """Return how far back work is asked for again, in days; raises Invalid outside 0 to REQUEUE_DAYS_MAX."""
    if not (math.isfinite(days) and 0 <= days <= REQUEUE_DAYS_MAX):
        raise Invalid(path="/requeue_days", found=days, expected=f"0 (none) to {REQUEUE_DAYS_MAX} days")
    return days


def vote_weights(skills: Mapping[UUID, float | None]) -> dict[UUID, float]:
    """Return each annotator's weight in a merge: the skill; who is not known gets the mean of the others."""
    known = [skill for skill in skills.values() if skill is not None]
    mean = math.fsum(known) / len(known) if known else 1.0
    return {member: mean if skill is None else skill for member, skill in skills.items()}
