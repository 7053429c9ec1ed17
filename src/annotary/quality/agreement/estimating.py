"""A project's sums become measures with intervals. Runs in the bounded process: resampling takes long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from math import sqrt
from typing import Any, TypeVar

import msgspec
import numpy as np

from annotary.quality.agreement.bootstrap import Measure, estimates
from annotary.quality.agreement.cohen import cohen_kappa
from annotary.quality.agreement.coincidences import Coincidences, mean_of, mean_score
from annotary.quality.agreement.messages import (
    CLASSES,
    SCORE_UNITS,
    EstimateReply,
    EstimateRequest,
    GroupEstimate,
    PairRow,
    SumRow,
)
from annotary.quality.agreement.pairs import PairTable
from annotary.quality.agreement.rules import is_wanted
from annotary.quality.agreement.values import Estimate, Floats

SEED = 0
PREFERENCES = ("a", "tie", "b")
# Beyond so many different sets of labels, they are not all held against each other.
_SETS_MOST = 512
# The normal distribution's point that 2.5 % lie beyond.
_Z = 1.959963984540054
Found = dict[str, Estimate]
Made = dict[str, Callable[[], Measure]]
R = TypeVar("R", SumRow, PairRow)


class Wanted:
    """Which measures are wanted, and how often sums are resampled."""

    def __init__(self, measure: str, replicates: int) -> None:
        self._measure, self._replicates = measure, replicates

    def among(self, found: Found) -> Found:
        """Return those that are wanted."""
        return {name: value for name, value in found.items() if is_wanted(name, self._measure)}

    def of(self, made: Made) -> Found:
        """Return the value of each wanted measure; one that is not wanted is not computed."""
        return {name: self.each(make())[0] for name, make in made.items() if is_wanted(name, self._measure)}

    def each(self, measure: Measure) -> list[Estimate]:
        """Return all values of one measure."""
        return estimates(measure, self._replicates, SEED)

    def of_two(self, table: PairTable) -> Found:
        """Return what two annotators' classes say."""
        percent, kappa = cohen_kappa(table, self._replicates, SEED)
        return {"percent_agreement": percent, "cohen_kappa": kappa}


def estimate(request: EstimateRequest) -> EstimateReply:
    """Make measures of the sums of a project."""
    wanted = Wanted(request.measure, request.replicates)
    if request.by == "pair":
        pairs = msgspec.json.decode(request.rows, type=list[PairRow])
        groups = [
            _of_pair(list(part), wanted)
            for _, part in groupby(pairs, lambda row: (row.one, row.other, row.tool))
        ]
    else:
        rows = msgspec.json.decode(request.rows, type=list[SumRow])
        make = _by_label if request.by == "label" else _together
        groups = [
            group for part in _parts(rows, lambda row: (row.group, row.tool)) for group in make(part, wanted)
        ]
    return EstimateReply(groups=[group for group in groups if group.measures])


def _together(rows: Sequence[SumRow], wanted: Wanted) -> Iterator[GroupEstimate]:
    """Yield one group's measures of whole answers. Of several questions the mean over them is taken."""
    tool, key = rows[0].tool, [rows[0].group] if rows[0].group else []
    by_question = [_of_classes(tool, one) for one in _questions(rows).values()]
    names = {name: None for made in by_question for name in made}
    of_classes: Made = {name: partial(_mean, name, by_question) for name in names}
    of_scores, tasks = _scores([row for row in rows if not row.label])
    yield _group(key, tool, "", tasks, wanted.of(of_classes | of_scores))


def _mean(name: str, by_question: Sequence[Made]) -> Measure:
    return mean_of([made[name]() for made in by_question if name in made])


def _by_label(rows: Sequence[SumRow], wanted: Wanted) -> Iterator[GroupEstimate]:
    """Yield the measures of each label: of marks, of questions, or of classes against all the others."""
    tool = rows[0].tool
    for question, one in _questions(rows).items():
        if tool == "classification":
            yield from _labels_of(one, wanted)
        elif question:
            yield _group([], tool, question, one.tasks, wanted.of(_of_classes(tool, one)))
    for part in _parts([row for row in rows if row.measure != CLASSES and row.label], lambda row: row.label):
        scores, tasks = _scores(part)
        yield _group([], tool, part[0].label, tasks, wanted.of(scores))


def _labels_of(one: Coincidences, wanted: Wanted) -> Iterator[GroupEstimate]:
    sets = [_labels(name) for name in one.classes]
    labels = sorted({label for each in sets for label in each})
    place = {label: number for number, label in enumerate(labels)}
    alphas, specific = one.of_labels([{place[label] for label in each} for each in sets], len(labels))
    for label, alpha, how_often in zip(labels, wanted.each(alphas), wanted.each(specific), strict=True):
        found = {"alpha_nominal": alpha, "specific_agreement": how_often}
        yield _group([], "classification", label, one.tasks, wanted.among(found))


def _of_pair(rows: Sequence[PairRow], wanted: Wanted) -> GroupEstimate:
    """Return two annotators' measures with one tool."""
    classes = [row for row in rows if row.measure == CLASSES]
    by_question = [wanted.of_two(_table(part)) for part in _parts(classes, lambda row: row.label)]
    found = {name: _mean_value([one[name] for one in by_question]) for name in (by_question or [{}])[0]}
    scores = [row for row in rows if row.measure != CLASSES]
    found |= {row.measure: _analytic(row) for row in scores}
    key = [rows[0].one, rows[0].other]
    return _group(key, rows[0].tool, "", max(row.tasks for row in scores), wanted.among(found))


def _table(rows: Sequence[PairRow]) -> PairTable:
    names = sorted({name for row in rows for name in (row.first, row.second)})
    place = {name: number for number, name in enumerate(names)}
    cells = [(place[row.first], place[row.second], row.tasks) for row in rows]
    return PairTable(0, 1, *(np.array(column, dtype=np.int64) for column in zip(*cells, strict=True)))


def _mean_value(found: Sequence[Estimate]) -> Estimate:
    """Return the one value, or the mean of several without an interval: their tasks are the same ones."""
    if len(found) == 1:
        return found[0]
    known = [one.value for one in found if one.value is not None]
    return Estimate(sum(known) / len(known) if known else None, None, None)


def _analytic(row: PairRow) -> Estimate:
    """Return the mean score of two annotators, with an interval by the normal distribution."""
    mean = row.total / row.tasks / SCORE_UNITS
    if row.tasks < 2:
        return Estimate(mean, None, None)
    # Whole numbers until here: no digits are lost between two large sums.
    variance = (row.squares * row.tasks - row.total**2) / (row.tasks * (row.tasks - 1)) / SCORE_UNITS**2
    margin = _Z * sqrt(variance / row.tasks)
    return Estimate(mean, max(0.0, mean - margin), min(1.0, mean + margin))


def _questions(rows: Sequence[SumRow]) -> dict[str, Coincidences]:
    """Return what was answered by classes, by question."""
    classes = [row for row in rows if row.measure == CLASSES]
    buckets = sorted({row.bucket for row in classes})
    rank = _rank(rows[0].tool)
    return {
        part[0].label: Coincidences(part, rank, buckets) for part in _parts(classes, lambda row: row.label)
    }


def _rank(tool: str) -> Callable[[str], Any]:
    """Return what classes are ordered by: levels by their numbers, choices from a over tie to b."""
    if tool == "preference":
        return PREFERENCES.index
    return int if tool == "ordinal" else str


def _of_classes(tool: str, one: Coincidences) -> Made:
    """Return the measures of the answers to one question."""
    if tool == "ordinal":
        levels = np.array([float(name) for name in one.classes])
        alphas: Made = {"alpha_ordinal": one.ordinal, "alpha_interval": partial(one.interval, levels)}
        return {**alphas, "percent_agreement": one.percent}
    made: Made = {
        "alpha_nominal": one.nominal,
        "fleiss_kappa": one.fleiss,
        "percent_agreement": one.percent,
    }
    if tool == "preference":
        made["alpha_ordinal"] = one.ordinal
    elif len(one.classes) <= _SETS_MOST and any(len(_labels(name)) > 1 for name in one.classes):
        made["alpha_jaccard"] = partial(one.differing, _jaccard(one.classes))
    return made


def _jaccard(classes: Sequence[str]) -> Floats:
    """Return 1 - |A & B| / |A | B| between sets of labels; 0 between two that have none."""
    sets = [_labels(name) for name in classes]
    return np.array([[1 - len(a & b) / len(a | b) if a | b else 0.0 for b in sets] for a in sets])


def _labels(name: str) -> set[str]:
    return msgspec.json.decode(name, type=set[str])


def _scores(rows: Sequence[SumRow]) -> tuple[Made, float]:
    """Return the mean scores, and how many tasks they rest on."""
    made: Made = {}
    most = 0.0
    for part in _parts([row for row in rows if row.measure != CLASSES], lambda row: row.measure):
        measure, tasks = mean_score(part)
        made[part[0].measure] = partial(_same, measure)
        most = max(most, tasks)
    return made, most


def _same(measure: Measure) -> Measure:
    return measure


def _group(key: list[str], tool: str, label: str, tasks: float, found: Found) -> GroupEstimate:
    values = {name: (one.value, one.low, one.high) for name, one in found.items()}
    return GroupEstimate(key, tool, label, round(tasks), values)


def _parts(rows: Sequence[R], key: Callable[[R], Any]) -> list[list[R]]:
    """Return rows by key, in the order of the keys."""
    return [list(part) for _, part in groupby(sorted(rows, key=key), key)]
