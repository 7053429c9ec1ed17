"""A Postgres for the test session, and fresh migrated databases copied from a template."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import settings

from annotary.infra.embedded.postgres import EmbeddedPostgres
from annotary.infra.settings import SERVICES

if TYPE_CHECKING:
    from annotary.infra.postgres import Database

TEMPLATE = "annotary_template"
# Speed of tests; the durability tests start their own server, with fsync on.
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "200"}

# Installations of tests begin empty: most count what is there. Those of the starter projects ask for them.
os.environ.setdefault("ANNOTARY_STARTER", "no")

# How long an example takes says more of the machine than of the code.
settings.register_profile("annotary", deadline=None)
settings.load_profile("annotary")

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty database of a server that lives as long as the test session."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), FAST)
    with server.running() as url:
        yield url


@pytest.fixture(scope="session")
def template_url(postgres_url: str) -> str:
    """The URL of a database with every service's schema, to copy others from: leave it unconnected."""
    from annotary.services.schema import migrate_service

    async def make() -> None:
        await _execute(postgres_url, f"CREATE DATABASE {TEMPLATE}")
        for service in SERVICES:
            await migrate_service(database_of(postgres_url, TEMPLATE), service)

    asyncio.run(make())
    return database_of(postgres_url, TEMPLATE)


@pytest.fixture(scope="session")
def make_database(postgres_url: str, template_url: str) -> Callable[[], str]:
    """Make a fresh migrated database (about 30 ms) and return its URL."""

    def make() -> str:
        name = f"test_{next(_numbers)}"
        asyncio.run(_execute(postgres_url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY"))
        return database_of(postgres_url, name)

    return make


@pytest.fixture
def database_url(make_database: Callable[[], str], postgres_url: str) -> Iterator[str]:
    """A fresh migrated database for one test."""
    url = make_database()
    yield url
    asyncio.run(_drop(postgres_url, url))


@pytest.fixture(scope="module")
def module_database_url(make_database: Callable[[], str], postgres_url: str) -> Iterator[str]:
    """A migrated database that the tests of one module share."""
    url = make_database()
    yield url
    asyncio.run(_drop(postgres_url, url))


@pytest_asyncio.fixture
async def connect() -> AsyncIterator[Callable[..., Awaitable[Database]]]:
    """Opens pools; `await connect(database_url, 'text')` is one on the schema of text."""
    from annotary.infra.postgres import Database

    opened: list[Database] = []

    async def open_pool(url: str, schema: str, connections_max: int = 8) -> Database:
        database = await Database.connect(url, schema, connections_max=connections_max)
        opened.append(database)
        return database

    yield open_pool
    for database in opened:
        await database.close()


def database_of(url: str, name: str) -> str:
    """Return the URL of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _drop(server_url: str, url: str) -> None:
    await _execute(server_url, f"DROP DATABASE IF EXISTS {urlsplit(url).path[1:]} WITH (FORCE)")
