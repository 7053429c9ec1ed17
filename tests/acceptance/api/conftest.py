"""One installation for all tests of the API, with a project of each modality and two members."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bench import stand as stands
from bench.clips import clip
from bench.connection import Connection, Reply
from PIL import Image

LABELS = [
    {
        "name": "good",
        "attributes": [
            {"name": "certainty", "kind": "number", "minimum": 0, "maximum": 1},
            {"name": "kind", "kind": "choice", "choices": ["x", "y"]},
        ],
    },
    {"name": "bad"},
]
TOOLS = {"text": ("classification", "spans"), "image": ("box", "polygon"), "video": ("tracks", "segments")}
TEXT = "Ada Lovelace was born in London."
SIZE = (64, 48)
TASKS = 60


@dataclass
class Api:
    """The installation under test, and how its members reach it."""

    stand: stands.Stand
    projects: dict[str, str]
    tokens: dict[str, list[str]]

    def __post_init__(self) -> None:
        self._keys = itertools.count()

    def ask(
        self, method: str, path: str, body: Any = None, token: str = "", key: str = "", **more: Any
    ) -> Reply:
        """Send one request; `body` is encoded as JSON unless it is bytes."""
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        connection = Connection(self.stand.address, token or self.stand.owner_token, 30.0)
        with contextlib.closing(connection):
            return connection.call(method.encode(), path.encode(), sent, key.encode(), **more)

    def key(self) -> str:
        """Return a fresh Idempotency-Key."""
        return f"key-{next(self._keys)}"

    def claim(self, modality: str, member: int = 0) -> dict[str, Any]:
        """Lease a task to one of the two members of the modality's project."""
        body = {"project": self.projects[modality]}
        reply = self.ask("POST", f"/v1/{modality}/claims", body, self.tokens[modality][member])
        return dict(json.loads(reply.body)["assignments"][0])


@pytest.fixture(scope="package")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A running `annotary up` with something to label in every modality."""
    place = tmp_path_factory.mktemp("api")
    stand = stands.start(place / "data")
    try:
        projects = {name: make_project(stand, place, name) for name in TOOLS}
        yield Api(stand, projects, {name: stand.annotators(projects[name], 2) for name in TOOLS})
    finally:
        stands.stop(stand)


def make_project(stand: stands.Stand, place: Path, modality: str) -> str:
    """Make a project of a modality, with `TASKS` tasks of one item each."""
    project = stand.project(
        modality, modality, {"tools": {tool: {} for tool in TOOLS[modality]}, "labels": LABELS}
    )
    item: dict[str, str] = {"text": TEXT}
    if modality != "text":
        content, media_type = (_picture(), "image/png") if modality == "image" else (clip(), "video/mp4")
        item = {"asset": stand.call("POST", "/v1/assets", content, media_type=media_type)["hash"]}
    file = place / f"{modality}.jsonl"
    file.write_text("".join(json.dumps({"unique_id": f"{n}", **item}) + "\n" for n in range(TASKS)))
    stand.import_rows(project, file)
    return project


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", SIZE, "green").save(file, "png")
    return file.getvalue()
