"""A stage for each test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest_asyncio

from annotary.infra.postgres import Database
from integration.migration.stage import Stage, made


@pytest_asyncio.fixture
async def stage(
    make_seed: Callable[[str], Awaitable[Any]],
    make_client: Callable[[str], Awaitable[Any]],
    connect: Callable[..., Awaitable[Database]],
    database_url: str,
    tmp_path: Path,
) -> Stage:
    return await made(await make_seed("text"), connect, database_url, tmp_path, await make_client("text"))
