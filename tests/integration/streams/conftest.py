"""Services on the test's own loop, so that one request can wait while the test goes on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest_asyncio

from annotary.infra.settings import SERVICES, Settings
from annotary.services.run import application_of


@pytest_asyncio.fixture
async def make_client(
    database_url: str, tmp_path: Path
) -> AsyncIterator[Callable[..., Awaitable[httpx.AsyncClient]]]:
    """`await make_client("text")` talks to the service of text through its gate, over the test's database.

    With `tracer=` its requests are traced.
    """
    urls = dict.fromkeys(SERVICES, database_url)
    settings = Settings(data_dir=tmp_path, database_urls=urls, signing_key=b"k" * 32)
    async with contextlib.AsyncExitStack() as opened:

        async def make(service: str, tracer: Any = None) -> httpx.AsyncClient:
            gate = application_of(service, settings)
            gate.tracer = tracer
            framework: Any = gate
            while not hasattr(framework, "lifespan"):
                framework = framework.app
            await opened.enter_async_context(_running(framework))
            transport = httpx.ASGITransport(cast(Any, gate))
            return await opened.enter_async_context(
                httpx.AsyncClient(transport=transport, base_url="http://service")
            )

        yield make


@contextlib.asynccontextmanager
async def _running(framework: Any) -> AsyncIterator[None]:
    """Run an application's lifespan in a task of its own: it has to end in the task that it began in."""
    ready, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with framework.lifespan():
            ready.set()
            await stop.wait()

    living = asyncio.create_task(live())
    await asyncio.wait({living, asyncio.create_task(ready.wait())}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield
    finally:
        stop.set()
        await living
