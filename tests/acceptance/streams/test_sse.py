"""Streams of events over HTTP: gone on with after a break, and a slow reader costs nobody but itself."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest

from acceptance.streams.conftest import Place, label
from annotary.infra.postgres import Database
from annotary.kernel.limits import STREAM_SEND_SECONDS_MAX, STREAMS_PER_MEMBER_MAX

PATH = "/v1/text/events"
SSE = {"Accept": "text/event-stream"}
MANY_EVENTS = 60_000


def headers(place: Place, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {place.stand.owner_token}", **SSE, **more}


def read_stream(
    place: Place, count: int, params: dict[str, str], last: str | None = None
) -> list[tuple[str, str]]:
    """Read so many events of a stream; returns (id of the event, cursor) of each."""
    found: list[tuple[str, str]] = []
    more = {} if last is None else {"Last-Event-ID": last}
    with httpx.stream(
        "GET", place.stand.url + PATH, params=params, headers=headers(place, **more), timeout=60
    ) as reply:
        assert reply.status_code == 200, reply.read()
        assert reply.headers["content-type"].startswith("text/event-stream")
        cursor = ""
        for line in reply.iter_lines():
            if line.startswith("id: "):
                cursor = line.removeprefix("id: ")
            elif line.startswith("data: "):
                body = msgspec.json.decode(line.removeprefix("data: "))
                assert body["cursor"] == cursor
                found.append((body["event"]["id"], cursor))
                if len(found) == count:
                    return found
    return found


def test_a_stream_is_gone_on_with_over_a_kill(place: Place) -> None:
    project, annotator = place.project(30)
    label(annotator, project, 10)
    params = {"project": project, "types": "submission."}
    first = read_stream(place, 6, params)
    os.kill(place.stand.pid("text"), signal.SIGKILL)
    label(annotator, project, 20)
    rest = read_stream(place, 24, params, last=first[-1][1])
    wanted = [
        event.id
        for event in place.client.events("text", project=project, types=["submission."], follow=False)
    ]
    assert [one for one, _ in [*first, *rest]] == wanted and len(wanted) == 30


@contextlib.contextmanager
def reader_that_never_reads(place: Place) -> Iterator[socket.socket]:
    with socket.create_connection(place.stand.address, 30) as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        words = "".join(f"{name}: {value}\r\n" for name, value in headers(place).items())
        reader.sendall(f"GET {PATH}?limit=1000 HTTP/1.1\r\nHost: x\r\n{words}\r\n".encode())
        yield reader


def metrics(place: Place) -> dict[str, float]:
    port = next(one.port for one in place.stand.record().processes if one.name == "text")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as reply:
        lines = reply.read().decode().splitlines()
    pairs: list[Any] = [line.rpartition(" ") for line in lines if not line.startswith("#")]
    return {name: float(value) for name, _, value in pairs}


async def make_events(url: str) -> None:
    database = await Database.connect(url, "text", connections_max=1)
    await database.execute(
        "INSERT INTO events (organisation_id, type, subject_id, data)"
        " SELECT o.id, 'task.done', gen_random_uuid(), json_build_object('answers', n)"
        " FROM organisations o, generate_series(1, $1) AS n",
        MANY_EVENTS,
    )
    await database.close()


def test_a_slow_reader_is_sent_away_and_can_go_on(place: Place) -> None:
    asyncio.run(make_events(place.stand.database_url))
    with reader_that_never_reads(place):
        deadline = time.monotonic() + 4 * STREAM_SEND_SECONDS_MAX
        while not metrics(place).get('annotary_streams_ended_total{why="slow"}'):
            assert time.monotonic() < deadline, "a reader that never reads is still served"
            began = time.monotonic()
            place.client.me()
            assert time.monotonic() - began < 5, "others are held up"
            time.sleep(0.2)
    found = read_stream(place, 2_000, {"types": "task.done", "limit": "1000"})
    again = read_stream(place, 1_000, {"types": "task.done", "limit": "1000"}, last=found[999][1])
    assert again == found[1000:]


def test_one_member_has_only_so_many_streams(place: Place) -> None:
    kept = []
    with contextlib.ExitStack() as opened:
        for _ in range(STREAMS_PER_MEMBER_MAX):
            one = httpx.Client(timeout=30)
            opened.callback(one.close)
            asked = one.build_request(
                "GET", place.stand.url + PATH, params={"cursor": "end"}, headers=headers(place)
            )
            reply = one.send(asked, stream=True)
            assert reply.status_code == 200
            # The first heartbeat says that the stream is open.
            told = reply.iter_bytes()
            assert next(told)
            kept.append(told)
        refused = httpx.get(place.stand.url + PATH, headers=headers(place), timeout=30)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
    deadline = time.monotonic() + 240
    while metrics(place)["annotary_streams_open"]:
        assert time.monotonic() < deadline, "streams whose readers have gone stay open"
        time.sleep(0.05)


@pytest.mark.parametrize("what", ["consumer", "subscription"])
def test_the_worker_tells_how_far_everybody_is_behind(place: Place, what: str) -> None:
    place.stand.call("PUT", "/v1/text/subscriptions/trainer", {"types": ["task.done"], "start": "beginning"})
    wanted = {
        "consumer": 'annotary_consumer_seconds_behind{consumer="consensus",service="text",source="text"}',
        "subscription": "annotary_subscription_events_behind{",
    }[what]
    port = next(one.port for one in place.stand.record().processes if one.name == "worker")
    deadline = time.monotonic() + 240
    while True:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as reply:
            lines = [line for line in reply.read().decode().splitlines() if line.startswith(wanted)]
        if lines and (what == "consumer" or float(lines[0].rpartition(" ")[2]) > 0):
            break
        assert time.monotonic() < deadline, f"{wanted} is not among the metrics"
        time.sleep(0.2)
