"""Ways to make a service ill, one at a time, and a project of each modality to notice it with."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.clips import clip
from bench.connection import Connection, Reply
from bench.label_loop import LabelLoop, Stalled
from bench.stand import Stand
from bench.texts import CLASSES, write_rows

ENDLESS = {"tools": {"endless": {}}, "labels": [{"name": "loop"}]}
FLOOD_CONNECTIONS = 64
VIDEO_TASKS = 40


def text_project(stand: Stand, place: Path, tasks: int, people: int) -> tuple[str, list[str]]:
    """Make a project of texts; returns it with its members' tokens."""
    project = stand.project("texts", "text", CLASSES)
    write_rows(place / "texts.jsonl", tasks)
    stand.import_rows(project, place / "texts.jsonl")
    return project, stand.annotators(project, people)


def video_project(stand: Stand, place: Path) -> tuple[str, str]:
    """Make a project of clips whose answers hang the service when checked; returns it and a token."""
    project = stand.project("clips", "video", ENDLESS)
    asset = stand.call("POST", "/v1/assets", clip(), media_type="video/mp4")["hash"]
    rows = "".join(
        json.dumps({"unique_id": f"clip-{number}", "asset": asset}) + "\n" for number in range(VIDEO_TASKS)
    )
    (place / "clips.jsonl").write_text(rows)
    stand.import_rows(project, place / "clips.jsonl")
    return project, stand.annotators(project, 1)[0]


def ask(stand: Stand, path: str, seconds_max: float = 5.0) -> Reply | None:
    """Ask something as the owner; None when no answer comes in time."""
    try:
        connection = Connection(stand.address, stand.owner_token, seconds_max)
        with contextlib.closing(connection):
            return connection.call(b"GET", path.encode())
    except OSError:
        return None


@contextlib.contextmanager
def hung(stand: Stand, project: str, token: str) -> Iterator[float]:
    """Send video an answer whose check never ends, again after every restart; yields when it was sent."""
    ended = threading.Event()
    sent: list[float] = []

    def hang() -> None:
        while not ended.is_set():
            with contextlib.suppress(OSError, KeyError, IndexError, json.JSONDecodeError):
                _submit_endless(stand, project, token, sent)
            ended.wait(0.05)

    thread = threading.Thread(target=hang)
    thread.start()
    try:
        until(lambda: sent, 20.0, "an endless answer is sent")
        yield sent[0]
    finally:
        ended.set()
        os.kill(stand.pid("video"), signal.SIGKILL)
        thread.join()


def _submit_endless(stand: Stand, project: str, token: str, sent: list[float]) -> None:
    with contextlib.closing(Connection(stand.address, token, 20.0)) as connection:
        claimed = connection.call(b"POST", b"/v1/video/claims", json.dumps({"project": project}).encode())
        lease = json.loads(claimed.body)["assignments"][0]
        segment = {"label": "loop", "start_frame": 0, "end_frame": 2}
        body = {"fence": lease["fence"], "answer": {"endless": [segment]}, "seconds": 1}
        sent.append(time.monotonic())
        path = f"/v1/video/assignments/{lease['id']}/submission".encode()
        connection.call(b"POST", path, json.dumps(body).encode(), lease["id"].encode())


@contextlib.contextmanager
def killed(stand: Stand, name: str) -> Iterator[None]:
    """Kill a service with signal 9 as soon as it is up again, again and again."""
    ended = threading.Event()

    def kill() -> None:
        while not ended.is_set():
            with contextlib.suppress(StopIteration, ProcessLookupError):
                if pid := stand.pid(name):
                    os.kill(pid, signal.SIGKILL)
            ended.wait(0.2)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextlib.contextmanager
def stopped(stand: Stand, name: str) -> Iterator[None]:
    """Freeze a service: it lives, but answers nothing."""
    pid = stand.pid(name)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def flooded(stand: Stand, project: str, token: str) -> Iterator[None]:
    """Ask video for tasks over many connections at once, each as fast as it is answered."""
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    flood = spawn.Process(target=_flood, args=(stand.address, token, project, ready))
    flood.start()
    try:
        assert ready.wait(20)
        yield
    finally:
        flood.kill()
        flood.join()


def _flood(address: tuple[str, int], token: str, project: str, ready: Any) -> None:
    class Flood(LabelLoop):
        def _take(self, annotator: Any, reply: Reply) -> None:
            """Whatever was answered, ask again."""

    loop = Flood(address, [token] * FLOOD_CONNECTIONS, "video", project, (b"{}",), claim_next=False)
    ready.set()
    with contextlib.suppress(Stalled):
        loop.run(600.0)


def until(condition: Callable[[], Any], seconds_max: float, what: str) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds_max
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {seconds_max} s"
        time.sleep(0.02)
