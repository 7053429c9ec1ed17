"""The way of a manager through the command line: rows in with a target, outcomes found anew, and put back."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bench import stand as stands
from bench.connection import Connection

ANNOTARY = [sys.executable, "-c", "from annotary.cli.main import main; main()"]
CLASSES = {"tools": {"classification": {}}, "labels": [{"name": "good"}, {"name": "bad"}]}
SPANS = {"tools": {"spans": {}}, "labels": [{"name": "person"}, {"name": "place"}]}
TEXT = "Ada met Bo in Kent and Cy in Hull"
TRUE = (("person", 0, 3), ("person", 8, 10), ("place", 14, 18), ("person", 23, 25), ("place", 29, 33))
SETTLED_SECONDS_MAX = 240.0
# The first two mark all; the others only what their number leaves.
MARKS: tuple[Callable[[int], bool], ...] = (
    lambda _: True,
    lambda _: True,
    lambda place: place % 3 == 0,
    lambda place: place % 4 == 0,
    lambda place: place % 5 == 0,
)
keys = itertools.count()


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stands.Stand]:
    stand = stands.start(tmp_path_factory.mktemp("commands") / "data")
    try:
        yield stand
    finally:
        stands.stop(stand)


def run(stand: stands.Stand, *arguments: str | Path, code: int = 0) -> Any:
    """Run a command against the platform; returns the object that it printed."""
    reached = ["--url", stand.url, "--token", stand.owner_token]
    command = [*ANNOTARY, *map(str, arguments), *reached, "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert ended.returncode == code, ended.stderr
    return json.loads(ended.stdout) if code == 0 else ended.stderr


def imported(stand: stands.Stand, folder: Path, project: str, count: int, *more: str) -> dict[str, Any]:
    rows = folder / "rows.jsonl"
    rows.write_text("".join(json.dumps({"unique_id": f"{n:03}", "text": TEXT}) + "\n" for n in range(count)))
    return dict(run(stand, "import", rows, "-p", project, *more)["result"])


def answer(stand: stands.Stand, project: str, tokens: list[str], says: Callable[[int, int], Any]) -> int:
    """Let members answer all they are given, in turn; returns how many answers that were."""
    given = 0
    for member, token in enumerate(tokens):
        connection = Connection(stand.address, token, 60.0)

        def ask(path: str, body: Any, by: Connection = connection) -> Any:
            key = f"command-{next(keys)}".encode()
            reply = by.call(b"POST", f"/v1/text/{path}".encode(), json.dumps(body).encode(), key)
            assert reply.status == 200, reply.body
            return json.loads(reply.body)

        while leases := ask("claims", {"project": project, "count": 50})["assignments"]:
            for lease in leases:
                answered = says(member, int(lease["task"]["unique_id"]))
                body = {"fence": lease["fence"], "answer": answered, "seconds": 1.0}
                ask(f"assignments/{lease['id']}/submission", body)
                given += 1
        connection.close()
    return given


def await_outcomes(stand: stands.Stand, project: str) -> None:
    """Wait until every task has its outcome, or waits for another answer."""
    deadline = time.monotonic() + SETTLED_SECONDS_MAX
    while True:
        found = stand.call("GET", f"/v1/text/progress?project={project}")
        if found["outcomes"] + found["open"] == found["tasks"]:
            return
        assert time.monotonic() < deadline, f"consensus does not catch up: {found}"
        time.sleep(0.2)


def test_an_import_with_a_target_is_asked_again_where_that_is_worth_it(
    stand: stands.Stand, tmp_path: Path
) -> None:
    project = stand.project("target", "text", CLASSES, overlap=2)
    wanted = ("--target-confidence", "0.9", "--target-overlap-max", "5")
    refused = run(stand, "import", _rows(tmp_path), "-p", project, *wanted, "--overlap", "6", code=2)
    assert "/batch/target/overlap_max" in refused
    batch = "bat_" + imported(stand, tmp_path, project, 12, *wanted)["batch"]
    target = {"kind": "confidence", "value": 0.9, "overlap_max": 5, "price": 0.0}
    assert stand.call("GET", f"/v1/text/batches/{batch}")["target"] == target
    tokens, given = stand.annotators(project, 5), 0

    def says(member: int, number: int) -> Any:
        right = random.Random(f"{member} {number}").random() < (0.9, 0.7, 0.6, 0.8, 0.9)[member]
        return {"classification": [{"label": "good" if right == bool(number % 2) else "bad"}]}

    # A claim passes over a task that consensus holds at that moment: coming away empty is not the end.
    deadline = time.monotonic() + SETTLED_SECONDS_MAX
    while (report := stand.call("GET", f"/v1/text/batches/{batch}/overlap"))["finished"] < 12:
        assert time.monotonic() < deadline, f"the tasks are not finished: {report}"
        given += answer(stand, project, tokens, says)
        await_outcomes(stand, project)
    assert report["labels_used"] == given > 24
    assert report["target"] == target and max(map(int, report["tasks_by_overlap"])) <= 5


def _rows(folder: Path) -> Path:
    file = folder / "one.jsonl"
    file.write_text('{"unique_id": "1", "text": "a"}\n')
    return file


def test_spans_are_found_anew_listed_and_put_back(stand: stands.Stand, tmp_path: Path) -> None:
    project = stand.project("spans", "text", SPANS, overlap=len(MARKS))
    imported(stand, tmp_path, project, 30)
    tokens = stand.annotators(project, len(MARKS))

    def says(member: int, number: int) -> Any:
        marks = [one for place, one in enumerate(TRUE) if MARKS[member](number + place)]
        return {"spans": [{"label": label, "start": start, "end": end} for label, start, end in marks]}

    assert answer(stand, project, tokens, says) == 30 * len(MARKS)
    await_outcomes(stand, project)
    before = _spans(stand, project)
    export, out = tmp_path / "export.jsonl", tmp_path / "spans.jsonl"
    run(stand, "export", project, "--out", export, "--answers")
    command = [*ANNOTARY, "spans", "aggregate", str(export), "--out", str(out), "--json"]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    wanted = {line["task"]: line["spans"] for line in map(json.loads, out.read_text().splitlines())}
    ended = run(stand, "consensus", "run", "-p", project)
    assert ended["state"] == "succeeded" and ended["summary"]["method_used"] == "spans"
    found = _spans(stand, project)
    assert {key: [_place(one) for one in marks] for key, marks in wanted.items()} == found
    assert ended["summary"]["answers"] == sum(found[key] != before[key] for key in found) > 0
    reverted = run(stand, "consensus", "revert", ended["id"], "-p", project)
    assert reverted["reverts"] == ended["id"] and _spans(stand, project) == before
    listed = run(stand, "consensus", "list", "-p", project)["runs"]
    assert [one["id"] for one in listed] == [ended["id"], reverted["id"]]
    refused = run(stand, "consensus", "run", "-p", project, "--aggregator", "dawid-skene", code=2)
    assert "auto, majority, spans" in refused


def _spans(stand: stands.Stand, project: str) -> dict[str, list[tuple[str, int, int]]]:
    items = stand.call("GET", f"/v1/text/outcomes?project={project}&limit=1000")["items"]
    return {one["unique_id"]: [_place(mark) for mark in one["answer"].get("spans", [])] for one in items}


def _place(mark: dict[str, Any]) -> tuple[str, int, int]:
    return mark["label"], mark["start"], mark["end"]
