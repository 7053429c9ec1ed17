"""A courier carries what one webhook wants from one service's log: takes it in, tries what is due, notes.

All of its state is in tables, so that it may be killed at any point. A delivery that is taken falls due again
when its process is lost, and is then sent once more under the same id: at least once, never less.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable

import msgspec
import structlog

from annotary.eventlog.registry import UnknownEventType, cloud_event
from annotary.infra.http import encode
from annotary.infra.postgres import Database, meaning
from annotary.kernel import limits
from annotary.kernel.clock import Clock, system_clock
from annotary.streams.webhooks import rules, rules_signing, store
from annotary.streams.webhooks.service_sending import Sender
from annotary.streams.webhooks.values import Answer, Ended, Signed, Taken, Verdict, Webhook

REST_SECONDS = 0.5
CLOSE_SECONDS = 3.0
log = structlog.get_logger(__name__)


class Tally(msgspec.Struct):
    """What the couriers of a process have done since it began, and how far they are behind."""

    tries: int = 0
    delivered: int = 0
    failed: int = 0
    dead: int = 0
    seconds: float = 0.0
    circuits_open: float = 0.0
    events_behind: float = 0.0
    seconds_behind: float = 0.0


class Courier:
    """One webhook at work. `webhook` is replaced as it changes; `nudge` says that there is work."""

    def __init__(
        self,
        database: Database,
        signing_key: bytes,
        webhook: Webhook,
        sender: Sender,
        tally: Tally,
        *,
        clock: Clock = system_clock,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self.webhook = webhook
        self._database = database
        self._signing_key = signing_key
        self._sender = sender
        self._tally = tally
        self._clock = clock
        self._draw = draw
        self._wake = asyncio.Event()
        self._closing = False
        self._trying: set[asyncio.Task[Ended]] = set()
        self._ended: list[Ended] = []

    def nudge(self) -> None:
        """Say that the log goes on, or that something is due."""
        self._wake.set()

    def close(self) -> None:
        """Begin nothing more; `run` ends soon."""
        self._closing = True
        self._wake.set()

    async def run(self) -> None:
        """Work until closed; what is under way then may end for a moment."""
        try:
            while not self._closing:
                try:
                    await self._turn()
                except Exception as error:
                    if meaning(error) is None:
                        log.exception("courier failed", webhook=str(self.webhook.id))
                    await asyncio.sleep(REST_SECONDS)
            if self._trying:
                await asyncio.wait(self._trying, timeout=CLOSE_SECONDS)
            with contextlib.suppress(Exception):
                await self._note()
        finally:
            for task in self._trying:
                task.cancel()
            await self._sender.close()

    async def _turn(self) -> None:
        self._wake.clear()
        # First, so that what could not be written in a turn before is written before anything else is sent.
        await self._note()
        seen, _ = await store.take_in(self._database, self.webhook.id)
        room = limits.WEBHOOK_TRIES_AT_ONCE_MAX - len(self._trying)
        taken = await store.take(self._database, self.webhook.id, room) if room else []
        self._trying.update(asyncio.create_task(self._try(one)) for one in taken)
        full = len(self._trying) == limits.WEBHOOK_TRIES_AT_ONCE_MAX
        if full or not seen:
            await self._something()

    async def _something(self) -> None:
        """Wait until a try has ended, or until there is something to do."""
        waking = asyncio.create_task(self._wake.wait())
        try:
            await asyncio.wait({waking, *self._trying}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waking.cancel()

    async def _try(self, taken: Taken) -> Ended:
        try:
            message = self._signed(taken)
        except UnknownEventType as error:
            return Ended(taken, Answer(None, 0.0, f"cannot be told: {error}", unsendable=True))
        if message is None:
            return Ended(taken, Answer(None, 0.0, "the log no longer has this event", unsendable=True))
        return Ended(taken, await self._sender.send(self.webhook.url, message))

    def _signed(self, taken: Taken) -> Signed | None:
        if taken.event is None:
            return None
        told, now, webhook = cloud_event(taken.event), self._clock(), self.webhook
        body = encode(told)
        secrets = rules_signing.secrets_now(
            self._signing_key, webhook.id, webhook.secret_number, webhook.former_until, now
        )
        return Signed(body, rules_signing.headers(told["id"], now, body, secrets))

    async def _note(self) -> None:
        """Write what tries came to, and what that says of the receiver."""
        done = {task for task in self._trying if task.done()}
        self._trying -= done
        self._ended += [task.result() for task in done]
        ended = self._ended
        if not ended:
            return
        verdicts: list[Verdict] = []
        async with self._database.transaction() as uow:
            held = await store.hold_circuit(uow, self.webhook.id)
            if held is not None:
                circuit, now = held
                for taken, answer in ended:
                    verdicts.append(rules.verdict(answer, taken.tries, taken.deadline_at, now, self._draw()))
                    circuit = rules.after(circuit, answer, now, probe=taken.probe)
                await store.end_tries(uow, self.webhook.id, ended, verdicts)
                reason = rules.gone_reason(circuit, [answer for _, answer in ended], now)
                await store.move_circuit(uow, self.webhook.id, circuit, reason)
        self._ended = []
        self._count(ended, verdicts)

    def _count(self, ended: list[Ended], verdicts: list[Verdict]) -> None:
        tally = self._tally
        tally.tries += len(ended)
        tally.seconds += sum(one.answer.seconds for one in ended)
        tally.failed += sum(one.answer.wrong is not None for one in ended)
        tally.delivered += sum(one.state == "delivered" for one in verdicts)
        tally.dead += sum(one.state == "dead" for one in verdicts)
