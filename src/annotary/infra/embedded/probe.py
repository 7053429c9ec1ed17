"""Asking a server on this machine whether it is well, without ever blocking: a socket and two predicates."""

from __future__ import annotations

import errno
import selectors
import socket
import struct
import time

from annotary.infra.embedded.ports import LOOPBACK
from annotary.kernel.limits import HEALTH_REPLY_BYTES_MAX

# "The database system is starting up": SQLSTATE cannot_connect_now.
_STARTING = b"57P03"


def http_question(path: str) -> bytes:
    """Return a GET request for `path` that asks the server to close afterwards."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()


def http_well(reply: bytes) -> bool:
    """Whether an HTTP reply has a status of 200."""
    return reply.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200"))


def postgres_question(user: str, database: str) -> bytes:
    """Return the start-up message of Postgres' protocol 3.0; its answer needs no password."""
    body = struct.pack("!i", 196608)
    for word in ("user", user, "database", database):
        body += word.encode() + b"\0"
    body += b"\0"
    return struct.pack("!i", len(body) + 4) + body


def postgres_well(reply: bytes) -> bool:
    """Whether Postgres takes connections: it asks for a password, or refuses, but not for starting up."""
    return reply[:1] == b"R" or (reply[:1] == b"E" and _STARTING not in reply)


class Probe:
    """One question on its way. `turn()` moves it on until it has `ended`; an empty `reply` is a failure."""

    def __init__(self, port: int, question: bytes, deadline_seconds: float) -> None:
        self._question = question
        self.reply = b""
        self.ended = False
        self.deadline_seconds = deadline_seconds
        self.socket = socket.socket()
        self.socket.setblocking(False)
        if self.socket.connect_ex((LOOPBACK, port)) not in (0, errno.EINPROGRESS):
            self._end(b"")

    def turn(self, now_seconds: float) -> None:
        """Send or receive what can be now; give up past the deadline."""
        if not self.ended:
            self._move()
        if not self.ended and now_seconds > self.deadline_seconds:
            self._end(b"")

    def _move(self) -> None:
        try:
            if self._question:
                self._question = self._question[self.socket.send(self._question) :]
            else:
                self._end(self.socket.recv(HEALTH_REPLY_BYTES_MAX))
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as problem:
            if problem.errno != errno.ENOTCONN:
                self._end(b"")

    @property
    def events(self) -> int:
        """What a selector must wait for."""
        return selectors.EVENT_WRITE if self._question else selectors.EVENT_READ

    def _end(self, reply: bytes) -> None:
        self.reply, self.ended = reply, True
        self.socket.close()


def ask(port: int, question: bytes, timeout_seconds: float) -> bytes:
    """Ask and wait; returns the first bytes of the reply, empty when none came in time."""
    probe = Probe(port, question, time.monotonic() + timeout_seconds)
    with selectors.DefaultSelector() as selector:
        while not probe.ended:
            selector.register(probe.socket, probe.events)
            selector.select(max(0.0, probe.deadline_seconds - time.monotonic()) + 0.001)
            selector.unregister(probe.socket)
            probe.turn(time.monotonic())
    return probe.reply
