"""The methods by name, and the one function that runs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from annotary.kernel.errors import Invalid
from annotary.kernel.limits import AGGREGATION_MATRIX_CELLS_MAX
from annotary.quality.aggregators.auto import FITTERS, mix
from annotary.quality.aggregators.crowd import Crowd
from annotary.quality.aggregators.expectation import ROUNDS_MOST
from annotary.quality.aggregators.gold import first_guess
from annotary.quality.aggregators.majority import fit_majority, tie_share_of
from annotary.quality.aggregators.special import row_max
from annotary.quality.aggregators.values import ABSTAINED, Aggregation, Answers, Reals

AUTO = "auto"
METHODS = (AUTO, "majority", "dawid-skene", "one-coin", "hierarchical")


def aggregate(answers: Answers, method: str = AUTO) -> Aggregation:
    """Return what the answers say together; raises `Invalid` for an unknown method or too large a set."""
    if method not in METHODS:
        raise Invalid(path="method", found=method, expected=f"one of {', '.join(METHODS)}")
    if answers.classes == 1:
        # Nothing else was ever said: any method gives every task the class there is.
        return _of_fit(answers, method, "majority")
    if method != AUTO:
        return _of_fit(answers, method, method)
    mixture = mix(answers)
    return _aggregation(
        answers,
        method,
        "+".join(mixture.weights),
        mixture.posterior(),
        mixture.skill(),
        mixture.evidence.mixture,
        mixture.parameters(),
    )


def _of_fit(answers: Answers, method: str, used: str) -> Aggregation:
    cells = answers.matrix_cells
    if used != "majority" and cells > AGGREGATION_MATRIX_CELLS_MAX:
        raise Invalid(
            path="answers",
            found=cells,
            expected=f"annotators x classes² <= {AGGREGATION_MATRIX_CELLS_MAX}",
            hint="Use the method `majority`, or fewer classes.",
        )
    crowd = Crowd(answers)
    plain = used == "majority"
    found = fit_majority(crowd) if plain else FITTERS[used](crowd, first_guess(crowd), ROUNDS_MOST)
    parameters = {"rounds": found.rounds, **found.parameters}
    posterior = found.posterior(answers.classes)
    return _aggregation(answers, method, used, posterior, found.skill(), found.log_likelihood, parameters)


def _aggregation(
    answers: Answers,
    method: str,
    used: str,
    posterior: Reals,
    skill: Reals,
    log_likelihood: float,
    parameters: Mapping[str, Any],
) -> Aggregation:
    known = np.bincount(answers.task, minlength=answers.tasks) > 0
    known[list(answers.gold)] = True
    given = np.bincount(answers.annotator, minlength=answers.annotators)
    return Aggregation(
        method=method,
        method_used=used,
        posterior=posterior,
        label=np.where(known, posterior.argmax(axis=1), ABSTAINED),
        confidence=np.where(known, row_max(posterior), 0),
        skill=np.where(given > 0, skill, np.nan),
        log_likelihood=log_likelihood,
        tie_share=tie_share_of(answers),
        parameters=parameters,
    )
