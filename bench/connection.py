"""One HTTP/1.1 connection over a bare socket.

The load client shares the machine with what it measures, so it must cost next to nothing: no HTTP library, no
event loop, only the bytes of a request and as much of a reply as is needed to know where it ends.
"""

from __future__ import annotations

import socket
from typing import NamedTuple

RECEIVE_BYTES = 65_536
JSON = b"application/json"


class Reply(NamedTuple):
    """A whole reply."""

    status: int
    head: bytes
    body: bytes


class Disconnected(ConnectionError):
    """The other side closed the connection in the middle."""


class Connection:
    """A kept-alive connection that has at most one request under way."""

    __slots__ = ("_received", "address", "head", "socket")

    def __init__(self, address: tuple[str, int], token: str, seconds_max: float | None = None) -> None:
        """Connect. With `seconds_max` sending and receiving give up after it; without, a call costs less."""
        self.address = address
        self.head = (
            f"HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nAuthorization: Bearer {token}\r\n".encode()
        )
        self.socket = socket.create_connection(address, seconds_max)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""

    def send(
        self, method: bytes, path: bytes, body: bytes = b"", key: bytes = b"", media_type: bytes = JSON
    ) -> None:
        """Send a request, under an Idempotency-Key when one is given."""
        keyed = b"Idempotency-Key: %b\r\n" % key if key else b""
        typed = b"Content-Type: %b\r\nContent-Length: %d\r\n" % (media_type, len(body))
        self.socket.sendall(b"%b %b %b%b%b\r\n%b" % (method, path, self.head, keyed, typed, body))

    def receive(self) -> Reply | None:
        """Take in what has come; returns the reply once it is whole."""
        data = self.socket.recv(RECEIVE_BYTES)
        if not data:
            raise Disconnected
        self._received = received = self._received + data if self._received else data
        end = received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = received[:end]
        start = end + 4
        length = _length(head)
        if len(received) < start + length:
            return None
        self._received = b""
        return Reply(int(head[9:12]), head, received[start : start + length])

    def call(
        self, method: bytes, path: bytes, body: bytes = b"", key: bytes = b"", media_type: bytes = JSON
    ) -> Reply:
        """Send a request and wait for its reply."""
        self.send(method, path, body, key, media_type)
        while (reply := self.receive()) is None:
            pass
        return reply

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


def _length(head: bytes) -> int:
    """Return the length of the body that follows a head: every reply of ours says it."""
    at = head.find(b"ontent-Length:")
    if at < 0:
        at = head.find(b"ontent-length:")
    if at < 0:
        if head[9:12] == b"204":
            return 0
        raise Disconnected(f"a reply without Content-Length: {head!r}")
    end = head.find(b"\r\n", at)
    return int(head[at + 14 : end if end >= 0 else len(head)])
