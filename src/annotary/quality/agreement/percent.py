"""Percent agreement: how often two annotators give the same answer."""

from __future__ import annotations

import numpy as np

from annotary.quality.agreement.bootstrap import Blocks, Measure
from annotary.quality.agreement.pairable import Pairable
from annotary.quality.agreement.values import Floats


def percent_agreement(answers: Pairable, blocks: Blocks) -> Measure:
    """Return the mean over units of the share of equal pairs of answers, 0 to 1; chance is not taken out."""
    sums = np.column_stack([blocks.sums(unit_agreement(answers)), blocks.sums(np.ones(len(answers.sizes)))])
    return Measure(sums, lambda found: found[:, :1] / found[:, 1:])


def unit_agreement(answers: Pairable) -> Floats:
    """Return for each unit the share of equal pairs of its answers: sum_l n_l (n_l - 1) / (m (m - 1))."""
    units, _, _ = answers.counts
    return np.bincount(units, weights=answers.agreeing, minlength=len(answers.sizes)) / answers.sizes


def specific_agreement(answers: Pairable, blocks: Blocks) -> Measure:
    """Return for each label how probable it is that another annotator of the unit gives it too.

    p_l = sum_u n_l (n_l - 1) / (m - 1) over sum_u n_l; of two annotators it is the F1 of one against the
    other. It is not defined for a label that nobody gave. Source: Cicchetti & Feinstein (1990), "High
    agreement but low kappa: II", Journal of Clinical Epidemiology 43(6).
    """
    units, labels, number = answers.counts
    agreeing = blocks.sums_by_label(units, labels, answers.agreeing, answers.label_count)
    given = blocks.sums_by_label(units, labels, number, answers.label_count)
    return Measure(np.hstack([agreeing, given]), _specific)


def _specific(sums: Floats) -> Floats:
    agreeing, given = np.hsplit(sums, 2)
    return np.where(given > 0, agreeing / given, np.nan)
