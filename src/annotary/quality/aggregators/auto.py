"""Auto: the mixture of all models that best foretells answers it has not seen.

No model is safe alone: the hierarchical one is best on most sets, Dawid-Skene where each annotator has habits
and answered much, kinds of tasks where answers depend on each other, and majority where none of these holds.
One coin takes part through the hierarchical model, of whose centres it is one: left to itself it foretells
answers well from the wrong class where a class is hard for everyone.

    P(class k | t)  =  sum over models m of w[m] · P_m(class k | t),

with w from stacking on left-out answers and gold (evidence.py). That majority takes part keeps the mixture
modest where the others are sure together and wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from annotary.kernel.limits import AGGREGATION_MATRIX_CELLS_MAX
from annotary.quality.aggregators import evidence
from annotary.quality.aggregators.crowd import Crowd, Fit
from annotary.quality.aggregators.dawid_skene import DawidSkene
from annotary.quality.aggregators.evidence import Chosen, Evidence
from annotary.quality.aggregators.expectation import ROUNDS_MOST, fit, infer
from annotary.quality.aggregators.gold import first_guess, mixed_with_proof, proven_shares
from annotary.quality.aggregators.hierarchical import Hierarchical
from annotary.quality.aggregators.majority import fit_majority
from annotary.quality.aggregators.one_coin import OneCoin
from annotary.quality.aggregators.sharpness import sharpened
from annotary.quality.aggregators.values import Answers, Reals

# A model, fitted to a crowd from a start in at most so many rounds.
Fitter = Callable[[Crowd, Reals, int], Fit]

# A model with less weight than this is left out: it costs a fit and moves nothing.
_WEIGHT_MIN = 0.03
# From here on each model is fitted once, without the few answers that are left out.
_LARGE_ANSWERS_MIN = 40_000
# Enough to rank models; the last rounds move few tasks.
_FOLD_ROUNDS_MAX = 20
# Kinds double the matrices; past so many classes there are too few tasks a kind.
_KINDS_CLASSES_MAX = 12


def _majority_and_proof(crowd: Crowd, start: Reals, rounds_max: int) -> Fit:
    """Return majority's outcome, in which annotators whom gold has proven are not outvoted."""
    found, proven = fit_majority(crowd), proven_shares(crowd)
    if proven is None:
        return found
    matrices = mixed_with_proof(found.matrices, found.state_class, proven)
    states, _ = infer(crowd, matrices, found.state_class, found.state_shares)
    return replace(found, states=states, matrices=matrices)


FITTERS: dict[str, Fitter] = {
    "majority": _majority_and_proof,
    "hierarchical": lambda crowd, start, rounds_max: fit(crowd, Hierarchical(), start, rounds_max),
    "dawid-skene": lambda crowd, start, rounds_max: fit(crowd, DawidSkene(), start, rounds_max),
    "hierarchical-kinds": lambda crowd, start, rounds_max: fit(
        crowd, Hierarchical(kinds=2), start, rounds_max
    ),
    "one-coin": lambda crowd, start, rounds_max: fit(crowd, OneCoin(), start, rounds_max),
}
# In large sets those after `hierarchical` start from what it found.
MIXED = ("majority", "hierarchical", "dawid-skene", "hierarchical-kinds")


@dataclass(frozen=True, slots=True)
class Mixture:
    """The models' weights, what each found, and how sure the weights are."""

    weights: dict[str, float]
    fits: dict[str, Fit]
    evidence: Evidence
    classes: int

    def posterior(self) -> Reals:
        """Return (tasks, classes): the weighed mean of the models' posteriors, as sharp as it may be."""
        mixed: Reals = np.zeros(())
        for name, weight in self.weights.items():
            found = self.fits[name].posterior(self.classes)
            mixed = mixed + np.asarray(weight, found.dtype) * found
        return sharpened(mixed, self.evidence.power)

    def skill(self) -> Reals:
        """Return the weighed mean of the models' skills."""
        skills: Reals = np.zeros(())
        for name, weight in self.weights.items():
            skills = skills + weight * self.fits[name].skill()
        return skills

    def parameters(self) -> dict[str, Any]:
        """Return the models' weights, how well each foretold, and what each learned."""
        return {
            "weights": {name: round(weight, 4) for name, weight in self.weights.items()},
            "held_out_log_likelihood": self.evidence.held_out,
            "left_out": self.evidence.left_out,
            "power": round(self.evidence.power, 4),
            "models": {name: dict(found.parameters) for name, found in self.fits.items()},
        }


def mix(answers: Answers) -> Mixture:
    """Return the mixture for a set of answers."""
    fitters = _fitting(answers)
    return (
        _mix_large(answers, fitters) if len(answers) >= _LARGE_ANSWERS_MIN else _mix_small(answers, fitters)
    )


def _mix_small(answers: Answers, fitters: dict[str, Fitter]) -> Mixture:
    """Weigh the models by folds, then fit those that count to all answers."""
    rows, splits = [], list(evidence.fold_splits(answers))
    for split in splits:
        shown = Crowd(split.shown)
        start = first_guess(shown)
        foretold = [split.foretold(fitter(shown, start, _FOLD_ROUNDS_MAX)) for fitter in fitters.values()]
        rows.append(np.stack(foretold, axis=2))
    weighed = evidence.weigh(list(fitters), splits, rows)
    weights = _kept(weighed.weights)
    crowd = Crowd(answers)
    start = first_guess(crowd)
    return Mixture(
        weights,
        {name: fitters[name](crowd, start, ROUNDS_MOST) for name in weights},
        weighed,
        answers.classes,
    )


def _mix_large(answers: Answers, fitters: dict[str, Fitter]) -> Mixture:
    """Fit each model once, without a few answers; weigh them by these; then let those tasks see all."""
    split, drawn = evidence.large_split(answers)
    shown = Crowd(split.shown)
    start = first_guess(shown)
    found: dict[str, Fit] = {}
    for name, fitter in fitters.items():
        found[name] = fitter(shown, start, ROUNDS_MOST)
        if name == "hierarchical":
            start = found[name].states
    rows = np.stack([split.foretold(one) for one in found.values()], axis=2)
    weighed = evidence.weigh(list(fitters), [split], [rows])
    weights = _kept(weighed.weights)
    seen = Crowd(_of_tasks(answers, drawn))
    fits = {name: _with_all(found[name], seen, drawn) for name in weights}
    return Mixture(weights, fits, weighed, answers.classes)


def _with_all(found: Fit, seen: Crowd, drawn: Chosen) -> Fit:
    """Return the fit with the drawn tasks seen in full."""
    found.states[drawn], _ = infer(seen, found.matrices, found.state_class, found.state_shares)
    return found


def _of_tasks(answers: Answers, drawn: Chosen) -> Answers:
    """Return the answers and gold of the drawn tasks, numbered anew."""
    number = np.cumsum(drawn) - 1
    kept = evidence.part(answers, drawn[answers.task])
    gold = {int(number[task]): gold for task, gold in answers.gold.items() if drawn[task]}
    return replace(kept, task=number[kept.task], tasks=int(drawn.sum()), gold=gold)


def _kept(weights: dict[str, float]) -> dict[str, float]:
    """Return the weights of the models that take part, summing to 1, in the order of the models.

    Not by weight: of two that weigh nearly the same, the order of rows would decide which is named first.
    """
    kept = {name: weight for name, weight in weights.items() if weight >= _WEIGHT_MIN}
    total = sum(kept.values())
    return {name: weight / total for name, weight in kept.items()}


def _fitting(answers: Answers) -> dict[str, Fitter]:
    """Return the models whose matrices are not too large for these answers."""
    if answers.matrix_cells > AGGREGATION_MATRIX_CELLS_MAX:
        return {"majority": FITTERS["majority"]}
    too_many = answers.classes > _KINDS_CLASSES_MAX or 2 * answers.matrix_cells > AGGREGATION_MATRIX_CELLS_MAX
    return {name: FITTERS[name] for name in MIXED if not (too_many and name == "hierarchical-kinds")}
