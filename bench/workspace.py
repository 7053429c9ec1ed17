"""A running installation with the built workspace, and what browser tests ask of it."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.report import ROOT
from bench.stand import Stand

WEB = ROOT / "web"
BUILT = WEB / "dist" / "index.html"
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
Item = Mapping[str, Any]
Json = dict[str, Any]

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """A member who signs in: their id and a token of theirs."""

    id: str
    token: str


@dataclass
class Workspace:
    """The installation under test: makes projects and people, and reads back what was stored."""

    stand: Stand
    place: Path
    modalities: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the workspace is."""
        return self.stand.url

    @property
    def owner(self) -> Person:
        """The owner, who reaches every project."""
        return Person(self.call("GET", "/v1/me")["member"]["id"], self.stand.owner_token)

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """Ask the API as the owner (or by `token`); raises unless it is a 2xx."""
        return self.stand.call(method, path, body, **options)

    def make_project(
        self,
        modality: str,
        definition: Mapping[str, Any],
        items: Iterable[Item],
        suggestions: Mapping[str, Json] | None = None,
        **settings: Any,
    ) -> str:
        """Make a project with a task for each item, and return its id.

        An item is its payload with a `unique_id`; `suggestions` are answers by `unique_id`; `settings` are
        those of the project (name, overlap, lease_seconds, instructions).
        """
        number = next(_numbers)
        told = {"name": f"{modality} work {number}", "modality": modality, "definition": definition}
        project = str(self.call("POST", "/v1/projects", told | settings)["id"])
        self.modalities[project] = modality
        rows = [self._row(item, (suggestions or {}).get(str(item["unique_id"]))) for item in items]
        file = self.place / f"rows-{number}.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        self.stand.import_rows(project, file)
        return project

    def _row(self, item: Item, suggestion: Json | None) -> Json:
        if suggestion is None:
            return dict(item)
        prediction = {"model": "model", "version": "1", "score": 0.9, "answer": suggestion}
        return {**item, "predictions": [prediction]}

    def asset(self, content: bytes, media_type: str) -> str:
        """Store bytes as an asset and return the hash that items name it by."""
        return str(self.call("POST", "/v1/assets", content, media_type=media_type)["hash"])

    def annotator(self, *projects: str) -> Person:
        """Hire somebody onto projects."""
        made = {"name": f"annotator {next(_numbers)}", "role": "annotator"}
        member = str(self.call("POST", "/v1/members", made)["id"])
        for project in projects:
            self.call("PUT", f"/v1/projects/{project}/members/{member}", {"role": "annotator"})
        token = self.call("POST", "/v1/tokens", {"member": member, "name": "browser"})["token"]
        return Person(member, str(token))

    def stored_answers(self, project: str) -> dict[str, list[Json]]:
        """Return the submissions that count, by the `unique_id` of their item."""
        modality = self.modalities[project]
        tasks = self._pages(f"/v1/{modality}/tasks?project={project}")
        names = {task["id"]: str(task["unique_id"]) for task in tasks}
        found: dict[str, list[Json]] = {}
        for submission in self._pages(f"/v1/{modality}/submissions?project={project}"):
            if submission["counts"]:
                found.setdefault(names[submission["task"]], []).append(submission)
        return found

    def stored_answer(self, project: str, unique_id: str) -> Json:
        """Return the one answer that counts for an item; fails where there is none, or more than one."""
        (submission,) = self.stored_answers(project).get(unique_id, [])
        return dict(submission["answer"])

    def _pages(self, path: str) -> Sequence[Json]:
        found: list[Json] = []
        token = ""
        while True:
            page = self.call("GET", f"{path}&limit=1000{token}")
            found.extend(page["items"])
            if page["next_token"] is None:
                return found
            token = f"&next_token={page['next_token']}"


def build() -> None:
    """Build the workspace where what is built is older than its source."""
    subprocess.run([sys.executable, ROOT / "hatch_build.py"], cwd=ROOT, check=True)


def missing() -> str:
    """Return what browser tests lack on this machine, or nothing."""
    return "" if CHROMIUM.exists() else f"{CHROMIUM} is absent: `make test` installs it"
