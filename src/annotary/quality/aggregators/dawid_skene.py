"""Dawid-Skene: each annotator has a confusion matrix of their own, with a weak Dirichlet prior on each row.

    pi[a, k, l] = (n[a, k, l] + c · m[k, l]) / (n[a, k] + c),   m[k, k] = 0.55, the rest spread evenly.

The prior is worth c = 1 answer a row: enough that what was never seen is not impossible, and that a class
keeps its name. A. P. Dawid and A. M. Skene, Applied Statistics 28 (1979).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from annotary.quality.aggregators.crowd import Crowd
from annotary.quality.aggregators.special import last_sum
from annotary.quality.aggregators.values import Integers, Reals

PRIOR_ANSWERS = 1.0
PRIOR_DIAGONAL = 0.55


class DawidSkene:
    """The Dawid-Skene model with Dirichlet priors."""

    def spread(self, start: Reals, crowd: Crowd) -> tuple[Reals, Integers]:
        """Return the start as it is: each class is one state."""
        return start, np.arange(crowd.classes)

    def matrices(self, counts: Reals, state_class: Integers) -> Reals:
        """Return the posterior mean of each row."""
        classes = len(state_class)
        prior = np.full((classes, classes), (1 - PRIOR_DIAGONAL) / max(classes - 1, 1))
        np.fill_diagonal(prior, PRIOR_DIAGONAL)
        with_prior = counts + PRIOR_ANSWERS * prior
        means: Reals = with_prior / last_sum(with_prior)[:, :, None]
        return means

    def parameters(self) -> dict[str, Any]:
        """Return the prior."""
        return {"prior_answers": PRIOR_ANSWERS, "prior_diagonal": PRIOR_DIAGONAL}
