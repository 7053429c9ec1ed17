"""The live model: how long an update takes, and how well it agrees with a batch over the same answers.

Times are of one core (the thread's own clock): on a machine that is shared the wall's clock measures others.
"""

from __future__ import annotations

import os
import time
from array import array
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from annotary.quality.aggregators import Answers, aggregate
from annotary.quality.aggregators.tables import read_answers
from annotary.quality.aggregators.values import Integers
from annotary.quality.live.codes import NO_CODES, encode
from annotary.quality.live.model import LiveModel
from bench.report import Report, say

SETS = ("bluebird", "rte", "face_sentiment")
MEBIBYTE = 2**20
# What comes while an aggregator works: this share of the answers.
MEANWHILE = 0.01


def run(quick: bool) -> Report:
    """Measure updates in a large crowd, and agreement on real and made ones."""
    tasks = 10_000 if quick else 100_000
    sizes = {"tasks": tasks, "annotators": 1_000, "classes": 4, "answers_a_task": 4, "meanwhile": MEANWHILE}
    report = Report(name="live", command="python -m bench live", sizes=sizes)
    _updates(report, tasks, 500 if quick else 5_000)
    crowds = {**_real(), **_made(2 if quick else 6)}
    before, after = [], []
    for name, answers in crowds.items():
        say(f"{name} is answered again")
        batch = aggregate(answers).label
        before.append(_agreement(answers, batch, refreshed=False))
        after.append(_agreement(answers, batch, refreshed=True))
        if name in SETS:
            report.add(f"{name}: as the batch, before a refresh", before[-1], "")
            report.add(f"{name}: as the batch, after a refresh", after[-1], "")
    report.details["sets"] = list(crowds)
    report.add("as the batch before a refresh, mean", fmean(before), "", goal=0.95)
    report.add("as the batch after a refresh, mean", fmean(after), "", goal=0.99)
    return report


def _updates(report: Report, tasks: int, updates: int) -> None:
    answers, truth = _crowd(np.random.default_rng(0), tasks, 1_000, 4, 4)
    model, given = LiveModel(4), _by_task(answers)
    began = time.perf_counter()
    found = aggregate(answers, "hierarchical")
    model.install([encode(pairs.items()) for pairs in given], found.posterior, ())
    report.add("made from the answers in", time.perf_counter() - began, "s")
    chance = np.random.default_rng(1)
    own, wall = [], []
    for _ in range(updates):
        task = int(chance.integers(tasks))
        given[task][int(chance.integers(1_000))] = int(truth[task])
        codes = {task: encode(given[task].items())}
        at, at_wall = time.thread_time(), time.perf_counter()
        model.update(codes)
        own.append(1_000 * (time.thread_time() - at))
        wall.append(1_000 * (time.perf_counter() - at_wall))
    report.add("an update, p50", float(np.percentile(own, 50)), "ms")
    report.add("an update, p99", float(np.percentile(own, 99)), "ms", goal=0.5, bound="at most")
    report.add("an update by the wall's clock, p99", float(np.percentile(wall, 99)), "ms")
    many = {task: encode({**given[task], 0: 0}.items()) for task in range(200)}
    at = time.thread_time()
    model.update(many)
    report.add("an update among 200 at once", 1_000 * (time.thread_time() - at) / 200, "ms")
    report.add("memory of the model", model.size_bytes() / MEBIBYTE, "MiB")


def _agreement(answers: Answers, batch: Integers, refreshed: bool) -> float:
    """Return the share of tasks with the batch's label after all answers came one by one, in a drawn order.

    With a refresh, the aggregator saw all but the last answers, which came while it worked.
    """
    order = np.random.default_rng(7).permutation(len(answers))
    model, given = LiveModel(answers.classes), [dict[int, int]() for _ in range(answers.tasks)]
    cut = len(order) - round(MEANWHILE * len(order)) if refreshed else len(order)
    _tell(model, answers, given, order[:cut])
    if refreshed:
        snapshot: list[array[int]] = [*model.answers, *(NO_CODES,) * (answers.tasks - len(model.answers))]
        kept = np.sort(order[:cut])
        found = aggregate(_part(answers, kept))
        changed = _tell(model, answers, given, order[cut:])
        model.install(snapshot, np.asarray(found.posterior, np.float64), changed)
    labels = model.states[: answers.tasks].argmax(axis=1)
    return float((labels == batch).mean())


def _tell(model: LiveModel, answers: Answers, given: list[dict[int, int]], order: Integers) -> set[int]:
    """Tell the model answers one by one; returns their tasks."""
    for place in order.tolist():
        task = int(answers.task[place])
        given[task][int(answers.annotator[place])] = int(answers.label[place])
        model.update({task: encode(given[task].items())})
    return {int(task) for task in answers.task[order]}


def _part(answers: Answers, kept: Integers) -> Answers:
    columns = (answers.task[kept], answers.annotator[kept], answers.label[kept])
    return Answers.of(*columns, tasks=answers.tasks, annotators=answers.annotators, classes=answers.classes)


def _real() -> dict[str, Answers]:
    folder = Path(os.environ.get("ANNOTARY_SAMPLE_DATA", "")) / "crowd"
    files = {name: folder / f"{name}.labels.csv" for name in SETS}
    return {
        name: read_answers(file.read_bytes(), name).answers() for name, file in files.items() if file.exists()
    }


def _made(count: int) -> dict[str, Answers]:
    """Return made crowds of differing sizes, classes and overlaps."""
    shapes: list[Any] = [(300, 20, 2, 5), (300, 40, 4, 5), (200, 12, 3, 7), (600, 60, 6, 4), (400, 15, 2, 3)]
    found = {}
    for number in range(count):
        tasks, annotators, classes, overlap = shapes[number % len(shapes)]
        chance = np.random.default_rng(100 + number)
        found[f"made {number}"] = _crowd(chance, tasks, annotators, classes, overlap)[0]
    return found


def _crowd(
    chance: np.random.Generator, tasks: int, annotators: int, classes: int, overlap: int
) -> tuple[Answers, Integers]:
    """Return the answers of annotators of differing accuracy, each at a task once at most, and the truth."""
    truth = chance.integers(classes, size=tasks)
    accuracy = chance.beta(4.2, 1.8, annotators)
    who = (
        np.argsort(chance.random((tasks, annotators)), axis=1)[:, :overlap]
        if tasks * annotators < 10**6
        else None
    )
    if who is None:
        # Spread over all of them without drawing every pair: neighbours in a drawn order answer together.
        start = chance.integers(annotators, size=(tasks, 1))
        who = chance.permutation(annotators)[(start + np.arange(overlap) * 37) % annotators]
    right = chance.random((tasks, overlap)) < accuracy[who]
    other = (truth[:, None] + chance.integers(1, classes, size=(tasks, overlap))) % classes
    label = np.where(right, truth[:, None], other)
    task = np.repeat(np.arange(tasks), overlap)
    return Answers.of(
        task, who.ravel(), label.ravel(), tasks=tasks, annotators=annotators, classes=classes
    ), truth


def _by_task(answers: Answers) -> list[dict[int, int]]:
    given = [dict[int, int]() for _ in range(answers.tasks)]
    columns = (answers.task.tolist(), answers.annotator.tolist(), answers.label.tolist())
    for task, annotator, label in zip(*columns, strict=True):
        given[task][annotator] = label
    return given
