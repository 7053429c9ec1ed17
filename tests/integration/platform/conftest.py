"""The platform's application on a migrated database, and people of every kind to ask it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from annotary.identity.rules import new_token, token_hash
from annotary.infra.settings import SERVICES, Settings
from annotary.kernel.ids import new_id
from annotary.services.first_owner import ensure_first_owner
from annotary.services.jobs_schema import migrate_jobs
from annotary.services.platform import platform_application
from integration.platform.people import People


@pytest.fixture(scope="module")
def settings(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("platform")
    (folder / "assets").mkdir()
    asyncio.run(migrate_jobs(module_database_url))
    return Settings(
        data_dir=folder,
        database_urls=dict.fromkeys(SERVICES, module_database_url),
        signing_key=b"k" * 32,
        asset_roots=(folder / "assets",),
        webhook_private_networks=("127.0.0.1/32",),
    )


@contextlib.asynccontextmanager
async def alive(app: Any) -> AsyncIterator[None]:
    """Keep an application up. One task enters and leaves it, since a fixture's ends are two tasks."""
    ready, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            ready.set()
            await stop.wait()

    living = asyncio.create_task(live())
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({living, waiting}, return_when=asyncio.FIRST_COMPLETED)
    try:
        assert ready.is_set(), await living
        yield
    finally:
        waiting.cancel()
        stop.set()
        await living


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(settings: Settings) -> AsyncIterator[People]:
    """The platform with people of every role, and the owner of another organisation."""
    token = await ensure_first_owner(settings)
    assert token is not None
    gate = platform_application(settings)
    app: Any = gate.app
    # In the test's own loop, so that requests sent at once are served at once.
    transport = httpx.ASGITransport(gate, raise_app_exceptions=False)
    async with alive(app), httpx.AsyncClient(transport=transport, base_url="http://platform") as client:
        people = People(client, app)
        people.tokens["owner"] = token
        me = await people.ask("owner", "GET", "/v1/me", expect=200)
        people.members["owner"] = me["member"]["id"]
        for who, role in (("manager", "manager"), ("reviewer", "reviewer"), ("annotator", "annotator")):
            await people.hire(who, role)
        await people.hire("outsider", "annotator")
        people.tokens["stranger"] = await _other_owner(settings)
        yield people


async def _other_owner(settings: Settings) -> str:
    """Make another organisation with an owner, and return the owner's token."""
    organisation, member, token = new_id(), new_id(), new_token()
    connection = await asyncpg.connect(settings.database_urls["platform"])
    try:
        await connection.execute("SET search_path = platform")
        await connection.execute("INSERT INTO organisations (id, name) VALUES ($1, 'Other')", organisation)
        await connection.execute(
            "INSERT INTO members (id, organisation_id, name, role) VALUES ($1, $2, 'Stranger', 'owner')",
            member,
            organisation,
        )
        await connection.execute(
            "INSERT INTO tokens (id, organisation_id, member_id, name, hash) VALUES ($1, $2, $3, 't', $4)",
            new_id(),
            organisation,
            member,
            token_hash(token.encode()),
        )
    finally:
        await connection.close()
    return token
