"""An installation with something to label in every modality, and browsers that sign in to it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from bench import stand as stands
from bench.stand import Stand

from acceptance.api.conftest import make_project

MODALITIES = ("text", "image", "video")
SECRET = "a long walk by the sea"
# What is said in one service is known in the others within this, and a process is started again within that.
KNOWN_SECONDS_MAX = 5.0
RESTARTED_SECONDS_MAX = 240.0
_numbers = itertools.count(1)


class Page:
    """A browser: keeps cookies, and sends what a page of ours sends."""

    def __init__(self, stand: Stand) -> None:
        self.client = httpx.Client(base_url=stand.url, timeout=30.0)

    def ask(
        self, method: str, path: str, body: Any = None, *, expect: int | None = None, **headers: str | None
    ) -> Any:
        """Ask; a header that is None is left out. Returns the decoded reply when a code is expected."""
        own = str(self.client.base_url).rstrip("/")
        sent: dict[str, str | None] = {"X-Annotary-Request": "1", "Origin": own}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in sent.items() if value is not None}
        response = self.client.request(method, path, json=body, headers=kept)
        if expect is None:
            return response
        assert response.status_code == expect, (method, path, response.status_code, response.text)
        return response.json() if response.content else None


class Place:
    """The installation, its projects by modality, and people."""

    def __init__(self, stand: Stand, projects: dict[str, str]) -> None:
        self.stand = stand
        self.projects = projects

    def page(self) -> Page:
        """Return a browser that is not signed in."""
        return Page(self.stand)

    def newcomer(self) -> tuple[Page, str]:
        """Return a browser in which a new annotator of every project is signed in, and the e-mail."""
        roles = [{"project": project, "role": "annotator"} for project in self.projects.values()]
        invited = self.stand.call("POST", "/v1/invitations", {"role": "annotator", "projects": roles})
        page, email = self.page(), f"person{next(_numbers)}@example.org"
        body = {"code": invited["code"], "password": SECRET, "name": email[:8], "email": email}
        page.ask("POST", "/v1/invitations/accept", body, expect=201)
        return page, email


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("access")
    stand = stands.start(folder / "data")
    try:
        yield Place(stand, {name: make_project(stand, folder, name) for name in MODALITIES})
    finally:
        stands.stop(stand)


def soon(happens: Callable[[], bool], seconds_max: float = KNOWN_SECONDS_MAX) -> None:
    """Wait until something has happened in another process."""
    deadline = time.monotonic() + seconds_max
    while not happens():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.02)
