"""Fleiss' kappa: agreement beyond chance of any number of annotators."""

from __future__ import annotations

import numpy as np

from annotary.quality.agreement.bootstrap import Blocks, Measure
from annotary.quality.agreement.pairable import Pairable
from annotary.quality.agreement.percent import unit_agreement
from annotary.quality.agreement.values import Floats


def fleiss_kappa(answers: Pairable, blocks: Blocks) -> Measure:
    """Return kappa = (P - P_e) / (1 - P_e), not defined where all answers are the same.

    P is the mean over units of the share of equal pairs of answers, P_e = sum_l p_l^2 with p_l the share of
    label l among all answers. Units may have different numbers of answers, those with one are left out; with
    the same number in all it is the measure of Fleiss (1971), "Measuring nominal scale agreement among many
    raters", Psychological Bulletin 76(5).
    """
    units, labels, number = answers.counts
    agreeing = blocks.sums(unit_agreement(answers))
    given = blocks.sums_by_label(units, labels, number, answers.label_count)
    sums = np.column_stack([agreeing, blocks.sums(np.ones(len(answers.sizes))), given])
    return Measure(sums, kappa)


def kappa(sums: Floats) -> Floats:
    """Return kappa of agreeing shares, units, and answers by label: (r, 2 + label_count) gives (r, 1)."""
    agreeing, units, given = sums[:, :1], sums[:, 1:2], sums[:, 2:]
    shares = given / given.sum(axis=1, keepdims=True)
    chance = (shares**2).sum(axis=1, keepdims=True)
    several = np.count_nonzero(given, axis=1, keepdims=True) > 1
    return np.where(several, (agreeing / units - chance) / (1 - chance), np.nan)
