"""Answers as arrays, and what is said of their agreement."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Level = Literal["nominal", "ordinal", "interval"]


class Answers(NamedTuple):
    """One answer a row: the numbers of its unit, annotator and label (n each), into the names, and its line.

    A unit is what was answered: a task. An annotator answers a unit once at most; `missing` counts answers
    without a label, which are not among the rows.
    """

    units: Integers
    annotators: Integers
    labels: Integers
    unit_names: list[str]
    annotator_names: list[str]
    label_names: list[str]
    lines: Integers
    missing: int = 0


class Estimate(NamedTuple):
    """A measure with its 95 % bootstrap interval; None where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


class LabelAgreement(NamedTuple):
    """One label against all others: alpha, and how probably another annotator gives it too."""

    label: str
    answers: int
    alpha: Estimate
    specific_agreement: Estimate


class PairAgreement(NamedTuple):
    """Two annotators on the units that both answered."""

    annotators: tuple[str, str]
    shared: int
    percent_agreement: Estimate
    cohen_kappa: Estimate


class Agreement(NamedTuple):
    """How far annotators agree: overall, per label, and per pair (those who share the most units).

    `pairs_total` is None where no pairs were asked for.
    """

    alpha: Estimate
    fleiss_kappa: Estimate
    percent_agreement: Estimate
    labels: list[LabelAgreement]
    pairs: list[PairAgreement]
    units_pairable: int
    pairs_total: int | None
