"""Aggregators: what does not depend on names does not, and real crowds are judged as well as was promised."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotary.kernel.errors import Invalid
from annotary.quality.aggregators import aggregate
from annotary.quality.aggregators.methods import METHODS
from annotary.quality.aggregators.values import Answers

SAMPLES = os.environ.get("ANNOTARY_SAMPLE_DATA", "")
GOALS = {"bluebird": 0.895, "rte": 0.928, "face_sentiment": 0.640}


def crowd(seed: int, tasks: int = 60, annotators: int = 12, classes: int = 3) -> tuple[np.ndarray, ...]:
    """Make answers of a crowd of differing skill; returns task, annotator, label and truth."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, classes, tasks)
    skill = random.uniform(0.4, 0.95, annotators)
    task = np.repeat(np.arange(tasks), 5)
    annotator = np.concatenate([random.permutation(annotators)[:5] for _ in range(tasks)])
    right = random.random(len(task)) < skill[annotator]
    label = np.where(right, truth[task], (truth[task] + random.integers(1, classes, len(task))) % classes)
    return task, annotator, label, truth


@given(st.integers(0, 10_000), st.sampled_from(METHODS))
@settings(max_examples=20, deadline=None)
def test_names_and_order_do_not_matter(seed: int, method: str) -> None:
    task, annotator, label, _ = crowd(seed)
    random = np.random.default_rng(seed + 1)
    tasks, people, classes = random.permutation(60), random.permutation(12), random.permutation(3)
    order = random.permutation(len(task))
    plain = aggregate(Answers.of(task, annotator, label, tasks=60, annotators=12, classes=3), method)
    renamed = aggregate(
        Answers.of(
            tasks[task][order],
            people[annotator][order],
            classes[label][order],
            tasks=60,
            annotators=12,
            classes=3,
        ),
        method,
    )
    back = renamed.posterior[tasks][:, classes]
    assert np.allclose(plain.posterior, back, atol=2e-3)


@pytest.mark.parametrize("method", METHODS)
def test_a_crowd_is_judged_well_and_surely(method: str) -> None:
    task, annotator, label, truth = crowd(7, tasks=400, annotators=20)
    found = aggregate(Answers.of(task, annotator, label, classes=3), method)
    assert (np.argmax(found.posterior, axis=1) == truth).mean() > 0.75
    assert np.allclose(found.posterior.sum(axis=1), 1, atol=1e-5)


def test_what_cannot_be_an_answer_is_refused() -> None:
    for label in ([0.5, 1], [float("nan"), 0], [-2, 0]):
        with pytest.raises(Invalid):
            Answers.of([0, 1], [0, 1], label)
    with pytest.raises(Invalid):
        Answers.of([0], [0, 1], [0, 1])
    with pytest.raises(Invalid):
        aggregate(Answers.of([0, 1], [0, 1], [0, 1]), "coin-toss")


@pytest.mark.skipif(not SAMPLES, reason="needs the real answers of ANNOTARY_SAMPLE_DATA")
@pytest.mark.parametrize("name", GOALS)
def test_real_crowds(name: str) -> None:
    folder = Path(SAMPLES) / "crowd"
    command = "from annotary.cli.main import main; main()"
    files = [str(folder / f"{name}.labels.csv"), "--truth", str(folder / f"{name}.truth.csv")]
    done = subprocess.run(
        [sys.executable, "-c", command, "aggregate", *files, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(done.stdout)
    wanted = {
        "method",
        "method_used",
        "tasks",
        "annotators",
        "labels",
        "classes",
        "seconds",
        "accuracy",
        "ece",
    }
    assert wanted <= report.keys() and done.stdout.count("\n") == 1
    assert report["accuracy"] >= GOALS[name]
