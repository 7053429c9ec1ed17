"""A project whose annotators answer again through the API what they once answered."""

from __future__ import annotations

import csv
import itertools
import json
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench import stand as stands
from bench.connection import Connection

ANNOTARY = [sys.executable, "-c", "from annotary.cli.main import main; main()"]
SETTLED_SECONDS_MAX = 240.0
CLAIMED_AT_ONCE, ANSWERING_AT_ONCE = 50, 8
# (task, worker, label), as a file of answers has them.
Answers = list[tuple[str, str, str]]
# The tasks that the same people answered, in the order in which they are given out.
Blocks = dict[tuple[str, ...], list[str]]


def blocks_of(answers: Answers) -> Blocks:
    """Return the tasks by who answered them, those with fewer answers first."""
    workers: dict[str, list[str]] = defaultdict(list)
    for task, worker, _ in answers:
        workers[task].append(worker)
    blocks: Blocks = defaultdict(list)
    for task in sorted(workers):
        blocks[tuple(sorted(workers[task]))].append(task)
    return dict(sorted(blocks.items(), key=lambda block: (len(block[0]), block)))


class Replayed:
    """A project whose annotators have given answers through the API."""

    def __init__(self, stand: stands.Stand, folder: Path, answers: Answers, **batch: Any) -> None:
        self.stand, self.folder, self.answers = stand, folder, answers
        self.tasks = sorted({task for task, _, _ in answers})
        self.workers = sorted({worker for _, worker, _ in answers})
        self.said = {(task, worker): label for task, worker, label in answers}
        self.blocks = blocks_of(answers)
        labels = [{"name": label} for label in sorted({label for _, _, label in answers})]
        definition = {"tools": {"classification": {}}, "labels": labels}
        self.project = stand.project("replay", "text", definition)
        self.target = batch
        if batch:
            self.batch = self._release(self._rows(self.tasks), batch)
        else:
            self._import()
        self._tokens = dict(zip(self.workers, stand.annotators(self.project, len(self.workers)), strict=True))
        self._keys = itertools.count()
        self.given = 0

    def _rows(self, tasks: list[str]) -> Path:
        rows = self.folder / "rows.jsonl"
        rows.write_text(
            "".join(json.dumps({"unique_id": task, "text": f"t {task}"}) + "\n" for task in tasks)
        )
        return rows

    def _import(self) -> None:
        """Import the blocks, those of one overlap together: a task gets as many answers as it once had."""
        for overlap, blocks in itertools.groupby(self.blocks.items(), lambda block: len(block[0])):
            upload = self.stand.upload(self._rows([task for _, tasks in blocks for task in tasks]))
            asked = {"project": self.project, "format": "jsonl", "upload": upload}
            job = self.stand.call("POST", "/v1/imports", {**asked, "batch": {"overlap": overlap}})
            assert not self.stand.await_job(job["id"])["progress"].get("refused")

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
                    self._submit(connection, worker, lease)
                    self.given += 1
            connection.close()
        return self.given - before

    def answer_all(self) -> int:
        """Let all that was once answered be answered: block by block, so that everybody is given the tasks
        they had.
        """
        with ThreadPoolExecutor(ANSWERING_AT_ONCE) as threads:
            for workers, tasks in self.blocks.items():
                leases = [self._claimed(worker, tasks) for worker in workers]
                self.given += sum(threads.map(self._answered, workers, leases))
        return self.given

    def _claimed(self, worker: str, tasks: list[str]) -> list[Any]:
        """Return a worker's leases on all tasks of a block."""
        connection, leases = Connection(self.stand.address, self._tokens[worker], 60.0), list[Any]()
        while len(leases) < len(tasks):
            count = min(CLAIMED_AT_ONCE, len(tasks) - len(leases))
            asked = {"project": self.project, "count": count}
            leases += self._ask(connection, "claims", asked)["assignments"]
        connection.close()
        assert sorted(lease["task"]["unique_id"] for lease in leases) == sorted(tasks)
        return leases

    def _answered(self, worker: str, leases: list[Any]) -> int:
        connection = Connection(self.stand.address, self._tokens[worker], 60.0)
        for lease in leases:
            self._submit(connection, worker, lease)
        connection.close()
        return len(leases)

    def _submit(self, connection: Connection, worker: str, lease: Any) -> None:
        answer = {"classification": [{"label": self.said[lease["task"]["unique_id"], worker]}]}
        body = {"fence": lease["fence"], "answer": answer, "seconds": 1.0}
        self._ask(connection, f"assignments/{lease['id']}/submission", body)

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
            settled = progress["outcomes"] + progress["open"] == progress["tasks"] == len(self.tasks)
            # The counts are some moments old: those of before the last answers do not count.
            if settled and progress["submissions"] == self.given:
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
        subprocess.run(command, check=True, capture_output=True, timeout=240)
        with out.open(newline="") as file:
            return {row["task"]: row["label"] for row in csv.DictReader(file)}
