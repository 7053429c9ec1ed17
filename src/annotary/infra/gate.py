"""The gate every request passes: id, limits, latency, span. Plain ASGI, because every call pays for it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import cache
from secrets import token_hex
from typing import Any

from annotary.infra.asgi import PROBLEM, Message, Receive, Scope, Send, send_reply
from annotary.infra.disk import DiskGuard
from annotary.infra.problems import reply_to
from annotary.infra.telemetry import IN_FLIGHT, REFUSED, REQUESTS, traceparent_of
from annotary.kernel.errors import AnnotaryError, RateLimited, StorageFull, Unavailable
from annotary.kernel.limits import (
    REQUEST_HELD_SECONDS_MAX,
    REQUEST_ID_CHARACTERS_MAX,
    REQUESTS_IN_FLIGHT_MAX,
    REQUESTS_PER_TOKEN_BURST_MAX,
    REQUESTS_PER_TOKEN_PER_SECOND_MAX,
    REQUESTS_WAITING_MAX,
    TOKENS_WATCHED_MAX,
)

App = Callable[[Any, Any, Any], Awaitable[None]]

# What takes something in; on a full disk reading and deleting go on.
INTAKE_METHODS = ("POST", "PUT", "PATCH")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
UNLIMITED_PATHS = ("/healthz", "/readyz", "/metrics")


class RateLimiter:
    """Spaces the requests of each token: after a burst, `limit` a second (GCRA, ITU-T I.371).

    A client that sends as fast as it is answered is slowed down, not sent away: a refusal at once would only
    bring its next request at once.
    """

    def __init__(
        self,
        limit: int = REQUESTS_PER_TOKEN_PER_SECOND_MAX,
        burst: int = REQUESTS_PER_TOKEN_BURST_MAX,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limit = limit
        self.burst = burst
        self._clock = clock
        self._due: dict[bytes, float] = {}

    def take(self, token: bytes) -> tuple[float, int]:
        """Count one request; returns the seconds it has to wait, and how many more may come at once.

        One that would have to wait longer than a request is held is not counted.
        """
        now = self._clock()
        due = max(self._due.get(token, now), now) + 1 / self.limit
        wait = due - now - self.burst / self.limit
        if wait <= REQUEST_HELD_SECONDS_MAX:
            if len(self._due) >= TOKENS_WATCHED_MAX:
                self._due.clear()
            self._due[token] = due
        return wait, max(0, int(-wait * self.limit + 0.5))


class Gate:
    """Wraps a service's application."""

    def __init__(
        self,
        app: App,
        *,
        tracer: Any | None = None,
        disk: DiskGuard | None = None,
        in_flight_max: int = REQUESTS_IN_FLIGHT_MAX,
    ) -> None:
        self.app = app
        self.disk = disk
        self.tracer = tracer
        self.in_flight = 0
        self.waiting = 0
        self.in_flight_max = in_flight_max
        self.limiter = RateLimiter()
        IN_FLIGHT.set_function(lambda: self.in_flight)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (or hand through what is not HTTP)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        request_id = headers.get(b"x-request-id", b"")[:REQUEST_ID_CHARACTERS_MAX] or token_hex(16).encode()
        scope["request_id"] = request_id.decode("latin-1")
        scope["gate"] = self
        if scope["path"] in UNLIMITED_PATHS:
            await self.app(scope, receive, send)
            return
        wait, left = self.limiter.take(_who(headers))
        refusal = self._refusal(wait, scope["method"])
        if refusal is not None:
            await _refuse(scope, send, refusal)
            return
        if wait > 0:
            self.waiting += 1
            try:
                await asyncio.sleep(wait)
            finally:
                self.waiting -= 1
        await self._serve(scope, receive, send, request_id, left)

    @contextlib.contextmanager
    def idle(self) -> Iterator[None]:
        """Give the request's place to another while it only waits, such as for work to come."""
        self.in_flight -= 1
        self.waiting += 1
        try:
            yield
        finally:
            self.in_flight += 1
            self.waiting -= 1

    def _refusal(self, wait: float, method: str) -> AnnotaryError | None:
        if wait > REQUEST_HELD_SECONDS_MAX:
            REFUSED.labels("rate").inc()
            return RateLimited(f"Far more than {self.limiter.limit} requests a second with this token.")
        if self.in_flight >= self.in_flight_max or self.waiting >= REQUESTS_WAITING_MAX:
            REFUSED.labels("overload").inc()
            return Unavailable("The service has as many requests as it can answer: try again in a second.")
        if self.disk is not None and method in INTAKE_METHODS:
            try:
                self.disk.check()
            except StorageFull as error:
                REFUSED.labels("disk").inc()
                return error
        return None

    async def _serve(self, scope: Scope, receive: Receive, send: Send, request_id: bytes, left: int) -> None:
        started = time.perf_counter()
        status = 500
        extra = [
            (b"x-request-id", request_id),
            (b"ratelimit-limit", b"%d" % self.limiter.limit),
            (b"ratelimit-remaining", b"%d" % left),
            (b"ratelimit-reset", b"1"),
        ]

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        self.in_flight += 1
        span = self.tracer.start_span(f"{scope['method']} {scope['path']}") if self.tracer else None
        if span is not None and span.is_recording():
            scope["traceparent"] = traceparent_of(span.get_span_context())
        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            self.in_flight -= 1
            route = scope.get("path_template") or "unmatched"
            method = scope["method"] if scope["method"] in METHODS else "other"
            _seconds(method, route, status).observe(time.perf_counter() - started)
            if span is not None:
                span.set_attributes(
                    {
                        "http.route": route,
                        "http.response.status_code": status,
                        "annotary.request_id": scope["request_id"],
                    }
                )
                span.end()


def _who(headers: Mapping[bytes, bytes]) -> bytes:
    """Return by what a caller's requests are counted: a token, a browser's cookies, or else the address."""
    return headers.get(b"authorization") or headers.get(b"cookie") or headers.get(b"x-forwarded-for", b"")


@cache
def _seconds(method: str, route: str, status: int) -> Any:
    """Return the histogram of one kind of request: finding it among all of them costs more than counting."""
    return REQUESTS.labels(method, route, status)


async def _refuse(scope: Scope, send: Send, error: AnnotaryError) -> None:
    status, headers, body = reply_to(error, scope["path"], scope["request_id"])
    await send_reply(send, status, body, PROBLEM, headers | {"X-Request-Id": scope["request_id"]})
