"""`annotary aggregate`: real crowds are judged as well as promised, and the command speaks as it should."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(os.environ.get("ANNOTARY_SAMPLE_DATA", "")) / "crowd"
GOALS = {"bluebird": 0.895, "rte": 0.928, "face_sentiment": 0.640}
RUN = "from annotary.cli.main import main; main()"
KEYS = {"method", "method_used", "tasks", "annotators", "labels", "classes", "seconds", "accuracy", "ece"}


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", RUN, "aggregate", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def report(*arguments: object) -> dict[str, Any]:
    done = command(*arguments, "--json")
    assert done.returncode == 0 and done.stdout.count("\n") == 1, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert result.keys() >= KEYS
    return result


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="needs the real answers of ANNOTARY_SAMPLE_DATA")
@pytest.mark.parametrize("name", GOALS)
def test_real_crowds(name: str) -> None:
    found = report(SAMPLES / f"{name}.labels.csv", "--truth", SAMPLES / f"{name}.truth.csv")
    assert found["accuracy"] >= GOALS[name] and 0 <= found["ece"] <= 1


def test_files_in_and_a_file_out(tmp_path: Path) -> None:
    answers, truth, gold, out = (tmp_path / name for name in ("a.csv", "t.csv", "g.csv", "o.csv"))
    rows = [
        (f"t{task}", f"w{worker}", "cat" if task % 2 else "dog") for task in range(6) for worker in range(3)
    ]
    text = "task,worker,label\n" + "".join(",".join(row) + "\n" for row in rows) + "t0,w9,\nt9,w9,\n"
    answers.write_text(text)
    truth.write_text(
        "task,truth\n" + "".join(f"t{task},{'cat' if task % 2 else 'dog'}\n" for task in range(5))
    )
    gold.write_text("task,truth\nt0,cat\nelsewhere,dog\n")
    found = report(answers, "--truth", truth, "--gold", gold, "--out", out, "--method", "majority")
    assert (found["method"], found["method_used"]) == ("majority", "majority")
    assert (found["tasks"], found["annotators"], found["labels"], found["classes"]) == (7, 4, 18, 2)
    # t0 is gold and so not judged; nobody said anything of t9.
    assert (found["judged"], found["accuracy"], found["gold"], found["abstentions"]) == (4, 1.0, 1, 2)
    with out.open(newline="") as file:
        written = {row["task"]: row for row in csv.DictReader(file)}
    assert [written[f"t{task}"]["label"] for task in (0, 1, 2, 9)] == ["cat", "cat", "dog", ""]
    assert float(written["t1"]["confidence"]) > 0.9 and float(written["t9"]["confidence"]) == 0
    table = command(answers, "--truth", truth)
    assert table.returncode == 0 and "accuracy" in table.stdout and "cat" in table.stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [("task,worker,label\n", "at least one answer"), ("task,worker,label\n1,,2\n", "answers.csv line 2")],
)
def test_what_cannot_be_used_is_said_with_exit_2(tmp_path: Path, content: str, words: str) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text(content)
    done = command(answers, "--json")
    assert done.returncode == 2 and words in done.stderr and not done.stdout
    assert command(tmp_path / "missing.csv").returncode == 2
    assert command(answers, "--method", "coin-toss").returncode == 2
