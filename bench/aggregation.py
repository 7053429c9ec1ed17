"""Truth inference: a million answers through `annotary aggregate`, and real ones of ANNOTARY_SAMPLE_DATA."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench.report import ROOT, Report

MEBIBYTE = 2**20
GOALS = {"bluebird": 0.895, "rte": 0.928, "face_sentiment": 0.640}
RUNS = 3
RUN = "from annotary.cli.main import main; main()"


def run(quick: bool) -> Report:
    """Aggregate made answers with every method, and the real ones with `auto`."""
    sizes = {"answers": 50_000 if quick else 1_000_000, "classes": 4, "annotators": 1_000, "runs": RUNS}
    report = Report(name="aggregation", command="python -m bench aggregation", sizes=sizes)
    with tempfile.TemporaryDirectory() as folder:
        answers, truth = made(Path(folder), sizes)
        for method in ("auto", "dawid-skene", "hierarchical", "majority"):
            found = [_aggregate(answers, truth, method) for _ in range(RUNS)]
            best = min(one["seconds"] for one in found)
            report.add(f"{method}: inference, best of {RUNS}", best, "s", goal=0.8, bound="at most")
            report.add(f"{method}: accuracy", found[0]["accuracy"], "")
        report.add("memory of the process", _memory_mebibytes(), "MiB", goal=400, bound="at most")
    _real(report)
    return report


def _real(report: Report) -> None:
    folder = Path(os.environ.get("ANNOTARY_SAMPLE_DATA", "")) / "crowd"
    for name, goal in GOALS.items():
        answers, truth = folder / f"{name}.labels.csv", folder / f"{name}.truth.csv"
        if answers.exists():
            found = _aggregate(answers, truth, "auto")
            report.add(f"{name}: accuracy", found["accuracy"], "", goal=goal)
            report.add(f"{name}: calibration error", found["ece"], "")
            report.add(f"{name}: inference", found["seconds"], "s")


def made(folder: Path, sizes: dict[str, Any]) -> tuple[Path, Path]:
    """Write answers of annotators of differing accuracy and diligence, five a task on average."""
    chance = np.random.default_rng(0)
    count, classes, annotators = sizes["answers"], sizes["classes"], sizes["annotators"]
    tasks = count // 5
    truth = chance.integers(classes, size=tasks)
    accuracy = chance.beta(4.2, 1.8, annotators)
    task = chance.integers(tasks, size=count)
    annotator = (chance.random(count) ** 2 * annotators).astype(int)
    right = chance.random(count) < accuracy[annotator]
    other = (truth[task] + chance.integers(1, classes, size=count)) % classes
    label = np.where(right, truth[task], other)
    answers, known = folder / "answers.csv", folder / "truth.csv"
    rows = zip(task.tolist(), annotator.tolist(), label.tolist(), strict=True)
    answers.write_text("task,worker,label\n" + "".join(f"t{t},w{a},c{c}\n" for t, a, c in rows))
    known.write_text("task,truth\n" + "".join(f"t{t},c{c}\n" for t, c in enumerate(truth.tolist())))
    return answers, known


def _aggregate(answers: Path, truth: Path, method: str) -> dict[str, Any]:
    command = [sys.executable, "-c", RUN, "aggregate", str(answers), "--truth", str(truth)]
    done = subprocess.run(
        [*command, "--method", method, "--json"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _memory_mebibytes() -> float:
    """Return the most memory that any of the commands held: whole processes, reading included."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / MEBIBYTE
