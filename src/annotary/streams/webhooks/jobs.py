"""Webhooks in the background: a courier for each active one, told as soon as there is something to do."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import Callable
from uuid import UUID

import httpx
import structlog

from annotary.infra.addresses import public_or_in
from annotary.infra.postgres import Database, meaning
from annotary.infra.settings import Settings
from annotary.kernel import limits
from annotary.streams.webhooks import service, store
from annotary.streams.webhooks.service_courier import Courier, Tally
from annotary.streams.webhooks.service_sending import Sender
from annotary.streams.webhooks.store import Looked
from annotary.streams.webhooks.values import Webhook

log = structlog.get_logger(__name__)
MakeSender = Callable[[], Sender]


class Couriers:
    """The couriers of one process over one service's log. `platform` has the rows that are the truth."""

    def __init__(
        self,
        database: Database,
        platform: Database,
        signing_key: bytes,
        make_sender: MakeSender,
        tally: Tally,
    ) -> None:
        self._database = database
        self._platform = platform
        self._signing_key = signing_key
        self._make_sender = make_sender
        self._tally = tally
        self._open: dict[UUID, Courier] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def look(self) -> bool:
        """Open and close couriers as webhooks come and go, nudge those with work; says if there are any."""
        found = {one.webhook.id: one for one in await store.look(self._database)}
        for webhook_id in self._open.keys() - found.keys():
            self._open.pop(webhook_id).close()
        for one in found.values():
            await self._keep(one)
        return bool(found)

    async def sweep(self) -> None:
        """Bury and forget what is due for that, and see how far the couriers are behind."""
        await store.bury(self._database)
        while await store.trim(self._database, limits.SWEEP_ROWS_MAX) == limits.SWEEP_ROWS_MAX:
            pass
        lags = await store.lags(self._database)
        tally = self._tally
        tally.events_behind, tally.seconds_behind, tally.circuits_open = lags

    async def close(self) -> None:
        """Let what is under way end for a moment, and stop."""
        for courier in self._open.values():
            courier.close()
        if self._running:
            await asyncio.wait(self._running)

    async def _keep(self, one: Looked) -> None:
        webhook = one.webhook
        if one.courier_version is None:
            await store.add_courier(self._database, webhook, one.created_at)
        elif one.courier_version < webhook.version:
            await store.begin_anew(self._database, webhook)
        elif one.gone_reason is not None:
            async with self._platform.transaction() as uow:
                await service.disable(uow, webhook.id, webhook.version, one.gone_reason)
        courier = self._open.get(webhook.id)
        if courier is None:
            self._open[webhook.id] = self._begin(webhook)
        else:
            courier.webhook = webhook
            if one.log or one.due:
                courier.nudge()

    def _begin(self, webhook: Webhook) -> Courier:
        courier = Courier(self._database, self._signing_key, webhook, self._make_sender(), self._tally)
        task = asyncio.create_task(courier.run())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return courier


async def deliver_webhooks(
    database: Database, platform: Database, settings: Settings, tally: Tally, stop: asyncio.Event
) -> None:
    """Deliver from one service's log until `stop`; a database that is away is waited for."""
    allow = public_or_in(settings.webhook_private_networks)
    tls: ssl.SSLContext | None = None

    def make_sender() -> Sender:
        nonlocal tls
        # Made once, and only where there is a webhook: reading the certificates takes a while.
        tls = tls or httpx.create_ssl_context(trust_env=False)
        return Sender(allow, tls)

    couriers = Couriers(database, platform, settings.signing_key, make_sender, tally)
    swept_at, there = 0.0, False
    try:
        while not stop.is_set():
            try:
                there = await couriers.look()
                if time.monotonic() > swept_at + limits.WEBHOOK_SWEEP_SECONDS:
                    swept_at = time.monotonic()
                    await couriers.sweep()
            except Exception as error:
                if meaning(error) is None:
                    log.exception("webhooks failed")
            pause = limits.WEBHOOK_LOOK_SECONDS if there else limits.WEBHOOK_LOOK_IDLE_SECONDS
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
    finally:
        await couriers.close()
