"""The words of ASGI, and a reply that is sent whole."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
PROBLEM = "application/problem+json"


async def send_reply(
    send: Send, status: int, body: bytes, media_type: str, headers: Mapping[str, str]
) -> None:
    """Send a whole reply with its content type and length, and further headers."""
    told = {"content-type": media_type, "content-length": str(len(body)), **headers}
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
