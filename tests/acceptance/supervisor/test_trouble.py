"""Kill, hang and crash: everything comes back, others go on, and nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import threading
import time

import asyncpg
import httpx
import psutil
import pytest

from annotary.infra.embedded.postgres import EmbeddedPostgres
from annotary.kernel.limits import BODY_BYTES_MAX

pytestmark = pytest.mark.alone


class Writer(threading.Thread):
    """Writes rows through the edge until told to end, and remembers which were acknowledged."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[int] = []
        self._url = url
        self._ended = threading.Event()

    def run(self) -> None:
        with httpx.Client(base_url=self._url, timeout=5.0) as client:
            for number in itertools.count():
                if self._ended.is_set():
                    return
                try:
                    if client.get(f"/v1/text/write?{number}").status_code == 201:
                        self.acknowledged.append(number)
                except httpx.HTTPError:
                    pass

    def end(self) -> list[int]:
        self._ended.set()
        self.join()
        return self.acknowledged


def stored(url: str) -> set[int]:
    async def read() -> set[int]:
        connection = await asyncpg.connect(url)
        try:
            return {row["id"] for row in await connection.fetch("SELECT id FROM tally")}
        finally:
            await connection.close()

    return asyncio.run(read())


def test_kill_9_of_each_process_in_turn_loses_nothing(start, tmp_path, until):
    stand = start(tmp_path / "d").await_ready()
    writer = Writer(stand.ready["url"])
    writer.start()
    for name in ("postgres", "platform", "text", "video", "worker", "edge", "postgres", "text"):
        count = len(writer.acknowledged)
        until(lambda count=count: len(writer.acknowledged) > count + 10)
        before = stand.child(name)
        stand.kill(name)
        until(lambda before=before, name=name: stand.child(name).restarts > before.restarts)
        until(stand.is_healthy)
        assert stand.child(name).pid != before.pid
    acknowledged = writer.end()
    assert len(acknowledged) > 20
    assert set(acknowledged) <= stored(EmbeddedPostgres(tmp_path / "d").url())
    assert stand.child("platform").restarts == 1
    assert stand.stop()[0] == 0


def test_kill_9_of_the_supervisor_takes_all_down_and_the_next_up_starts(start, tmp_path, until):
    stand = start(tmp_path / "d").await_ready()
    writer = Writer(stand.ready["url"])
    writer.start()
    until(lambda: len(writer.acknowledged) > 20)
    family = stand.family()
    stand.process.kill()
    stand.process.wait()
    again = start(tmp_path / "d").await_ready()
    acknowledged = writer.end()
    until(lambda: not any(process.is_running() for process in family), 10.0)
    assert again.ready["url"] == stand.ready["url"]
    assert set(acknowledged) <= stored(EmbeddedPostgres(tmp_path / "d").url())


def test_a_hung_service_is_503_within_5_s_the_others_go_on_and_it_is_restarted(start, tmp_path, until):
    stand = start(tmp_path / "d").await_ready()
    before = stand.child("video")
    began = time.monotonic()
    hanging = threading.Thread(target=_hang, args=(stand,))
    hanging.start()
    refused = until(
        lambda: (answer := _quick(stand, "/v1/video/x")) is not None and answer.status_code == 503 and answer
    )
    assert time.monotonic() - began < 5.0
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["Content-Type"] == "application/problem+json"
    problem = refused.json()
    assert (problem["code"], problem["status"], problem["retryable"]) == ("unavailable", 503, True)
    for path in ("/v1/text/x", "/v1/x", "/"):
        assert stand.get(path).status_code == 200
    until(lambda: stand.child("video").pid not in (0, before.pid))
    assert 14.0 < time.monotonic() - began < 22.0
    until(stand.is_healthy)
    hanging.join()
    assert stand.child("text").restarts == 0


def test_a_second_signal_does_not_wait_for_what_hangs(start, tmp_path, until):
    stand = start(tmp_path / "d").await_ready()
    family = stand.family()
    hanging = threading.Thread(target=_hang, args=(stand,), daemon=True)
    hanging.start()
    until(lambda: psutil.Process(stand.child("video").pid).cpu_percent(0.05) > 5)
    began = time.monotonic()
    stand.process.send_signal(signal.SIGINT)
    until(lambda: stand.child("edge").state == "stopping")
    status, said = stand.stop(signal.SIGINT)
    assert status == 0 and "did not stop in time" in said
    assert time.monotonic() - began < 8.0
    assert [one for one in family if one.is_running()] == []


def _hang(stand):
    with contextlib.suppress(httpx.HTTPError):
        stand.get("/v1/video/hang", 40.0)


def _quick(stand, path):
    try:
        return stand.get(path, 0.5)
    except httpx.TimeoutException:
        return None


def test_a_service_that_keeps_crashing_is_started_ever_more_slowly(start, tmp_path, until):
    stand = start(tmp_path / "d").await_ready()
    gaps = []
    for count in range(1, 5):
        until(lambda: stand.child("video").state == "healthy" and stand.get("/services/video/healthz"))
        ended = time.monotonic()
        stand.kill("video")
        until(lambda count=count: stand.child("video").restarts == count and stand.child("video").pid)
        gaps.append(time.monotonic() - ended)
    assert gaps[0] < 0.6 and gaps[3] > 0.75, gaps
    assert stand.get("/v1/text/x").status_code == 200


def test_a_stale_pid_file_does_not_stop_postgres(tmp_path):
    server = EmbeddedPostgres(tmp_path)
    with server.running():
        pass
    # As after a power cut: the file names a process that is now somebody else's.
    (server.folder / "postmaster.pid").write_text(f"{os.getppid()}\n{server.folder}\n")
    with server.running() as url:
        assert asyncio.run(_one(url)) == 1


def test_a_server_left_by_a_killed_parent_is_ended_first(tmp_path):
    server = EmbeddedPostgres(tmp_path)
    server.prepare()
    left = server.start()
    deadline = time.monotonic() + 240
    while not server.is_ready():
        assert time.monotonic() < deadline
    reaper = threading.Thread(target=os.waitpid, args=(left, 0))
    reaper.start()
    with EmbeddedPostgres(tmp_path).running() as url:
        assert asyncio.run(_one(url)) == 1
        assert not psutil.pid_exists(left)
    reaper.join()


async def _one(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT 1")
    finally:
        await connection.close()


def test_the_edge_refuses_a_body_over_the_limit(start, tmp_path):
    stand = start(tmp_path / "d").await_ready()
    url = f"{stand.ready['url']}/v1/text/x"
    assert httpx.post(url, content=b"x" * BODY_BYTES_MAX).status_code == 200
    refused = httpx.post(url, content=b"x" * (BODY_BYTES_MAX + 1024 * 1024))
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
