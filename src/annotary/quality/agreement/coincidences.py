"""Measures from sums over buckets of tasks: coincidences of classes, and scores of pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from annotary.quality.agreement.alpha import alpha_of_coincidences, alpha_of_labels, alpha_of_moments
from annotary.quality.agreement.bootstrap import Measure
from annotary.quality.agreement.fleiss import kappa
from annotary.quality.agreement.messages import SCORE_UNITS, SumRow
from annotary.quality.agreement.values import Floats, Integers

# Ranks of more classes than this are those of the answers as they are, not of those that are resampled.
_RANKED_CLASSES_MOST = 64


class Coincidences:
    """How often two classes met in the answers to one question, by bucket of tasks and tasks' size.

    `classes` are in the order of `rank`. A row is an unordered pair: of tasks with m answers it adds
    1 / (m - 1) to the coincidences of either class with the other. `buckets` are those of all questions that
    are looked at together, so that their measures can be resampled together.
    """

    def __init__(self, rows: Sequence[SumRow], rank: Callable[[str], Any], buckets: Sequence[int]) -> None:
        self.classes = sorted({name for row in rows for name in (row.first, row.second)}, key=rank)
        place = {name: number for number, name in enumerate(self.classes)}
        number_of = {bucket: number for number, bucket in enumerate(buckets)}
        self._bucket = np.array([number_of[row.bucket] for row in rows], dtype=np.int64)
        self._first = np.array([place[row.first] for row in rows], dtype=np.int64)
        self._second = np.array([place[row.second] for row in rows], dtype=np.int64)
        pairs = np.array([row.pairs for row in rows], dtype=np.float64)
        size = np.array([row.size for row in rows], dtype=np.float64)
        self._weight = pairs / (size - 1)
        # Of one task all pairs of answers come to one.
        self._share = 2 * self._weight / size
        self._buckets = len(buckets)

    @property
    def tasks(self) -> float:
        """How many tasks these are of."""
        return float(self._share.sum())

    def given(self) -> Floats:
        """Return the answers by bucket and class."""
        return self._by_class(self._first, self._weight) + self._by_class(self._second, self._weight)

    def nominal(self) -> Measure:
        """Return nominal alpha."""
        agreeing = self._by_class(self._first, 2 * self._weight * self._equal)
        return Measure(np.hstack([agreeing, self.given()]), alpha_of_labels)

    def ordinal(self) -> Measure:
        """Return ordinal alpha of classes in their order."""
        count = len(self.classes)
        if count > _RANKED_CLASSES_MOST:
            times = self.given().sum(axis=0)
            return self.interval(np.cumsum(times) - times / 2)
        table = np.zeros((self._buckets, count * count))
        for one, other in ((self._first, self._second), (self._second, self._first)):
            np.add.at(table, (self._bucket, one * count + other), self._weight)
        return Measure(table, alpha_of_coincidences)

    def interval(self, numbers: Floats) -> Measure:
        """Return interval alpha, each class standing for a number."""
        numbers = (numbers - numbers.min()) / ((numbers.max() - numbers.min()) or 1.0)
        differing = self._weight * (numbers[self._first] - numbers[self._second]) ** 2
        given = self.given()
        sums = [given.sum(axis=1), self._by_bucket(differing), given @ numbers, given @ numbers**2]
        return Measure(np.column_stack(sums), alpha_of_moments)

    def differing(self, differences: Floats) -> Measure:
        """Return alpha for any difference between two classes (classes, classes), 0 to 1."""
        observed = 2 * self._by_bucket(self._weight * differences[self._first, self._second])

        def statistic(sums: Floats) -> Floats:
            found, given = sums[:, :1], sums[:, 1:]
            total = given.sum(axis=1, keepdims=True)
            expected = ((given @ differences) * given).sum(axis=1, keepdims=True)
            return np.where(expected > 0, 1 - (total - 1) * found / expected, np.nan)

        return Measure(np.column_stack([observed, self.given()]), statistic)

    def percent(self) -> Measure:
        """Return the mean over tasks of the share of equal pairs of answers."""
        return Measure(self._unit_sums(), lambda sums: sums[:, :1] / sums[:, 1:])

    def fleiss(self) -> Measure:
        """Return Fleiss' kappa."""
        return Measure(np.hstack([self._unit_sums(), self.given()]), kappa)

    def of_labels(self, sets: Sequence[set[int]], label_count: int) -> tuple[Measure, Measure]:
        """Return each label's alpha against all that is without it, and its specific agreement.

        `sets` are the labels (from 0) that each class has.
        """
        agreeing, labelled = np.zeros((2, self._buckets, label_count))
        rows = zip(
            self._bucket.tolist(), self._first.tolist(), self._second.tolist(), self._weight, strict=True
        )
        for bucket, first, second, weight in rows:
            for label in sets[first] & sets[second]:
                agreeing[bucket, label] += 2 * weight
        given = self.given()
        for number, labels in enumerate(sets):
            labelled[:, sorted(labels)] += given[:, [number]]
        sums = np.hstack([agreeing, labelled, given.sum(axis=1, keepdims=True)])
        return Measure(sums, _alpha_by_label), Measure(sums, _specific)

    @property
    def _equal(self) -> Any:
        return self._first == self._second

    def _unit_sums(self) -> Floats:
        return np.column_stack([self._by_bucket(self._share * self._equal), self._by_bucket(self._share)])

    def _by_bucket(self, values: Floats) -> Floats:
        return np.asarray(np.bincount(self._bucket, values, self._buckets), dtype=np.float64)

    def _by_class(self, classes: Integers, values: Floats) -> Floats:
        count = len(self.classes)
        cells = np.bincount(self._bucket * count + classes, values, self._buckets * count)
        return np.asarray(cells, dtype=np.float64).reshape(self._buckets, count)


def mean_score(rows: Sequence[SumRow]) -> tuple[Measure, float]:
    """Return the mean over tasks of the mean score of their pairs of answers, and the number of tasks."""
    place = {bucket: number for number, bucket in enumerate(sorted({row.bucket for row in rows}))}
    sums = np.zeros((len(place), 2))
    for row in rows:
        sums[place[row.bucket]] += (row.total / SCORE_UNITS / row.size, row.pairs / row.size)
    return Measure(sums, lambda found: found[:, :1] / found[:, 1:]), float(sums[:, 1].sum())


def mean_of(measures: Sequence[Measure]) -> Measure:
    """Return the mean of measures over the same buckets, resampled together; undefined ones are left out."""
    if len(measures) == 1:
        return measures[0]
    ends = np.cumsum([one.sums.shape[1] for one in measures])[:-1]

    def statistic(sums: Floats) -> Floats:
        parts = np.split(sums, ends, axis=1)
        values = np.hstack([one.statistic(part) for one, part in zip(measures, parts, strict=True)])
        known = np.count_nonzero(~np.isnan(values), axis=1, keepdims=True)
        return np.where(known > 0, np.nansum(values, axis=1, keepdims=True) / known, np.nan)

    return Measure(np.hstack([one.sums for one in measures]), statistic)


def _alpha_by_label(sums: Floats) -> Floats:
    agreeing, given, total = _parts(sums)
    expected = given * (total - given)
    return np.where(expected > 0, 1 - (total - 1) * (given - agreeing) / expected, np.nan)


def _specific(sums: Floats) -> Floats:
    agreeing, given, _ = _parts(sums)
    return np.where(given > 0, agreeing / given, np.nan)


def _parts(sums: Floats) -> tuple[Floats, Floats, Floats]:
    agreeing, given = np.hsplit(sums[:, :-1], 2)
    return agreeing, given, sums[:, -1:]
