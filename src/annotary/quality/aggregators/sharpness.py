"""How sharp a posterior may be: the power that makes left-out answers most likely.

Every model takes answers for independent given a task's class. Where they are not (some tasks mislead
everybody) the product of many likelihoods is far too sure, and it foretells the next answer worse than

    q[k]  ∝  P(class k | answers) ** b,        0 < b <= 1,

does for the right b. It is found from answers and gold that were kept from the models, so no truth is asked
for; it leaves every order of classes, and so every label, as it is. One parameter, as in C. Guo et al., "On
calibration of modern neural networks", ICML 2017; a power that is learned from prediction, as in P. Grünwald
and T. van Ommen, "Inconsistency of Bayesian inference for misspecified linear models", Bayesian Analysis 12
(2017).
"""

from __future__ import annotations

import numpy as np

from annotary.quality.aggregators.values import Reals

# From the bluntest to the posterior as it is: no crowd is believed surer than its model.
POWERS = np.geomspace(0.1, 1.0, 13)
# How firmly the model is believed at first: log b is normal about 0 with this deviation.
_LOG_POWER_DEVIATION = 0.5
_LEAST = 1e-30


def sharpened(shares: Reals, power: float) -> Reals:
    """Return (rows, classes) shares to a power, summing to 1 again; those of 0 stay so."""
    if power == 1.0:
        return shares
    kept = shares.max(axis=1, keepdims=True)
    found = np.power(shares / np.where(kept > 0, kept, 1), power, dtype=np.float64)
    found /= found.sum(axis=1, keepdims=True).clip(_LEAST, None)
    return found.astype(shares.dtype)


def best_power(weights: Reals, likelihoods: Reals, row_weights: Reals) -> float:
    """Return the likeliest power: `likelihoods` are (powers, left out, models), mixed by `weights`."""
    if not likelihoods.shape[1]:
        return 1.0
    scores = np.log(likelihoods @ weights) @ row_weights - 0.5 * (np.log(POWERS) / _LOG_POWER_DEVIATION) ** 2
    best = int(scores.argmax())
    if best in (0, len(POWERS) - 1):
        return float(POWERS[best])
    # Between the powers that were tried, the top of the parabola through the best and its neighbours.
    before, top, after = scores[best - 1 : best + 2]
    step = float(np.log(POWERS[1] / POWERS[0]))
    return float(POWERS[best] * np.exp(0.5 * step * (before - after) / (before - 2 * top + after)))
