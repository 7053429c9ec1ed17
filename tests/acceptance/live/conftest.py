"""An installation with texts to label, its people, and their tabs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bench import stand as stands
from bench.stand import Stand

from acceptance.live.tab import Tab

CLASSES = {"tools": {"classification": {}}, "labels": [{"name": "good"}, {"name": "bad"}]}
TASKS = 30


class Place:
    """The installation; `project()` makes work for people of its own."""

    def __init__(self, stand: Stand, folder: Path) -> None:
        self.stand = stand
        self._folder = folder

    def project(self, people: int = 2, **more: Any) -> tuple[str, list[str]]:
        """Return a project of texts, and the tokens of its annotators."""
        project = self.stand.project("live", "text", CLASSES, **more)
        file = self._folder / f"{project}.jsonl"
        rows = ({"unique_id": f"row-{n}", "text": f"text {n}"} for n in range(TASKS))
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        self.stand.import_rows(project, file)
        tokens = self.stand.annotators(project, people)
        for token in tokens:
            # Answered once the service has its copy of the token, which is the last thing that was made.
            self.call("GET", "/v1/text/assignments", token=token)
        return project, tokens

    def claim(self, project: str, token: str) -> dict[str, Any]:
        """Return a fresh lease."""
        body = {"project": project}
        found = self.stand.call("POST", "/v1/text/claims", body, token=token)
        return dict(found["assignments"][0])

    def member(self, token: str) -> dict[str, Any]:
        """Return whose token it is."""
        return dict(self.stand.call("GET", "/v1/me", token=token)["member"])

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """Ask the API."""
        return self.stand.call(method, path, body, token=token)


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("live")
    stand = stands.start(folder / "data")
    try:
        yield Place(stand, folder)
    finally:
        stands.stop(stand)


@pytest.fixture
def open_tab(place: Place) -> Iterator[Callable[..., Tab]]:
    """`open_tab(token)` listens to text, or to another service, through the edge."""
    tabs: list[Tab] = []

    def open_one(token: str = "", service: str = "text", **more: Any) -> Tab:
        headers = {"Authorization": f"Bearer {token or place.stand.owner_token}", **more.pop("headers", {})}
        tabs.append(Tab(place.stand.address, service, headers, **more))
        return tabs[-1]

    yield open_one
    for tab in tabs:
        tab.leave()
