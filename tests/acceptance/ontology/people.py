"""People who label on an installation whose ontologies change."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import stand as stands
from bench.stand import Stand

DEFINITION = {
    "tools": {"classification": {}},
    "labels": [{"name": "car"}, {"name": "van"}, {"name": "person"}],
}
MERGE = [
    {"step": "rename_label", "label": "person", "to": "human"},
    {"step": "merge_labels", "labels": ["van"], "into": "car"},
]
SECONDS_MAX = 240.0


class People:
    """One project of texts, and annotators who answer it."""

    def __init__(self, stand: Stand, folder: Path, tasks: int, members: int = 1, **more: Any) -> None:
        self.stand = stand
        self.project = self.made(**more)
        self.ontology = stand.call("GET", f"/v1/projects/{self.project}")["ontology"]
        rows = [{"unique_id": f"row-{n}", "text": f"text {n}"} for n in range(tasks)]
        file = folder / f"{self.project}.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        stand.import_rows(self.project, file)
        self.tokens = stand.annotators(self.project, members)

    def made(self, ontology: str = "", **more: Any) -> str:
        """Return a new project, on an ontology of its own or on this one."""
        if not ontology:
            return self.stand.project("vehicles", "text", DEFINITION, **more)
        body = {"name": "more vehicles", "modality": "text", "ontology": ontology}
        return str(self.stand.call("POST", "/v1/projects", body)["id"])

    def claim(self, count: int, member: int = 0) -> list[dict[str, Any]]:
        body = {"project": self.project, "count": count}
        return list(
            self.stand.call("POST", "/v1/text/claims", body, token=self.tokens[member])["assignments"]
        )

    def answer(self, lease: dict[str, Any], label: str, member: int = 0) -> int:
        body = {"fence": lease["fence"], "answer": {"classification": [{"label": label}]}, "seconds": 1.0}
        connection = stands.Connection(self.stand.address, self.tokens[member], 30.0)
        path = f"/v1/text/assignments/{lease['id']}/submission"
        reply = connection.call(b"POST", path.encode(), json.dumps(body).encode(), lease["id"].encode())
        connection.close()
        return reply.status

    def labels(self, of: str = "submissions") -> dict[str, int]:
        """Return how often each label was given."""
        counts: dict[str, int] = {}
        for one in self.pages(of):
            (mark,) = one["answer"]["classification"]
            counts[mark["label"]] = counts.get(mark["label"], 0) + 1
        return counts

    def pages(self, what: str) -> list[dict[str, Any]]:
        return list(self.stand.call("GET", f"/v1/text/{what}?project={self.project}&limit=500")["items"])

    def hash(self) -> str:
        return str(self.stand.call("GET", f"/v1/text/answers/hash?project={self.project}")["hash"])

    def publish(self, **body: Any) -> dict[str, Any]:
        return dict(self.stand.call("POST", f"/v1/ontologies/{self.ontology}/publications", body))

    def version(self, project: str = "") -> str:
        path = f"/v1/projects/{project or self.project}"
        return str(self.stand.call("GET", path)["ontology_version"])


def until(ask: Callable[[], Any]) -> Any:
    """Ask again until the answer is true; the test fails when it never is."""
    deadline = time.monotonic() + SECONDS_MAX
    while not (answer := ask()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return answer


def changed(people: People, kind: str, states: tuple[str, ...] = ("succeeded",)) -> list[dict[str, Any]]:
    found = [one for one in people.pages("changes") if one["kind"] == kind]
    return [one for one in found if one["state"] in states]
