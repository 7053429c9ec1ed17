"""A stage for each test, and the service of texts over it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio

from annotary.infra.settings import Settings
from annotary.services.modality import modality_application
from integration.dispatch.work import Work
from integration.gold.stage import Stage


@pytest_asyncio.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    work = await Work.start(database_url)
    made = Stage(work)
    yield made
    await made.process.stop()
    await work.close()


@pytest_asyncio.fixture
async def client(database_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Asks the service of texts, as a process of its own would be asked."""
    settings = Settings(data_dir=tmp_path, database_urls={"text": database_url}, signing_key=b"k" * 32)
    gate = modality_application("text", settings)
    told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    said: asyncio.Queue[Any] = asyncio.Queue()
    living = asyncio.create_task(gate({"type": "lifespan", "state": {}}, told.get, said.put))
    await told.put({"type": "lifespan.startup"})
    assert (await said.get())["type"] == "lifespan.startup.complete"
    yield httpx.AsyncClient(transport=httpx.ASGITransport(app=gate), base_url="http://text")
    await told.put({"type": "lifespan.shutdown"})
    await living
