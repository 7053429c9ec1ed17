"""A made crowd: annotators of differing accuracy and diligence, and what they answered, in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np


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
