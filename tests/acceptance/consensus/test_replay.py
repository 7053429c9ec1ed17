"""Real annotators answer again through the API: what is accepted is what `annotary aggregate` says."""

from __future__ import annotations

import csv
import itertools
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bench import stand as stands
from bench.connection import Connection

ANNOTARY = [sys.executable, "-c", "from annotary.cli.main import main; main()"]
DATA = Path(os.environ.get("ANNOTARY_SAMPLE_DATA", "")) / "crowd"
SETTLED_SECONDS_MAX = 120.0
# (task, worker, label), as a file of answers has them.
Answers = list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stands.Stand]:
    stand = stands.start(tmp_path_factory.mktemp("consensus") / "data")
    try:
        yield stand
    finally:
        stands.stop(stand)


class Replayed:
    """A project whose annotators have given answers through the API."""

    def __init__(self, stand: stands.Stand, folder: Path, answers: Answers, **batch: Any) -> None:
        self.stand, self.folder, self.answers = stand, folder, answers
        self.tasks = sorted({task for task, _, _ in answers})
        self.workers = sorted({worker for _, worker, _ in answers})
        self.said = {(task, worker): label for task, worker, label in answers}
        overlap = len(answers) // len(self.tasks)
        labels = [{"name": label} for label in sorted({label for _, _, label in answers})]
        definition = {"tools": {"classification": {}}, "labels": labels}
        self.project = stand.project("replay", "text", definition, overlap=overlap)
        rows = folder / "rows.jsonl"
        rows.write_text(
            "".join(json.dumps({"unique_id": task, "text": f"t {task}"}) + "\n" for task in self.tasks)
        )
        self.target = batch
        if batch:
            self.batch = self._release(rows, batch)
        else:
            stand.import_rows(self.project, rows)
        self._tokens = dict(zip(self.workers, stand.annotators(self.project, len(self.workers)), strict=True))
        self._keys = itertools.count()
        self.given = 0

    def _release(self, rows: Path, batch: dict[str, Any]) -> str:
        dataset = self.stand.call("POST", "/v1/datasets", {"name": self.project, "modality": "text"})["id"]
        asked = {"dataset": dataset, "format": "jsonl", "upload": self.stand.upload(rows)}
        self.stand.await_job(self.stand.call("POST", "/v1/imports", asked)["id"])
        body = {"project": self.project, "dataset": dataset, **batch}
        made = self.stand.call("POST", "/v1/text/batches", body)
        assert made["target"] == {"price": 0.0, **batch["target"]}
        self.stand.await_job(made["job"])
        return str(made["id"])

    def answer(self) -> int:
        """Let every annotator answer all they are given; returns how many answers came of it."""
        before = self.given
        for worker in self.workers:
            connection = Connection(self.stand.address, self._tokens[worker], 60.0)
            while leases := self._ask(connection, "claims", {"project": self.project, "count": 50})[
                "assignments"
            ]:
                for lease in leases:
                    label = self.said[lease["task"]["unique_id"], worker]
                    answer = {"classification": [{"label": label}]}
                    body = {"fence": lease["fence"], "answer": answer, "seconds": 1.0}
                    self._ask(connection, f"assignments/{lease['id']}/submission", body)
                    self.given += 1
            connection.close()
        return self.given - before

    def _ask(self, connection: Connection, path: str, body: dict[str, Any]) -> Any:
        key = f"replay-{next(self._keys)}".encode()
        reply = connection.call(b"POST", f"/v1/text/{path}".encode(), json.dumps(body).encode(), key)
        assert reply.status == 200, reply.body
        return json.loads(reply.body)

    def await_outcomes(self) -> None:
        """Wait until every task has its outcome, or waits for another answer."""
        deadline = time.monotonic() + SETTLED_SECONDS_MAX
        path = f"/v1/text/progress?project={self.project}"
        while True:
            progress = self.stand.call("GET", path)
            if progress["outcomes"] + progress["open"] == progress["tasks"] == len(self.tasks):
                return
            assert time.monotonic() < deadline, f"consensus does not catch up: {progress}"
            time.sleep(0.2)

    def run(self, path: str = "", body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Do a run and return it once it has ended."""
        made = self.stand.call("POST", f"/v1/text/consensus/runs{path}", body or {})
        self.stand.await_job(made["job"])
        found = self.stand.call("GET", f"/v1/text/consensus/runs/{made['id']}")
        assert found["state"] == "succeeded" and found["ended_at"]
        return dict(found)

    def outcomes(self) -> dict[str, Any]:
        """Return the current outcomes by business key."""
        found: dict[str, Any] = {}
        token = ""
        while True:
            page = self.stand.call("GET", f"/v1/text/outcomes?project={self.project}&limit=1000{token}")
            found |= {one["unique_id"]: one for one in page["items"]}
            if not page["next_token"]:
                return found
            token = f"&next_token={page['next_token']}"

    def labels(self) -> dict[str, str]:
        """Return the accepted classes by business key."""
        found = self.outcomes()
        assert all(one["state"] == "accepted" for one in found.values())
        return {key: one["answer"]["classification"][0]["label"] for key, one in found.items()}

    def aggregated(self, method: str) -> dict[str, str]:
        """Return what `annotary aggregate` says of the same answers in the order they were taken."""
        table, out = self.folder / "answers.csv", self.folder / "outcomes.csv"
        rows = ["task,worker,label", *(",".join(one) for one in self.answers)]
        table.write_text("\n".join(rows) + "\n")
        command = [*ANNOTARY, "aggregate", str(table), "--method", method, "--out", str(out)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        with out.open(newline="") as file:
            return {row["task"]: row["label"] for row in csv.DictReader(file)}


def made() -> Answers:
    """Return the answers of seven annotators to 60 tasks: two know, the others guess alike."""
    chance = random.Random(11)
    answers = []
    for task in range(60):
        truth = chance.choice("abc")
        for worker, right in enumerate((0.95, 0.9, 0.5, 0.45, 0.4, 0.4, 0.35)):
            label = truth if chance.random() < right else chance.choice("aabc")
            answers.append((f"t{task}", f"w{worker}", label))
    return answers


def bluebird() -> Answers:
    with (DATA / "bluebird.labels.csv").open(newline="") as file:
        return [(row["task"], row["worker"], row["label"]) for row in csv.DictReader(file)]


SETS = [
    pytest.param(made, id="made"),
    pytest.param(
        bluebird,
        id="bluebird",
        marks=pytest.mark.skipif(not DATA.is_dir(), reason="ANNOTARY_SAMPLE_DATA is not there"),
    ),
]


@pytest.mark.parametrize("answers", SETS)
def test_accepted_labels_are_the_aggregators(stand: stands.Stand, tmp_path: Path, answers: Any) -> None:
    replayed = Replayed(stand, tmp_path, answers())
    assert replayed.answer() == len(replayed.answers)
    replayed.await_outcomes()
    before = replayed.outcomes()
    assert {one["aggregator"] for one in before.values()} == {"live"}
    wanted = replayed.aggregated("auto")
    live = replayed.labels()
    same = sum(live[task] == label for task, label in wanted.items())
    assert same >= 0.85 * len(wanted), "the live model is far from the aggregator"
    run = replayed.run(body={"project": replayed.project})
    assert replayed.labels() == wanted
    assert run["summary"]["answers"] == len(wanted) - same and run["summary"]["method_used"]
    after = replayed.outcomes()
    changed = [task for task in after if after[task]["id"] != before[task]["id"]]
    assert all(after[task]["aggregator"] == "auto" and after[task]["run"] == run["id"] for task in changed)
    assert all(after[task]["aggregator_version"] and after[task]["parameters"] for task in changed)
    replayed.run(f"/{run['id']}/revert")
    content = ("answer", "confidence", "aggregator", "parameters", "submissions", "state")
    reverted = replayed.outcomes()
    for task, one in before.items():
        assert {name: reverted[task][name] for name in content} == {name: one[name] for name in content}
    replayed.run(body={"project": replayed.project, "aggregator": "majority"})
    assert replayed.labels() == replayed.aggregated("majority")
    listed = stand.call("GET", f"/v1/text/consensus/runs?project={replayed.project}")["items"]
    assert [one["reverts"] for one in listed] == [None, run["id"], None]


def test_a_batch_with_a_target_saves_answers(stand: stands.Stand, tmp_path: Path) -> None:
    target = {"kind": "confidence", "value": 0.9, "overlap_max": 7}
    replayed = Replayed(stand, tmp_path, made(), overlap=2, target=target)
    while replayed.answer():
        replayed.await_outcomes()
    report = stand.call("GET", f"/v1/text/batches/{replayed.batch}/overlap")
    assert (report["finished"], report["labels_used"]) == (60, replayed.given)
    assert 120 < replayed.given < 420 and report["saved"] == 420 - replayed.given
    assert sum(report["tasks_by_overlap"].values()) == 60 and max(map(int, report["tasks_by_overlap"])) <= 7
    for one in replayed.outcomes().values():
        assert one["confidence"] >= 0.9 or len(one["submissions"]) == 7
