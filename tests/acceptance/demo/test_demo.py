"""The demo ends well, and what it reports can be found again in the files it wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from annotary.demo.bundled import bundled
from annotary.infra.embedded import ports

ANNOTARY = [sys.executable, "-c", "from annotary.cli.main import main; main()"]
KEYS = {"name", "modality", "tasks", "labels", "labels_per_s", "claim_ms", "submit_ms"}
KEYS |= {"accuracy_single", "accuracy", "export", "overlap"}


def run(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a command of ours; sample data that the machine may have takes no part."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANNOTARY_")}
    command = [*ANNOTARY, *map(str, arguments)]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=240, check=False, **more
    )


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture(scope="module")
def report(data_dir: Path) -> dict[str, Any]:
    """The object that `annotary demo --once --json` prints."""
    ended = run("demo", "--once", "--json", "--data-dir", data_dir, "--port", str(ports.choose()))
    assert ended.returncode == 0, ended.stderr[-3000:]
    [line] = ended.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.mark.timeout(900)
def test_everything_is_labelled_and_agreed_on(report: dict[str, Any], data_dir: Path) -> None:
    assert report["ok"] is True and report["problems"] == [] and report["data_dir"] == str(data_dir)
    assert report["url"].startswith("http://127.0.0.1:") and 0 < report["seconds"] < 180
    assert [one["modality"] for one in report["projects"]] == ["text", "image", "video"]
    for one, sample in zip(report["projects"], bundled(), strict=True):
        assert set(one) >= KEYS
        assert one["tasks"] == len(sample.items) and one["labels"] == sample.overlap * one["tasks"]
        assert 0 < one["claim_ms"]["p50"] <= one["claim_ms"]["p99"]
        assert 0 < one["submit_ms"]["p50"] <= one["submit_ms"]["p99"]
        assert one["labels_per_s"] > 1
        assert 0.4 < one["accuracy_single"] < one["accuracy"] <= 1, "consensus is better than one person"


def test_the_accuracy_is_that_of_the_file(report: dict[str, Any]) -> None:
    messages, truth = report["projects"][0], bundled()[0].truth
    rows = [json.loads(line) for line in Path(messages["export"]).read_text().splitlines()]
    assert len(rows) == messages["tasks"] == len({row["unique_id"] for row in rows})
    right = [row["answer"] == truth[row["unique_id"]] for row in rows]
    single = [one["answer"] == truth[row["unique_id"]] for row in rows for one in row["answers"]]
    assert messages["accuracy"] == pytest.approx(sum(right) / len(right), abs=1e-4)
    assert messages["accuracy_single"] == pytest.approx(sum(single) / len(single), abs=1e-4)
    assert {len({one["member"] for one in row["answers"]}) for row in rows} == {5}


def test_the_same_people_were_asked_again_only_while_it_was_worth_it(report: dict[str, Any]) -> None:
    for one, sample in zip(report["projects"], bundled(), strict=True):
        saved = one["overlap"]
        assert set(saved) == {"labels_used", "labels_fixed", "accuracy", "accuracy_fixed"}
        assert (saved["labels_fixed"], saved["accuracy_fixed"]) == (one["labels"], one["accuracy"])
        assert sample.asking.least * one["tasks"] <= saved["labels_used"] <= saved["labels_fixed"]
        assert one["accuracy_single"] < saved["accuracy"] <= 1
        folder = Path(one["export"])
        rows = (folder.parent / f"{folder.stem}-asked-while-it-is-worth-it.jsonl").read_text().splitlines()
        answers = [len({answer["member"] for answer in json.loads(row)["answers"]}) for row in rows]
        assert len(answers) == one["tasks"] and sum(answers) == saved["labels_used"]
    messages = report["projects"][0]["overlap"]
    assert messages["labels_used"] < 0.75 * messages["labels_fixed"]
    assert messages["accuracy"] > messages["accuracy_fixed"] - 0.1


def test_nothing_runs_on_and_the_data_stays(report: dict[str, Any], data_dir: Path) -> None:
    assert report["ok"]
    assert run("status", "--data-dir", data_dir, "--json").returncode == 2
    assert (data_dir / "postgres" / "PG_VERSION").exists()
    kept = data_dir / "keys" / "owner.token"
    assert kept.stat().st_mode & 0o077 == 0, "the owner's token is for its owner's eyes only"
