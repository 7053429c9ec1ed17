"""An installation whose log is followed from outside, and people who make something happen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bench import stand as stands
from bench.stand import Stand
from bench.texts import CLASSES, write_rows

from annotary.client import Client

COMMAND = Path(sys.executable).with_name("annotary")


class Place:
    """The installation: `client` is the owner's, `project()` makes texts to label."""

    def __init__(self, stand: Stand, folder: Path) -> None:
        self.stand = stand
        self.client = Client(stand.url, stand.owner_token)
        self._folder = folder
        self._started: list[subprocess.Popen[str]] = []

    def project(self, tasks: int) -> tuple[str, Client]:
        """Return a project, and an annotator of it."""
        project = self.stand.project("stream", "text", CLASSES)
        file = self._folder / f"{project}.jsonl"
        write_rows(file, tasks)
        self.stand.import_rows(project, file)
        (token,) = self.stand.annotators(project, 1)
        return project, Client(self.stand.url, token)

    def command(self, *words: str, **more: Any) -> subprocess.Popen[str]:
        """Start a command of the command line."""
        argv = [str(COMMAND), *words, "--url", self.stand.url, "--token", self.stand.owner_token]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self._started.append(subprocess.Popen(argv, text=True, **pipes, **more))
        return self._started[-1]

    def end_commands(self) -> None:
        """Kill what a test that failed left behind."""
        for process in self._started:
            process.kill()
            process.communicate()


def label(annotator: Client, project: str, count: int, answer: str = "good") -> list[tuple[str, str]]:
    """Answer so many tasks; returns (task, submission) of each."""
    done = []
    while len(done) < count:
        for one in annotator.claim("text", project=project, count=min(20, count - len(done)), wait_ms=5_000):
            taken = annotator.submit(one, {"classification": [{"label": answer}]}, seconds=1)
            done.append((one.task.id, taken.submission_id))
    return done


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("streams")
    stand = stands.start(folder / "data")
    place = Place(stand, folder)
    try:
        yield place
    finally:
        place.end_commands()
        stands.stop(stand)
