"""A tab that is slow, silent, rude or gone: its connection ends in order, and holds nobody up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import msgspec
import pytest

from annotary.identity.values import Caller, Role
from annotary.kernel.ids import new_id
from annotary.kernel.limits import LIVE_MESSAGES_WAITING_MAX
from annotary.live.service_connection import Connection
from annotary.live.values import Closing, Pong, Subscribe, Unsubscribe

PING_SECONDS, SILENT_SECONDS = 15.0, 45.0


class Browser:
    """The other end: says what it is told to, and reads only while it is `open`."""

    def __init__(self) -> None:
        self.now = 0.0
        self.heard: list[dict[str, Any]] = []
        self.obeyed: list[Any] = []
        self.allowed = True
        self.reads = asyncio.Event()
        self.reads.set()
        self.stuck = asyncio.Event()
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._news = asyncio.Event()

    async def receive(self) -> Any:
        return await self._said.get()

    async def send(self, message: Any) -> None:
        if not self.reads.is_set():
            self.stuck.set()
        await self.reads.wait()
        self.heard.append(message)
        self._news.set()

    def say(self, **message: Any) -> None:
        self._said.put_nowait({"type": "websocket.receive", **message})

    def leave(self) -> None:
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1001})

    async def until(self, wanted: Any) -> Any:
        """Wait until something that was sent is wanted; returns what it is wanted for."""
        async with asyncio.timeout(240):
            while not (found := next(filter(None, map(wanted, self.heard)), None)):
                self._news.clear()
                await self._news.wait()
        return found

    def messages(self, kind: str) -> list[dict[str, Any]]:
        found = [msgspec.json.decode(one["text"]) for one in self.heard if "text" in one]
        return [one for one in found if one["type"] == kind]


def sent(kind: str) -> Any:
    return lambda one: one if f'"type":"{kind}"' in one.get("text", "") else None


def closing(one: dict[str, Any]) -> int | None:
    return one.get("code")


@contextlib.asynccontextmanager
async def connected() -> AsyncIterator[tuple[Browser, Connection, asyncio.Task[None]]]:
    browser = Browser()
    who = Caller(new_id(), new_id(), Role.ANNOTATOR, "Ada", {})

    async def check() -> Caller:
        return who

    def allow(_: UUID) -> bool:
        return browser.allowed

    connection = Connection(
        browser.receive, browser.send, who, check=check, allow=allow, monotonic=lambda: browser.now
    )
    running = asyncio.create_task(connection.run(lambda _, command: browser.obeyed.append(command)))
    try:
        await browser.until(sent("hello"))
        yield browser, connection, running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_commands_are_obeyed_in_order() -> None:
    async with connected() as (browser, _, running):
        browser.say(text='{"type":"subscribe","topic":"me","since":"x"}')
        browser.say(text='{"type":"unsubscribe","topic":"me"}')
        browser.say(text='{"type":"pong"}')
        browser.leave()
        await running
        assert browser.obeyed == [Subscribe("me", "x"), Unsubscribe("me"), Pong()]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"bytes": b"x"}, Closing.MALFORMED),
        ({"text": "{"}, Closing.MALFORMED),
        ({"text": '{"type":"sing"}'}, Closing.MALFORMED),
        ({"text": '{"type":"subscribe","topic":7}'}, Closing.MALFORMED),
        ({"text": '{"type":"subscribe","topic":"' + "x" * 65 + '"}'}, Closing.MALFORMED),
        ({"text": '{"type":"pong"}' + " " * 1024}, Closing.TOO_LARGE),
    ],
)
async def test_what_is_no_command_ends_the_connection(said: dict[str, Any], code: Closing) -> None:
    async with connected() as (browser, connection, running):
        browser.say(**said)
        assert await browser.until(closing) == code and connection.ended_with == code
        await running
        assert browser.obeyed == []


async def test_too_many_commands_end_it() -> None:
    async with connected() as (browser, _, _):
        browser.allowed = False
        browser.say(text='{"type":"pong"}')
        assert await browser.until(closing) == Closing.TOO_FAST


async def test_a_slow_tab_loses_the_oldest_and_is_told() -> None:
    async with connected() as (browser, connection, _):
        browser.reads.clear()
        for number in range(LIVE_MESSAGES_WAITING_MAX + 10):
            connection.put("me", msgspec.json.encode({"type": "notice", "number": number}))
            if number == 0:
                await browser.stuck.wait()
            connection.put("project", msgspec.json.encode({"type": "state", "number": number}), replaces=True)
        assert len(connection.waiting) <= LIVE_MESSAGES_WAITING_MAX + 2
        browser.reads.set()
        last = LIVE_MESSAGES_WAITING_MAX + 9
        await browser.until(lambda one: f'"number":{last}' in one.get("text", ""))
        await browser.until(lambda one: '"type":"state"' in one.get("text", ""))
        assert browser.messages("gap") == [{"type": "gap", "topic": "me"}]
        numbers = [one["number"] for one in browser.messages("notice")]
        assert numbers[0] == 0 and numbers[1] > 1 and numbers[1:] == list(range(numbers[1], last + 1))
        assert [one["number"] for one in browser.messages("state")] == [last]


async def test_a_tab_that_answers_no_ping_is_dead() -> None:
    async with connected() as (browser, connection, _):
        browser.now = PING_SECONDS
        connection.put("x", b'{"type":"x"}')
        await browser.until(sent("ping"))
        browser.say(text='{"type":"pong"}')
        async with asyncio.timeout(240):
            while not browser.obeyed:
                await asyncio.sleep(0)
        browser.now = PING_SECONDS + SILENT_SECONDS
        connection.put("x", b'{"type":"y"}')
        await browser.until(sent("y"))
        assert len(browser.messages("ping")) == 2, "it was heard of 45 seconds ago: not yet silent"
        browser.now += PING_SECONDS
        connection.put("x", b'{"type":"z"}')
        assert await browser.until(closing) == Closing.SILENT


async def test_who_is_sent_away_while_stuck_does_not_hold_the_service() -> None:
    async with connected() as (browser, connection, running):
        browser.reads.clear()
        connection.put("me", b'{"type":"x"}')
        await browser.stuck.wait()
        connection.close(Closing.UNAUTHENTICATED)
        browser.leave()
        async with asyncio.timeout(240):
            await running
        assert browser.messages("x") == []
