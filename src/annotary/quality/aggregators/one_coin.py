"""One-coin: each annotator is right with one probability, whatever the task.

    pi[a, k, l] = r[a] if l = k, else (1 - r[a]) / (K - 1),
    r[a] = (right[a] + c · r) / (answers[a] + c),

where r is the share of right answers of all annotators: a prior worth c answers. After J. Whitehill et al.,
"Whose vote should count more", NIPS 2009, without difficulty, and G. Demartini et al., "ZenCrowd", WWW 2012.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from annotary.quality.aggregators.crowd import Crowd
from annotary.quality.aggregators.special import last_sum
from annotary.quality.aggregators.values import Integers, Reals

PRIOR_ANSWERS = 4.0
ACCURACY_LEAST = 0.01
ACCURACY_MOST = 0.995
ABOVE_CHANCE_LEAST = 0.05


class OneCoin:
    """The one-coin model."""

    def spread(self, start: Reals, crowd: Crowd) -> tuple[Reals, Integers]:
        """Return the start as it is: each class is one state."""
        return start, np.arange(crowd.classes)

    def matrices(self, counts: Reals, state_class: Integers) -> Reals:
        """Return each annotator's accuracy on the diagonal, the rest spread evenly."""
        classes = len(state_class)
        accuracy = shrunk_accuracy(counts)
        wrong = (1 - accuracy) / max(classes - 1, 1)
        matrices = np.broadcast_to(wrong[:, None, None], counts.shape).copy()
        matrices[:, state_class, state_class] = accuracy[:, None]
        return matrices

    def parameters(self) -> dict[str, Any]:
        """Return the prior."""
        return {"prior_answers": PRIOR_ANSWERS}


def shrunk_accuracy(counts: Reals) -> Reals:
    """Return each annotator's share of right answers, drawn to that of all; counts are (annotators, K, K)."""
    classes = counts.shape[1]
    right = np.trace(counts, axis1=1, axis2=2)
    answers = last_sum(counts.reshape(len(counts), -1))
    overall = max(right.sum() / answers.sum(), 1 / classes + ABOVE_CHANCE_LEAST)
    accuracy = (right + PRIOR_ANSWERS * overall) / (answers + PRIOR_ANSWERS)
    clipped: Reals = accuracy.clip(ACCURACY_LEAST, ACCURACY_MOST)
    return clipped
