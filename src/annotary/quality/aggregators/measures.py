"""How good an aggregation is, where the truth is known."""

from __future__ import annotations

import numpy as np

from annotary.quality.aggregators.values import Integers, Reals

CALIBRATION_BINS = 10


def accuracy(label: Integers, truth: Integers) -> float | None:
    """Return the share of right labels among tasks with a label and a truth (-1: none); None without any."""
    judged = (truth >= 0) & (label >= 0)
    return float((label[judged] == truth[judged]).mean()) if judged.any() else None


def calibration_error(label: Integers, confidence: Reals, truth: Integers) -> float | None:
    """Return the expected calibration error: over ten bins of confidence, the mean distance to accuracy.

    M. P. Naeini et al., "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015.
    """
    judged = (truth >= 0) & (label >= 0)
    if not judged.any():
        return None
    sure = confidence[judged].astype(np.float64)
    right = (label[judged] == truth[judged]).astype(np.float64)
    place = np.minimum((sure * CALIBRATION_BINS).astype(np.int64), CALIBRATION_BINS - 1)
    gaps = np.bincount(place, sure - right, CALIBRATION_BINS)
    return float(np.abs(gaps).sum() / len(sure))
