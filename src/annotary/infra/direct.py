"""Routes answered without the framework: the calls that every label makes, for which its price is too high.

The framework has the same routes, for the description of the API and for whatever is not matched here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, NamedTuple, TypeVar

import msgspec

from annotary.infra.problems import reply_to
from annotary.infra.strict_json import decode_strictly
from annotary.kernel.errors import TooLarge
from annotary.kernel.limits import BODY_BYTES_MAX

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
T = TypeVar("T")


class DirectHeaders:
    """A request's headers by lower-case name."""

    __slots__ = ("_raw",)

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        self._raw = raw

    def get(self, name: str) -> str | None:
        """Return a header's value, or None."""
        wanted = name.encode("latin-1")
        for key, value in self._raw:
            if key == wanted:
                return value.decode("latin-1")
        return None


class DirectRequest:
    """What handlers ask of a request. `parameter` is what the path has between prefix and suffix."""

    __slots__ = ("app", "headers", "method", "parameter", "raw_body", "scope")

    def __init__(self, app: Any, scope: Scope, raw_body: bytes, parameter: str) -> None:
        self.app = app
        self.scope = scope
        self.method: str = scope["method"]
        self.headers = DirectHeaders(scope["headers"])
        self.raw_body = raw_body
        self.parameter = parameter

    def decode(self, decoder: msgspec.json.Decoder[T]) -> T:
        """Return the body as the decoder's type; raises as the framework's way does."""
        return decode_strictly(decoder, self.raw_body)


class DirectRoute(NamedTuple):
    """A POST to `prefix` + parameter + `suffix`; `answer` gives the reply (status 200) and its headers."""

    prefix: str
    suffix: str
    template: str
    answer: Callable[[DirectRequest], Awaitable[tuple[bytes, Mapping[bytes, bytes]]]]


class DirectRoutes:
    """Answers its routes, and hands all else on to the framework's application."""

    def __init__(self, app: Any, routes: list[DirectRoute]) -> None:
        self.app = app
        self._exact = {route.prefix: route for route in routes if not route.suffix}
        self._between = [route for route in routes if route.suffix]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] == "POST":
            path = scope["path"]
            route = self._exact.get(path) or self._find(path)
            if route is not None:
                await self._serve(route, scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _find(self, path: str) -> DirectRoute | None:
        for route in self._between:
            if path.startswith(route.prefix) and path.endswith(route.suffix):
                return route
        return None

    async def _serve(self, route: DirectRoute, scope: Scope, receive: Receive, send: Send) -> None:
        scope["path_template"] = route.template
        try:
            body = await _body(scope, receive)
            if body is None:
                return
            parameter = scope["path"][len(route.prefix) : len(scope["path"]) - len(route.suffix)]
            reply, headers = await route.answer(DirectRequest(self.app, scope, body, parameter))
        except Exception as error:
            status, text_headers, reply = reply_to(error, scope["path"], scope.get("request_id", ""))
            await _send(
                send,
                status,
                reply,
                b"application/problem+json",
                {name.lower().encode(): value.encode() for name, value in text_headers.items()},
            )
            return
        await _send(send, 200, reply, b"application/json", headers)


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """Return the whole body; None when the client went away meanwhile."""
    chunks: list[bytes] = []
    size_bytes = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunk = message.get("body", b"")
        size_bytes += len(chunk)
        if size_bytes > BODY_BYTES_MAX:
            raise TooLarge(f"The request's body is over the limit of {BODY_BYTES_MAX} bytes.")
        if not message.get("more_body"):
            return chunk if not chunks else b"".join([*chunks, chunk])
        chunks.append(chunk)


async def _send(
    send: Send, status: int, body: bytes, media_type: bytes, headers: Mapping[bytes, bytes]
) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", media_type),
                (b"content-length", b"%d" % len(body)),
                *headers.items(),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
