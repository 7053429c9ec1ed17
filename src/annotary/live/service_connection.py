"""One tab's connection: what is sent to it and heard from it, each at its own pace, until one ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec
import structlog

from annotary.identity.values import Caller
from annotary.infra.asgi import Receive, Send
from annotary.infra.telemetry import LIVE_MESSAGES_DROPPED, LIVE_MESSAGES_SENT
from annotary.kernel.clock import Monotonic
from annotary.kernel.ids import format_id, new_id
from annotary.kernel.limits import (
    LIVE_CLOSE_SECONDS_MAX,
    LIVE_COMMAND_BYTES_MAX,
    LIVE_PING_SECONDS,
    LIVE_SILENT_SECONDS_MAX,
)
from annotary.live.rules import Waiting, encode
from annotary.live.values import Closing, Command, Hello, Ping, Topic

log = structlog.get_logger(__name__)
PING = encode(Ping())
_decode = msgspec.json.Decoder(Command).decode


class Connection:
    """A tab that listens. `check` says who it is now; `allow` counts a command, False when too many come."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        caller: Caller,
        *,
        check: Callable[[], Awaitable[Caller]],
        allow: Callable[[UUID], bool],
        monotonic: Monotonic,
    ) -> None:
        self.id = new_id()
        self.caller = caller
        self.check = check
        self.topics: dict[Topic, None] = {}
        self.waiting = Waiting()
        self.ended_with: Closing | None = None
        self._receive = receive
        self._transmit = send
        self._allow = allow
        self._monotonic = monotonic
        self._heard_at = monotonic()
        self._wake = asyncio.Event()
        self.put("", encode(Hello(format_id("member", caller.member_id), LIVE_PING_SECONDS)))

    def put(self, topic: str, message: bytes, *, replaces: bool = False) -> None:
        """Let a message be sent; never waits."""
        dropped = self.waiting.dropped
        self.waiting.put(topic, message, replaces=replaces)
        if self.waiting.dropped > dropped:
            LIVE_MESSAGES_DROPPED.inc()
        self._wake.set()

    def tell_gap(self, topic: str) -> None:
        """Say that notices of a topic were lost."""
        self.waiting.tell_gap(topic)
        self._wake.set()

    def close(self, why: Closing) -> None:
        """End the connection, telling why; what waits is not sent any more."""
        if self.ended_with is None:
            self.ended_with = why
            self._wake.set()

    async def run(self, obey: Callable[[Connection, Command], None]) -> None:
        """Serve the tab until it leaves, or is sent away."""
        reading = asyncio.create_task(self._read(obey))
        writing = asyncio.create_task(self._write())
        try:
            ended, _ = await asyncio.wait((reading, writing), return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                if (error := task.exception()) is not None:
                    log.info("a live connection broke", reason=repr(error))
            if self.ended_with is not None:
                reading.cancel()
                writing.cancel()
                await asyncio.wait((reading, writing))
                await self._say_goodbye(self.ended_with)
        finally:
            reading.cancel()
            writing.cancel()
            await asyncio.gather(reading, writing, return_exceptions=True)

    async def _read(self, obey: Callable[[Connection, Command], None]) -> None:
        """Obey what the tab says; what is no command, too long or too much ends the connection."""
        while self.ended_with is None:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return
            self._heard_at = self._monotonic()
            text = message.get("text")
            if text is None or len(text) > LIVE_COMMAND_BYTES_MAX:
                self.close(Closing.TOO_LARGE if text else Closing.MALFORMED)
            elif not self._allow(self.id):
                self.close(Closing.TOO_FAST)
            else:
                try:
                    obey(self, _decode(text))
                except (msgspec.DecodeError, UnicodeError):
                    self.close(Closing.MALFORMED)

    async def _write(self) -> None:
        """Send what waits, and a ping from time to time; a tab that does not answer is dead."""
        ping_at = self._monotonic() + LIVE_PING_SECONDS
        while self.ended_with is None:
            now = self._monotonic()
            if now >= ping_at:
                if now - self._heard_at > LIVE_SILENT_SECONDS_MAX:
                    self.close(Closing.SILENT)
                    return
                ping_at = now + LIVE_PING_SECONDS
                await self._send(PING)
            elif (message := self.waiting.take()) is not None:
                await self._send(message)
            else:
                self._wake.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(ping_at - now):
                        await self._wake.wait()

    async def _send(self, message: bytes) -> None:
        try:
            async with asyncio.timeout(LIVE_SILENT_SECONDS_MAX):
                await self._transmit({"type": "websocket.send", "bytes": None, "text": message.decode()})
        except TimeoutError:
            self.close(Closing.SILENT)
        LIVE_MESSAGES_SENT.inc()

    async def _say_goodbye(self, why: Closing) -> None:
        with contextlib.suppress(Exception):
            async with asyncio.timeout(LIVE_CLOSE_SECONDS_MAX):
                reason = why.name.lower().replace("_", " ")
                await self._transmit({"type": "websocket.close", "code": int(why), "reason": reason})
