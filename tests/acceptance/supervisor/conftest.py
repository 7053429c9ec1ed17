"""Starts an installation as a real process, and asks it things."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil
import pytest

from annotary.services.supervisor_folder import Folder, ProcessRecord, Record

STAND = Path(__file__).parent / "stand.py"
SECONDS_MAX = 30.0
T = TypeVar("T")


class Stand:
    """One run of the stand (see stand.py) on a data folder."""

    def __init__(
        self,
        data_dir: Path,
        prefix: Sequence[str] = (sys.executable,),
        environment: Mapping[str, str] | None = None,
        command: Sequence[str | Path] | None = None,
    ) -> None:
        self.folder = Folder(data_dir)
        self.process = subprocess.Popen(
            [*prefix, *(command or (STAND, data_dir))],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self.ready: dict[str, Any] = {}

    def await_ready(self) -> Stand:
        """Wait for the line that says that everything answers."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"not started: {self.process.communicate()[1]}")
        self.ready = json.loads(line)
        return self

    def get(self, path: str, seconds_max: float = 10.0) -> httpx.Response:
        """Ask the edge."""
        return httpx.get(f"{self.ready['url']}{path}", timeout=seconds_max)

    def record(self) -> Record:
        record = self.folder.read_record()
        assert record is not None
        return record

    def child(self, name: str) -> ProcessRecord:
        return next(child for child in self.record().processes if child.name == name)

    def is_healthy(self) -> bool:
        """Whether every process is, and the edge passes requests on to each service again."""
        record = self.record()
        return all(child.state == "healthy" and child.lives for child in record.processes) and all(
            self.get(path).status_code == 200 for path in ("/v1/text/x", "/v1/video/x", "/v1/x")
        )

    def kill(self, name: str) -> None:
        os.kill(self.child(name).pid, signal.SIGKILL)

    def family(self) -> list[psutil.Process]:
        """The supervisor and everything below it."""
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Ask it to end; returns its exit status and what it said."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, said = self.process.communicate(timeout=SECONDS_MAX)
        return self.process.returncode, said


def until(ask: Callable[[], T], seconds_max: float = SECONDS_MAX) -> T:
    """Ask again until the answer is true; the test fails when it never is."""
    deadline = time.monotonic() + seconds_max
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"waited {seconds_max} s in vain"
        time.sleep(0.01)
    return answer


@pytest.fixture(name="until")
def until_fixture() -> Callable[..., Any]:
    return until


@pytest.fixture
def start() -> Iterator[Callable[..., Stand]]:
    """Start stands; whatever a test leaves running is ended after it."""
    stands: list[Stand] = []

    def start_stand(data_dir: Path, **options: Any) -> Stand:
        stands.append(Stand(data_dir, **options))
        return stands[-1]

    yield start_stand
    for stand in stands:
        if stand.process.poll() is None:
            stand.stop(signal.SIGTERM)
