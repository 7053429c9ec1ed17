"""`/healthz`, `/readyz` and `/metrics` of the worker, answered by whichever child takes the connection."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import msgspec

from annotary.kernel.limits import WORKER_REQUEST_BYTES_MAX, WORKER_REQUEST_SECONDS_MAX
from annotary.services.worker_board import Board


def listen(host: str, port: int) -> socket.socket:
    """Return the socket that all children share: made by their parent, before it forks."""
    listener = socket.create_server((host, port), backlog=64)
    listener.setblocking(False)
    return listener


async def serve(board: Board, listener: socket.socket) -> asyncio.Server:
    """Answer on the shared socket until the server is closed."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(
            OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
        ):
            async with asyncio.timeout(WORKER_REQUEST_SECONDS_MAX):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(_reply(board, head.split(b" ", 2)[1].decode("latin-1")))
                await writer.drain()
        writer.close()

    return await asyncio.start_server(answer, sock=listener.dup(), limit=WORKER_REQUEST_BYTES_MAX)


def _reply(board: Board, path: str) -> bytes:
    status, kind, body = "200 OK", "text/plain; charset=utf-8", b"ok"
    if path == "/readyz":
        missing = board.missing()
        kind, body = "application/json", msgspec.json.encode({"ready": not missing, "missing": missing})
        status = "503 Service Unavailable" if missing else status
    elif path == "/metrics":
        kind, body = "text/plain; version=0.0.4", board.metrics()
    elif path != "/healthz":
        status, body = "404 Not Found", b"not found"
    head = (
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join((*head, "", "")).encode() + body
