"""Server-sent events (HTML Living Standard, 9.2): one reader's stream, which cannot hold anybody up."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, cast
from uuid import UUID

import msgspec
import structlog
from litestar import Response
from litestar.response.base import ASGIResponse

from annotary.infra.asgi import Receive, Send
from annotary.infra.postgres import Database
from annotary.infra.telemetry import STREAMS_ENDED, STREAMS_OPEN
from annotary.kernel.clock import monotonic_seconds
from annotary.kernel.errors import AnnotaryError
from annotary.kernel.limits import (
    STREAM_CHECKED_SECONDS_MAX,
    STREAM_HEARTBEAT_SECONDS,
    STREAM_SEND_SECONDS_MAX,
    STREAMS_OPEN_MAX,
    STREAMS_PER_MEMBER_MAX,
)
from annotary.streams import rules
from annotary.streams.errors import StreamsFull, TooManyStreams
from annotary.streams.service import Idle, Source, next_lot
from annotary.streams.service_pulse import Pulse
from annotary.streams.values import Asked

MEDIA_TYPE = "text/event-stream"
log = structlog.get_logger(__name__)


class Streams:
    """The streams that are open in one process, and the pulse that wakes them and all who wait."""

    def __init__(self, database: Database, send_seconds_most: float = STREAM_SEND_SECONDS_MAX) -> None:
        self.pulse = Pulse(database)
        self.send_seconds_most = send_seconds_most
        self._of_member: Counter[UUID] = Counter()
        STREAMS_OPEN.set_function(lambda: self.open)

    @property
    def open(self) -> int:
        """How many are open."""
        return self._of_member.total()

    def require_room(self, member: UUID) -> None:
        """Raise StreamsFull or TooManyStreams where one more would be too many."""
        if self.open >= STREAMS_OPEN_MAX:
            raise StreamsFull
        if self._of_member[member] >= STREAMS_PER_MEMBER_MAX:
            raise TooManyStreams

    @contextlib.contextmanager
    def opened(self, member: UUID) -> Iterator[None]:
        """Count a stream while it is open."""
        self._of_member[member] += 1
        try:
            yield
        finally:
            self._of_member[member] -= 1
            self._of_member += Counter()

    async def close(self) -> None:
        """End what is open: the service ends, and readers come back to the next one."""
        await self.pulse.close()


class Stream:
    """One reader's stream. `source` says anew what the reader may see, and raises when that is nothing."""

    def __init__(
        self,
        streams: Streams,
        member: UUID,
        asked: Asked,
        source: Callable[[], Awaitable[Source]],
        idle: Idle,
    ) -> None:
        self._streams = streams
        self._member = member
        self._asked = msgspec.structs.replace(asked, wait_seconds=STREAM_HEARTBEAT_SECONDS)
        self._source = source
        self._idle = idle
        self._send: Send | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Write until the reader goes, is too slow, or may see nothing any more."""
        self._send = cast(Send, send)
        headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store")]
        with self._streams.opened(self._member):
            await self._send({"type": "http.response.start", "status": 200, "headers": headers})
            tasks = [asyncio.create_task(self._write()), asyncio.create_task(_gone(receive))]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
            why = tasks[0].result() if tasks[0] in done else "left"
        STREAMS_ENDED.labels(why).inc()
        if why not in ("left", "slow"):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._streams.send_seconds_most):
                    await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write(self) -> str:
        """Write lots and heartbeats; returns why it ends. Only one lot is held, and the next waits for it."""
        asked, source = self._asked, await self._source()
        checked_at = monotonic_seconds()
        try:
            await self._put(rules.sse_heartbeat(rules.cursor_text(asked.cursor)))
            while not self._streams.pulse.closed.is_set():
                lot = await next_lot(source, self._streams.pulse, asked, self._idle)
                asked = msgspec.structs.replace(asked, cursor=lot.end)
                if not lot.entries:
                    await self._put(rules.sse_heartbeat(rules.cursor_text(lot.end)))
                else:
                    await self._put(rules.sse_frames(lot.entries))
                if monotonic_seconds() - checked_at > STREAM_CHECKED_SECONDS_MAX:
                    source, checked_at = await self._source(), monotonic_seconds()
            return "ended"
        except TimeoutError:
            return "slow"
        except AnnotaryError:
            return "not allowed"
        except Exception:
            log.exception("a stream failed")
            return "failed"

    async def _put(self, content: bytes) -> None:
        """Send; raises TimeoutError when the reader takes too long to take it."""
        assert self._send is not None
        with self._idle():
            async with asyncio.timeout(self._streams.send_seconds_most):
                await self._send({"type": "http.response.body", "body": content, "more_body": True})


class StreamResponse(Response[Any]):
    """Hands the connection to a stream."""

    def __init__(self, stream: Stream) -> None:
        super().__init__(None, media_type=MEDIA_TYPE)
        self._stream = stream

    def to_asgi_response(self, app: Any, request: Any, **_: Any) -> ASGIResponse:
        """Return what writes the reply."""
        return cast(ASGIResponse, self._stream)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
