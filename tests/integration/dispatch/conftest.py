"""The text service over its application, and clients with tokens."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest_asyncio

from annotary.infra.direct import DirectRoutes
from annotary.infra.settings import Settings
from annotary.kernel.ids import format_id, new_id
from annotary.services.modality import modality_application
from integration.dispatch.work import ORGANISATION, Work


class Service:
    """The text service, a project, and clients with tokens."""

    def __init__(self, app: Any, work: Work) -> None:
        self.app, self.work = app, work
        self.newest_member = new_id()
        self.project = format_id("project", work.project)

    async def client(self, role: str = "annotator", on_project: bool = True) -> httpx.AsyncClient:
        """Return the client of a new member."""
        member = self.newest_member = new_id()
        token = "ann_" + uuid.uuid4().hex + "01234567890"
        await self.work.database.execute(
            "INSERT INTO members (id, organisation_id, name, role) VALUES ($1, $2, 'm', $3)",
            member,
            ORGANISATION,
            role,
        )
        await self.work.database.execute(
            "INSERT INTO tokens (id, organisation_id, member_id, name, hash) VALUES ($1, $2, $3, 't', $4)",
            new_id(),
            ORGANISATION,
            member,
            hashlib.sha256(token.encode()).digest(),
        )
        if on_project:
            await self.work.database.execute(
                "INSERT INTO project_members (project_id, member_id, organisation_id, role)"
                " VALUES ($1, $2, $3, 'annotator')",
                self.work.project,
                member,
                ORGANISATION,
            )
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app),
            base_url="http://text/v1/text",
            headers={"authorization": f"Bearer {token}"},
        )


@pytest_asyncio.fixture
async def service(database_url: str, tmp_path: Path) -> AsyncIterator[Service]:
    gate = modality_application(
        "text", Settings(data_dir=tmp_path, database_urls={"text": database_url}, signing_key=b"k" * 32)
    )
    work = await Work.start(database_url)
    await work.database.execute(
        "INSERT INTO organisations (id, name) VALUES ($1, 'o') ON CONFLICT DO NOTHING", ORGANISATION
    )
    framework = cast(DirectRoutes, gate.app).app
    running = asyncio.create_task(_live(framework, started := asyncio.Event(), stop := asyncio.Event()))
    waiting = asyncio.create_task(started.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    assert not running.done(), running.exception()
    yield Service(gate, work)
    stop.set()
    await running
    await work.close()


async def _live(app: Any, started: asyncio.Event, stop: asyncio.Event) -> None:
    """Hold the application's life in one task, as its server does."""
    async with app.lifespan():
        started.set()
        await stop.wait()
