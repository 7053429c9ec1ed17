"""A browser's tab as far as its WebSocket goes: RFC 6455 by hand, so that it can also misbehave."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
import time
from collections.abc import Callable, Mapping
from typing import Any

SECONDS_MAX = 15.0
TEXT, CLOSE = 1, 8


class Closed(Exception):
    """The connection ended; `code` is what the service said, 1006 when nothing."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


def framed(data: bytes, kind: int = TEXT) -> bytes:
    """Return one frame, masked as a client's must be."""
    size, mask = len(data), os.urandom(4)
    short = min(size, 126 if size < 1 << 16 else 127) if size > 125 else size
    length = {126: struct.pack(">H", size & 0xFFFF), 127: struct.pack(">Q", size)}.get(short, b"")
    pad = (mask * (size // 4 + 1))[:size]
    masked = (int.from_bytes(data) ^ int.from_bytes(pad)).to_bytes(size)
    return bytes([0x80 | kind, 0x80 | short]) + length + mask + masked


class Tab:
    """One connection. `status` is that of the handshake: 101 when it was taken."""

    def __init__(
        self,
        address: tuple[str, int],
        service: str,
        headers: Mapping[str, str],
        *,
        received_bytes: int = 0,
    ) -> None:
        """With `received_bytes` the system's buffer for what is not read yet is that small."""
        self.socket = socket.socket()
        if received_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, received_bytes)
        self.socket.settimeout(SECONDS_MAX)
        self.socket.connect(address)
        self._buffer = b""
        path = "/v1/live" if service == "platform" else f"/v1/{service}/live"
        sent = {
            "Host": f"{address[0]}:{address[1]}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
            **headers,
        }
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        self.status = int(head.split(b" ")[1])

    def say(self, **command: Any) -> None:
        """Send a command."""
        self.send(json.dumps(command).encode())

    def subscribe(self, topic: str, since: str | None = None) -> None:
        self.say(type="subscribe", topic=topic, **({"since": since} if since else {}))

    def send(self, data: bytes, kind: int = TEXT) -> None:
        """Send one frame."""
        self.socket.sendall(framed(data, kind))

    def hear(self, seconds_max: float = SECONDS_MAX) -> dict[str, Any]:
        """Return the next message, answering pings; raises Closed, or TimeoutError."""
        deadline = time.monotonic() + seconds_max
        while True:
            self.socket.settimeout(max(0.001, deadline - time.monotonic()))
            kind, data = self._frame()
            if kind == CLOSE:
                raise Closed(int.from_bytes(data[:2]) if data else 1005)
            message = json.loads(data) if kind == TEXT else {"type": "ping"}
            if message["type"] == "ping":
                self.say(type="pong")
                continue
            return dict(message)

    def until(
        self, topic: str, wanted: Callable[[dict[str, Any]], Any], seconds_max: float = SECONDS_MAX
    ) -> dict[str, Any]:
        """Return the next message of a topic that is wanted, passing others over."""
        deadline = time.monotonic() + seconds_max
        while True:
            message = self.hear(deadline - time.monotonic())
            if message.get("topic") == topic and wanted(message):
                return message

    def state(
        self, topic: str, wanted: Callable[[Any], Any] = lambda _: True, seconds_max: float = SECONDS_MAX
    ) -> Any:
        """Return the next state of a topic that is wanted: what it holds."""
        found = self.until(topic, lambda one: one["type"] == "state" and wanted(one["data"]), seconds_max)
        return found["data"]

    def notice(self, topic: str, kind: str, seconds_max: float = SECONDS_MAX) -> dict[str, Any]:
        """Return the next notice of a kind."""
        return self.until(
            topic, lambda one: one["type"] == "notice" and one["data"]["kind"] == kind, seconds_max
        )

    def closing(self, seconds_max: float = SECONDS_MAX) -> int:
        """Return the code with which the connection ends, whatever is said before."""
        deadline = time.monotonic() + seconds_max
        try:
            while True:
                self.hear(deadline - time.monotonic())
        except Closed as closed:
            return closed.code

    def leave(self) -> None:
        """Vanish, as a killed tab does."""
        self.socket.close()

    def _frame(self) -> tuple[int, bytes]:
        first, second = self._need(2)
        size = second & 127
        if size >= 126:
            size = int.from_bytes(self._need(2 if size == 126 else 8))
        return first & 15, self._need(size)

    def _need(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        found, self._buffer = self._buffer[:size], self._buffer[size:]
        return found

    def _more(self) -> None:
        try:
            chunk = self.socket.recv(1 << 16)
        except ConnectionError:
            chunk = b""
        if not chunk:
            raise Closed(1006)
        self._buffer += chunk
