"""Routes answered without the framework: the calls that every label makes, for which its price is too high.

The framework has the same routes, for the description of the API and for whatever is not matched here.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec

from annotary.infra.asgi import PROBLEM, Receive, Scope, Send, send_reply
from annotary.infra.problems import reply_to
from annotary.infra.strict_json import decode_strictly
from annotary.kernel.errors import TooLarge
from annotary.kernel.limits import BODY_BYTES_MAX

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
    """What handlers ask of a request. `parameter` is what the path has in the place of the route's."""

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
    """A POST to a path with a `{parameter}` at most; `answer` gives a reply (status 200) and its headers."""

    template: str
    answer: Callable[[DirectRequest], Awaitable[tuple[bytes, Mapping[str, str]]]]


class DirectRoutes:
    """Answers its routes, and hands all else on to the framework's application."""

    def __init__(self, app: Any, routes: Sequence[DirectRoute]) -> None:
        self.app = app
        self._exact = {route.template: route for route in routes if "{" not in route.template}
        self._between: list[tuple[str, str, DirectRoute]] = []
        for route in routes:
            if route.template not in self._exact:
                prefix, suffix = re.split(r"\{\w+\}", route.template)
                self._between.append((prefix, suffix, route))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] == "POST":
            route, parameter = self._find(scope["path"])
            if route is not None:
                await self._serve(route, parameter, scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _find(self, path: str) -> tuple[DirectRoute | None, str]:
        """Return the route of a path, and what the path has in the place of its parameter."""
        if path in self._exact:
            return self._exact[path], ""
        for prefix, suffix, route in self._between:
            if path.startswith(prefix) and path.endswith(suffix):
                return route, path[len(prefix) : len(path) - len(suffix)]
        return None, ""

    async def _serve(
        self, route: DirectRoute, parameter: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        scope["path_template"] = route.template
        try:
            body = await _body(receive)
            if body is None:
                return
            reply, headers = await route.answer(DirectRequest(self.app, scope, body, parameter))
        except Exception as error:
            status, headers, reply = reply_to(error, scope["path"], scope.get("request_id", ""))
            await send_reply(send, status, reply, PROBLEM, headers)
            return
        await send_reply(send, 200, reply, "application/json", headers)


async def _body(receive: Receive) -> bytes | None:
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
