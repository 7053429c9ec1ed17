"""A receiver of webhooks over real sockets that answers, fails, hangs and lies as it is told."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
# What goes wrong, by name: bytes to send, and whether the connection is then reset, closed or held.
LIES: dict[str, tuple[bytes, str]] = {
    "fails": (b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "keep"),
    "hangs": (b"", "hold"),
    "drips": (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "hold"),
    "resets": (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", "reset"),
    "says too much": (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nok", "close"),
    "is no server": (b"I am no HTTP server at all\r\n\r\n", "close"),
    "says nothing": (b"", "close"),
    "redirects": (
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:1/\r\nContent-Length: 0\r\n\r\n",
        "keep",
    ),
}
# These are odd, but the message was taken.
TAKES: dict[str, tuple[bytes, str]] = {
    "takes": (OK, "keep"),
    "takes and closes": (OK, "close"),
    "says too little": (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok and more than was said", "close"),
    "never ends": (b"HTTP/1.1 202 Accepted\r\nContent-Length: 99999999\r\n\r\n", "endless"),
}
ANSWERS = {**LIES, **TAKES}


class Message(NamedTuple):
    """What came: the number of times that its id has come by now, its headers in lower case, its body."""

    id: str
    number: int
    headers: dict[str, str]
    body: bytes


Behave = Callable[[Message], "str | bytes"]


class Receiver:
    """`behave` says for each message how it is answered: a name above, or the bytes of an answer."""

    def __init__(self, behave: Behave) -> None:
        self.behave = behave
        self.messages: list[Message] = []
        self.taken: set[str] = set()
        self.held = 0
        self.connections = 0
        self.port = 0
        self._counts: Counter[str] = Counter()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                while await self._answer_one(reader, writer):
                    pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[1:-2]
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head)}
        body = await reader.readexactly(int(headers["content-length"]))
        named = headers["webhook-id"]
        self._counts[named] += 1
        message = Message(named, self._counts[named], headers, body)
        self.messages.append(message)
        behaviour = self.behave(message)
        if isinstance(behaviour, bytes):
            content, then = behaviour, "keep"
        else:
            content, then = ANSWERS[behaviour]
            if behaviour in TAKES:
                self.taken.add(named)
        writer.write(content)
        return await self._go_on(then, reader, writer)

    async def _go_on(self, then: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if then == "reset":
            writer.transport.abort()
        elif then == "hold":
            self.held += 1
            try:
                await reader.read()
            finally:
                self.held -= 1
        elif then == "endless":
            while True:
                writer.write(b"x" * 65_536)
                await writer.drain()
        await writer.drain()
        return then == "keep"

    def close(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()


@contextlib.asynccontextmanager
async def receiving(behave: Behave = lambda _: "takes", host: str = "127.0.0.1") -> AsyncIterator[Receiver]:
    """Listen for as long as the block lasts."""
    receiver = Receiver(behave)
    server = await asyncio.start_server(receiver.answer, host, 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        receiver.close()
        await server.wait_closed()
