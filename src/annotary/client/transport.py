"""Requests and replies: encoding, idempotency keys, retries, pages, and errors of the right type."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from annotary.client.errors import AnnotaryClientError, NotReached, error_of
from annotary.client.retrying import TRANSIENT, Retries, asked_seconds

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
Params = Mapping[str, "str | int | float | None"]
PAGE_ITEMS = 500
_encode = msgspec.json.Encoder().encode


class Transport:
    """One connection pool to one platform, as one member. Safe to share between threads."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout_seconds: float = 60.0,
        retries: Retries | None = None,
        http: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`http` and `sleep` are for tests and for unusual networks."""
        import httpx

        headers = {"User-Agent": "annotary-python", "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self.retries = retries or Retries()
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=url.rstrip("/"),
            headers=headers,
            timeout=httpx.Timeout(timeout_seconds, connect=10.0),
            transport=http,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def read(self, path: str, kind: type[T], params: Params | None = None) -> T:
        """GET something; sent again when it fails in passing."""
        return self._decoded(self.send("GET", path, params=params, safe=True), kind)

    def pages(self, path: str, kind: type[T], params: Params | None = None) -> Iterator[T]:
        """Yield the entries of a list, page by page as they are asked for."""
        token: str | None = None
        shape: Any = dict[str, msgspec.Raw]
        while True:
            page = self.read(path, shape, {"limit": PAGE_ITEMS, **(params or {}), "next_token": token})
            yield from self._checked(page["items"], list[kind])  # type: ignore[valid-type]
            token = msgspec.json.decode(page.get("next_token", b"null"), type=str | None)
            if token is None:
                return

    def write(
        self,
        method: str,
        path: str,
        kind: type[T],
        body: Mapping[str, Any] | None = None,
        *,
        key: str | None = None,
        keyed: bool = True,
        version: int | None = None,
        timeout_seconds: float | None = None,
        params: Params | None = None,
    ) -> T:
        """Send a write under an Idempotency-Key (made here, once, unless given): a retry has one effect.

        `keyed=False` leaves the key out: for what may be done twice. `version` is sent as If-Match: it is
        refused where somebody else changed the thing meanwhile.
        """
        headers = {"Content-Type": "application/json"}
        if keyed:
            headers["Idempotency-Key"] = key or new_key()
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        content = b"" if body is None else _encode(body)
        reply = self.send(
            method,
            path,
            content=content,
            headers=headers,
            safe=True,
            timeout_seconds=timeout_seconds,
            params=params,
        )
        return self._decoded(reply, kind)

    def send(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Params | None = None,
        safe: bool,
        timeout_seconds: float | None = None,
    ) -> httpx.Response:
        """Send a request; again when it fails in passing and may be repeated (`safe`). Raises refusals."""
        import httpx

        given = {name: value for name, value in (params or {}).items() if value is not None}
        arguments: dict[str, Any] = {"content": content, "headers": headers, "params": given or None}
        if timeout_seconds is not None:
            arguments["timeout"] = httpx.Timeout(timeout_seconds, connect=10.0)
        attempt = 0
        while True:
            attempt += 1
            asked = None
            try:
                reply = self._http.request(method, path, **arguments)
            except httpx.TransportError as error:
                failure: AnnotaryClientError = _not_reached(self._http.base_url, error)
                # A connection that never came about carried nothing: any request may be repeated.
                again = safe or isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            else:
                if reply.status_code < 400:
                    return reply
                failure = _refusal(reply)
                asked = asked_seconds(reply.headers.get("retry-after"), datetime.now(UTC))
                again = safe and reply.status_code in TRANSIENT
            failure.attempts = attempt
            wait = self.retries.wait_seconds(attempt, asked, random.random) if again else None
            if wait is None:
                raise failure
            self._sleep(wait)

    @contextmanager
    def stream(self, path: str) -> Iterator[Iterator[bytes]]:
        """Open a large reply; the iterator yields its bytes as they come."""
        import httpx

        try:
            with self._http.stream("GET", path) as reply:
                if reply.status_code >= 400:
                    reply.read()
                    raise _refusal(reply)
                yield reply.iter_bytes()
        except httpx.TransportError as error:
            raise _not_reached(self._http.base_url, error) from error

    def _decoded(self, reply: httpx.Response, kind: type[T]) -> T:
        return self._checked(reply.content or b"null", kind)

    def _checked(self, content: bytes | msgspec.Raw, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(content, type=kind)
        except msgspec.MsgspecError as error:
            raise AnnotaryClientError(
                f"{self._http.base_url} answered with something else than Annotary does: {error}.",
                code="unexpected_reply",
            ) from error


def new_key() -> str:
    """Return a new Idempotency-Key: one for each thing that is to happen once."""
    return uuid.uuid4().hex


def _refusal(reply: httpx.Response) -> AnnotaryClientError:
    try:
        problem = msgspec.json.decode(reply.content)
    except msgspec.MsgspecError:
        problem = None
    return error_of(reply.status_code, problem)


def _not_reached(url: object, error: Exception) -> NotReached:
    reason = str(error) or type(error).__name__
    return NotReached(f"{url} did not answer: {reason}.", retryable=True)
