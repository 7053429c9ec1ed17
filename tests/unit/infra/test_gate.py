"""The gate: who is refused before any work is done, and what is said to them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from annotary.infra.disk import DiskGuard
from annotary.infra.gate import Gate, RateLimiter
from annotary.kernel.limits import REQUEST_HELD_SECONDS_MAX


async def echo(scope: Any, receive: Any, send: Any) -> None:
    scope["path_template"] = "/echo"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


def client(gate: Gate) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=gate), base_url="http://gate")


async def test_a_full_disk_stops_intake_and_nothing_else(tmp_path: Path) -> None:
    gate = Gate(echo, disk=DiskGuard(tmp_path, bytes_min=1 << 62))
    async with client(gate) as http:
        refused = await http.post("/v1/text/claims", headers={"x-request-id": "mine"})
        assert (refused.status_code, refused.json()["code"], refused.json()["retryable"]) == (
            507,
            "storage_full",
            True,
        )
        assert refused.headers["x-request-id"] == "mine" == refused.json()["request_id"]
        assert "Free space" in refused.json()["detail"]
        for method in ("GET", "DELETE"):
            assert (await http.request(method, "/v1/text/claims")).status_code == 200


def test_requests_of_a_token_are_spaced_after_a_burst() -> None:
    now = 100.0
    limiter = RateLimiter(limit=10, burst=3, clock=lambda: now)
    taken = [limiter.take(b"a") for _ in range(15)]
    assert [left for _, left in taken[:4]] == [2, 1, 0, 0]
    assert [round(wait, 3) for wait, _ in taken[2:5]] == [0.0, 0.1, 0.2]
    held = [wait for wait, _ in taken if wait <= REQUEST_HELD_SECONDS_MAX]
    assert len(held) == 13, "3 at once, 10 within the second that a request is held; the others do not count"
    assert limiter.take(b"b") == (pytest.approx(-0.2), 2)
    now += 1.3
    assert limiter.take(b"a") == (pytest.approx(-0.2), 2), "time gives the burst back"


async def test_a_token_far_above_its_rate_is_refused() -> None:
    gate = Gate(echo)
    gate.limiter = RateLimiter(limit=10, burst=1, clock=lambda: 0.0)
    gate.limiter.take(b"a")
    async with client(gate) as http:
        for _ in range(10):
            gate.limiter.take(b"a")
        refused = await http.get("/", headers={"authorization": "a"})
        assert refused.status_code == 429 and refused.headers["retry-after"] == "1"
        assert (await http.get("/", headers={"authorization": "b"})).headers["ratelimit-remaining"] == "0"


@pytest.mark.parametrize("header", ["authorization", "cookie", "x-forwarded-for"])
async def test_one_who_floods_takes_nothing_from_another(header: str) -> None:
    gate = Gate(echo)
    gate.limiter = RateLimiter(limit=10, burst=1, clock=lambda: 0.0)
    for _ in range(12):
        gate.limiter.take(b"a=1")
    async with client(gate) as http:
        for value, code in (("a=1", 429), ("a=2", 200)):
            assert (await http.get("/", headers={header: value})).status_code == code


async def test_more_than_can_be_answered_is_shed_and_health_still_answers() -> None:
    go = asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] != "/healthz":
            await go.wait()
        await echo(scope, receive, send)

    gate = Gate(slow, in_flight_max=2)
    async with client(gate) as http:
        waiting = [asyncio.create_task(http.get("/")) for _ in range(2)]
        while gate.in_flight < 2:
            await asyncio.sleep(0)
        refused = await http.get("/")
        assert refused.status_code == 503 and refused.headers["retry-after"] == "1"
        assert (await http.get("/healthz")).status_code == 200
        go.set()
        assert [reply.status_code for reply in await asyncio.gather(*waiting)] == [200, 200]
        assert gate.in_flight == 0
