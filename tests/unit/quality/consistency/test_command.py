"""`annotary consistency` on a file: likely label errors, as JSON, as a table and as a CSV file."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

RUN = "from annotary.cli.main import main; main()"


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", RUN, "consistency", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_a_file_of_predictions(tmp_path: Path) -> None:
    file, out = tmp_path / "p.csv", tmp_path / "errors.csv"
    rows = [(f"t{n}", name, name, 0.9) for n in range(20) for name in [("cat", "dog")[n % 2]]]
    rows += [("odd", "cat", "dog", 0.95), ("odd", "cat", "cat", 0.05)]
    file.write_text(
        "task,given,label,probability\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    )
    done = command(file, "--json", "--out", out)
    assert done.returncode == 0 and done.stdout.count("\n") == 1, done.stderr
    found = json.loads(done.stdout)
    assert (found["tasks"], found["classes"], found["found"]) == (21, 2, 1) and found["seconds"] >= 0
    [error] = found["label_errors"]
    assert error == {
        "task": "odd",
        "given": "cat",
        "suggested": "dog",
        "given_probability": 0.05,
        "suggested_probability": 0.95,
    }
    with out.open(newline="") as stream:
        assert [row["task"] for row in csv.DictReader(stream)] == ["odd"]
    assert "odd" in command(file).stdout


def test_wrong_use_is_said_in_a_line(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("task,label\n1,2\n")
    for arguments in ((file,), ()):
        done = command(*arguments)
        assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr
