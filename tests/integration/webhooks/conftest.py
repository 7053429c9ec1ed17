"""A log with webhooks on it, couriers that deliver from it, and a clock that jumps to what is due next."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest_asyncio

from annotary.eventlog import Event, record
from annotary.infra.addresses import Allow, public_or_in
from annotary.infra.postgres import Database
from annotary.kernel.ids import new_id
from annotary.streams.webhooks import rules_signing
from annotary.streams.webhooks.jobs import Couriers
from annotary.streams.webhooks.service_courier import Tally
from annotary.streams.webhooks.service_sending import Sender

KEY = b"k" * 32
LOCAL = public_or_in(["127.0.0.1/32"])
TLS = ssl.create_default_context()


class Stand:
    """The log of text and the platform's tables beside it, in one database."""

    def __init__(self, database: Database, platform: Database) -> None:
        self.database = database
        self.platform = platform
        self.organisation = new_id()
        self.tally = Tally()
        self.allow: Allow = LOCAL
        self.try_seconds_max = 5.0
        self.couriers = self.new_couriers()

    def new_couriers(self, database: Database | None = None) -> Couriers:
        """Return couriers as another process would have them."""
        own = database or self.database
        return Couriers(own, self.platform, KEY, self.sender, self.tally)

    def sender(self) -> Sender:
        return Sender(self.allow, TLS, seconds_max=self.try_seconds_max)

    async def webhook(self, url: str, **more: Any) -> UUID:
        """Add a webhook, on the platform and as the copy that text has of it."""
        row = {"id": new_id(), "organisation_id": self.organisation, "url": url, **more}
        places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        statement = f"INSERT INTO webhooks ({', '.join(row)}, created_at) VALUES ({places}, clock_now())"
        for database in (self.platform, self.database):
            await database.execute(statement, *row.values())
        return UUID(str(row["id"]))

    async def change(self, webhook: UUID, **columns: Any) -> None:
        """Change a webhook in both places, as a new version."""
        settings = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
        for database in (self.platform, self.database):
            await database.execute(
                f"UPDATE webhooks SET version = version + 1, {settings} WHERE id = $1",
                *(webhook, *columns.values()),
            )

    async def tell(self, count: int, type: str = "task.done", **more: Any) -> list[str]:
        """Write events; returns their ids."""
        organisation = more.pop("organisation_id", self.organisation)
        before = await self.database.pool.fetchval("SELECT coalesce(max(sequence), 0) FROM events")
        for start in range(0, count, 1000):
            async with self.database.transaction() as uow:
                await record(
                    uow,
                    *(
                        Event(
                            organisation_id=organisation,
                            type=type,
                            **{"subject_id": new_id(), "data": {"answers": number}, **more},
                        )
                        for number in range(start, min(start + 1000, count))
                    ),
                )
        query = "SELECT sequence FROM events WHERE sequence > $1 ORDER BY sequence"
        return [f"text.{row['sequence']}" for row in await self.database.fetch(query, before)]

    async def until(self, condition: Callable[[], Any], seconds_max: float = 60.0) -> None:
        """Let the couriers work until a condition holds."""
        async with asyncio.timeout(seconds_max):
            while True:
                await self.couriers.look()
                held = condition()
                if await held if isinstance(held, Awaitable) else held:
                    return
                await asyncio.sleep(0.01)

    async def at_rest(self) -> bool:
        """Whether nothing is under way and nothing is due now."""
        look = await self.database.fetch(
            "SELECT 1 FROM webhook_deliveries d JOIN webhook_couriers l USING (webhook_id)"
            " JOIN webhooks w ON w.id = l.webhook_id"
            " WHERE d.state = 'waiting' AND d.due_at <= clock_now() AND w.state = 'active'"
            " AND (l.open_until IS NULL OR l.open_until <= clock_now()) AND l.gone_reason IS NULL"
            " UNION ALL SELECT 1 FROM webhook_couriers l JOIN webhooks w ON w.id = l.webhook_id,"
            " (SELECT transaction_id, sequence FROM events ORDER BY 1 DESC, 2 DESC LIMIT 1) AS e"
            " WHERE w.state = 'active' AND l.gone_reason IS NULL"
            " AND (e.transaction_id, e.sequence) > (l.transaction_id, l.sequence)"
            " AND (SELECT count(*) FROM webhook_deliveries d WHERE d.webhook_id = l.webhook_id"
            " AND d.state = 'waiting') < 2000"
            " UNION ALL SELECT 1 FROM webhooks w WHERE w.state = 'active'"
            " AND w.id NOT IN (SELECT webhook_id FROM webhook_couriers)"
        )
        # Asked after the tables: what was taken from them meanwhile is under way.
        couriers = self.couriers._open.values()
        idle = (one._wake._waiters and not one._trying and not one._ended for one in couriers)
        return not look and all(idle)

    async def pass_time(self, seconds: float) -> None:
        """Set the database's clock on."""
        for database in (self.database, self.platform):
            await database.execute(
                "INSERT INTO clock_steps (step) VALUES (make_interval(secs => $1))"
                " ON CONFLICT (singleton) DO UPDATE SET step = clock_steps.step + excluded.step",
                seconds,
            )

    async def to_the_end(self, seconds_max: float = 100.0) -> None:
        """Work, jumping to what is due next, until nothing waits."""
        async with asyncio.timeout(seconds_max):
            while True:
                await self.until(self.at_rest)
                next_seconds = await self.database.pool.fetchval(
                    "SELECT extract(epoch FROM min(greatest(d.due_at, l.open_until)) - clock_now())::float8"
                    " FROM webhook_deliveries d JOIN webhook_couriers l USING (webhook_id)"
                    " WHERE d.state = 'waiting'"
                )
                if next_seconds is None:
                    return
                await self.pass_time(max(next_seconds, 0.0) + 0.001)
                await self.couriers.sweep()

    async def deliveries(self, webhook: UUID) -> dict[str, Any]:
        rows = await self.database.fetch("SELECT * FROM webhook_deliveries WHERE webhook_id = $1", webhook)
        return {f"text.{row['sequence']}": row for row in rows}

    async def courier(self, webhook: UUID) -> Any:
        return await self.database.fetchrow("SELECT * FROM webhook_couriers WHERE webhook_id = $1", webhook)

    @staticmethod
    def secret(webhook: UUID, number: int = 1) -> str:
        return rules_signing.secret(KEY, webhook, number)


@pytest_asyncio.fixture
async def stand(database_url: str, connect: Callable[..., Awaitable[Database]]) -> AsyncIterator[Stand]:
    made = Stand(await connect(database_url, "text"), await connect(database_url, "platform"))
    yield made
    await made.couriers.close()
