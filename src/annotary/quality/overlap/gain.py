"""What more answers to a task are expected to add to its accuracy; pure.

With posterior p and the matrix pi[s, l] of an annotator as they are expected, n more answers are worth

    G(n) = E[max over s of P(s | the n answers)] - max over s of p[s],
    E[..] = sum over counts c of n answers of (n! / prod c[l]!) · max over s of p[s] · prod pi[s, l] ** c[l].

A single answer that cannot turn the outcome is worth nothing, while two might turn it. So an answer's gain
is the best mean over the next few, max over n of G(n) / n: the value of information with a look ahead.
P. Frazier and W. Powell, "Paradoxes in learning and the marginal value of information", Decision Analysis 7
(2010).
"""

from __future__ import annotations

import itertools
import math
from functools import cache

import numpy as np

from annotary.quality.aggregators.values import Reals

# How many answers ahead; a task that more could not turn within that is sure enough.
LOOK_AHEAD_ANSWERS = 6
# The most likely classes are told apart; the others hardly matter to what comes out.
_STATES_MOST = 4
_LEAST = 1e-12


def gain_of_one_more(posterior: Reals, matrix: Reals, answers_most: int) -> float:
    """Return the gain in expected accuracy of one more answer, of at most so many; 0 where none may come."""
    kept = np.argsort(-posterior, kind="stable")[:_STATES_MOST]
    share = posterior[kept]
    rows = matrix[kept]
    answers = np.concatenate(
        [rows[:, kept], rows.sum(axis=1, keepdims=True) - rows[:, kept].sum(axis=1, keepdims=True)], axis=1
    )
    logs = np.log(answers.clip(_LEAST, None))
    best = 0.0
    for count in range(1, min(answers_most, LOOK_AHEAD_ANSWERS) + 1):
        counts, ways = _possible(count, answers.shape[1])
        joint = share[:, None] * np.exp(logs @ counts.T)
        gain = float(ways @ joint.max(axis=0)) - float(share.max())
        best = max(best, gain / count)
    return best


@cache
def _possible(count: int, kinds: int) -> tuple[Reals, Reals]:
    """Return (ways, kinds) counts of so many answers of so many kinds, and in how many orders each comes."""
    rows = []
    for bars in itertools.combinations(range(count + kinds - 1), kinds - 1):
        places = (-1, *bars, count + kinds - 1)
        rows.append([after - before - 1 for before, after in itertools.pairwise(places)])
    orders = [math.factorial(count) / math.prod(map(math.factorial, row)) for row in rows]
    return np.array(rows, np.float64), np.array(orders)
