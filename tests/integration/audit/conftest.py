"""A log with a chain over it, as services and their appenders leave it, and what verifies it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest
import pytest_asyncio

from annotary.audit.service import verify
from annotary.audit.store import records
from annotary.audit.values import Report
from annotary.eventlog import record
from annotary.eventlog.chain.jobs import finish
from annotary.eventlog.chain.service_keys import SigningKey, key_file, signing_key
from annotary.infra.idempotency import QUERIES as INFRA
from annotary.infra.objects import Objects, open_objects
from annotary.infra.postgres import Database
from annotary.infra.settings import SERVICES, Settings
from annotary.kernel.ids import new_id
from integration.facts import fact_about

TRACEPARENT = f"00-{'1a' * 16}-{'2b' * 8}-01"
Connect = Callable[..., Awaitable[Database]]


class Log(NamedTuple):
    """One database with the logs of all services, a key, and a place where heads are published."""

    settings: Settings
    text: Database
    platform: Database
    objects: Objects
    key: SigningKey
    organisations: tuple[UUID, UUID]

    async def write(self, count: int, database: Database | None = None) -> None:
        """Write facts of both organisations, a few to a transaction, every other one of which is traced."""
        for start in range(0, count, 3):
            facts = [
                fact_about(
                    self.organisations[number % 2],
                    "task.claimed" if number % 3 else "task.done",
                    new_id(),
                    by=new_id() if number % 4 else None,
                )
                for number in range(start, min(count, start + 3))
            ]
            async with (database or self.text).transaction() as uow:
                if start % 2:
                    await uow.execute(INFRA.note_trace, TRACEPARENT)
                await record(uow, *facts)

    async def chain(self) -> None:
        """Append, seal and publish what there is."""
        await finish(self.text, self.platform, self.objects, self.key)
        await finish(self.platform, self.platform, self.objects, self.key)

    async def verify(self, *trusted: bytes) -> Report:
        """Return what verification says."""
        return await verify(records(self.settings, self.objects, ("platform", "text")), trusted)


@pytest.fixture
def database_url(make_database: Callable[[], str]) -> str:
    """A fresh migrated database: not held against the registry, since it is tampered with."""
    return make_database()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, database_urls=dict.fromkeys(SERVICES, database_url))


@pytest_asyncio.fixture
async def log(settings: Settings, connect: Connect) -> Log:
    url = settings.database_urls["text"]
    return Log(
        settings,
        await connect(url, "text"),
        await connect(url, "platform"),
        open_objects(settings),
        signing_key(key_file(settings.data_dir, {})),
        (new_id(), new_id()),
    )
