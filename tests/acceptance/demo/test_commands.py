"""A person's way through the command line: project, import, label, export, on a running platform."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from annotary.demo.platform import running
from annotary.infra.embedded import ports
from annotary.infra.settings import Settings

ANNOTARY = [sys.executable, "-c", "from annotary.cli.main import main; main()"]
DEFINITION = {
    "tools": {"classification": {}, "spans": {}},
    "labels": [
        {"name": "good", "tools": ["classification"]},
        {"name": "bad", "tools": ["classification"]},
        {"name": "person", "tools": ["spans"]},
    ],
}
ROWS = [
    '{"unique_id": "1", "text": "Ada Lovelace was kind to me."}',
    '{"unique_id": "2", "text": "It rained."}',
    "this is no JSON",
    '{"unique_id": "3", "text": "[bold]Third[/bold]"}',
]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("commands") / "data"


@pytest.fixture(scope="module")
def run(data_dir: Path) -> Iterator[Run]:
    """Run commands against a platform that is up for the length of the module."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANNOTARY_")}
    environment["ANNOTARY_DATA_DIR"] = str(data_dir)

    def call(*arguments: str | Path, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [*ANNOTARY, *map(str, arguments)]
        return subprocess.run(
            command, env=environment, input=typed, capture_output=True, text=True, timeout=240, check=False
        )

    settings = Settings.from_environment({"ANNOTARY_PORT": str(ports.choose())}, data_dir=data_dir)
    with running(settings, lambda _: None):
        yield call


def printed(ended: subprocess.CompletedProcess[str], code: int = 0) -> dict[str, Any]:
    """Return the one object that a command printed on one line."""
    assert ended.returncode == code, ended.stderr
    [line] = ended.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.mark.timeout(900)
def test_from_a_file_to_labels(run: Run, tmp_path: Path) -> None:
    (tmp_path / "definition.json").write_text(json.dumps(DEFINITION))
    (tmp_path / "rows.jsonl").write_text("\n".join(ROWS))
    made = run(
        "project", "create", "Mail", "-m", "text", "--definition", tmp_path / "definition.json", "--json"
    )
    assert printed(made)["project"]["name"] == "Mail"

    imported = printed(run("import", tmp_path / "rows.jsonl", "-p", "Mail", "--json"), code=1)
    assert imported["ok"] is False and [one["line"] for one in imported["refusals"]] == [3]
    assert imported["result"]["tasks"] == 3

    typed = "1\nw1-2 person\nu\nw1-2\n\nnonsense\nbad\n\ns too odd\n"
    labelled = run("label", "Mail", "--json", typed=typed)
    assert printed(labelled) == {"ok": True, "submitted": 2, "skipped": 1}
    assert "[bold]Third[/bold]" in labelled.stderr, "what annotators read is shown as it is"

    out = tmp_path / "labels.jsonl"
    exported = printed(run("export", "Mail", "--out", out, "--json"))
    rows = {row["unique_id"]: row["answer"] for row in map(json.loads, out.read_text().splitlines())}
    assert exported["size_bytes"] == out.stat().st_size
    assert rows == {
        "1": {
            "classification": [{"label": "good"}],
            "spans": [{"label": "person", "start": 0, "end": 12}],
        },
        "2": {"classification": [{"label": "bad"}]},
    }


def test_an_annotator_sees_only_what_is_theirs(run: Run) -> None:
    token = printed(run("token", "create", "laptop", "--new-member", "Zoe", "--json"))["token"]
    assert printed(run("project", "list", "--json", "--token", token["token"])) == {"projects": []}
    assert run("project", "show", "Mail", "--token", token["token"]).returncode == 2
    assert printed(run("project", "members", "Mail", "--add", "Zoe", "--json"))["members"][0]["name"] == "Zoe"
    mine = printed(run("project", "list", "--json", "--token", token["token"]))["projects"]
    assert [one["project"]["name"] for one in mine] == ["Mail"]
    assert run("token", "create", "more", "--new-member", "Ann", "--token", token["token"]).returncode == 2
    assert printed(run("token", "revoke", token["id"], "--json"))["token"]["revoked_at"]
    refused = run("project", "list", "--token", token["token"])
    assert refused.returncode == 2 and len(refused.stderr.splitlines()) == 1


def test_tasks_are_held_back_and_asked_again(run: Run) -> None:
    [left] = printed(run("tasks", "list", "-p", "Mail", "--state", "open", "--json"))["tasks"]
    assert left["unique_id"] == "3"
    assert printed(run("tasks", "pause", "-p", "Mail", left["id"], "--json"))["changed"] == 1
    assert printed(run("label", "Mail", "--json"))["submitted"] == 0
    assert printed(run("tasks", "requeue", "-p", "Mail", "--state", "done", "--json"))["changed"] == 2
    states = [one["state"] for one in printed(run("tasks", "list", "-p", "Mail", "--json"))["tasks"]]
    assert sorted(states) == ["open", "open", "paused"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("tasks", "pause", "-p", "Mail"),
        ("project", "show", "nothing"),
        ("import", "no-such-file", "-p", "Mail"),
        ("project", "list", "--url", "http://127.0.0.1:1", "--token", "ann_x"),
        ("project", "list", "--token", "ann_wrong"),
    ],
)
def test_wrong_use_is_said_and_exits_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments, "--json")
    assert ended.returncode == 2 and ended.stdout == "" and ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.timeout(900)
def test_the_demo_runs_where_the_platform_is_up_and_again(run: Run) -> None:
    reports = [printed(run("demo", "--once", "--json")) for _ in range(2)]
    assert all(report["ok"] and not report["problems"] for report in reports)
    first, second = (one["projects"][0] for one in reports)
    assert first["accuracy"] == second["accuracy"], "a replay repeats"
    assert printed(run("status", "--json"))["running"], "it was not the demo's to stop"
