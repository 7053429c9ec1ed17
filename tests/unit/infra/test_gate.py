"""The gate: who is refused before any work is done, and what is said to them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx

from annotary.infra.disk import DiskGuard
from annotary.infra.gate import Gate, RateLimiter


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


async def test_the_rate_is_counted_by_token_and_by_second() -> None:
    now = 0.0
    gate = Gate(echo)
    gate.limiter = RateLimiter(3, lambda: now)
    async with client(gate) as http:
        left = [
            (await http.get("/", headers={"authorization": "a"})).headers["ratelimit-remaining"]
            for _ in range(3)
        ]
        assert left == ["2", "1", "0"]
        refused = await http.get("/", headers={"authorization": "a"})
        assert refused.status_code == 429 and refused.headers["retry-after"] == "1"
        assert (await http.get("/", headers={"authorization": "b"})).status_code == 200
        now = 1.0
        assert (await http.get("/", headers={"authorization": "a"})).status_code == 200


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
