"""Postgres: a pool bound to one service's schema, transactions, and what its errors mean to us."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from annotary.kernel.errors import AnnotaryError, Invalid, StorageFull, Unavailable

if TYPE_CHECKING:
    UnitOfWork = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:
    UnitOfWork = asyncpg.Connection
Row = asyncpg.Record

COMMAND_TIMEOUT_SECONDS = 60.0
ACQUIRE_TIMEOUT_SECONDS = 10.0

_UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    # What asyncpg raises on a connection whose server has just said goodbye: nothing was sent.
    asyncpg.InternalClientError,
    ConnectionError,
    TimeoutError,
)


def meaning(error: BaseException) -> AnnotaryError | None:
    """Return what a failure of the database means to a caller, or None when it is a fault of ours."""
    if isinstance(error, asyncpg.DiskFullError):
        return StorageFull()
    if isinstance(error, _UNAVAILABLE) and not _does_not_fit(error):
        return Unavailable("The database does not answer now. Nothing was stored: try again.")
    return None


def unstorable(error: BaseException) -> Invalid | None:
    """Say whether somebody's text or number was one that Postgres has no place for."""
    if isinstance(error, asyncpg.CharacterNotInRepertoireError | asyncpg.UntranslatableCharacterError):
        return Invalid(path="/", found="a zero character in a text", expected="text without one")
    if isinstance(error, UnicodeEncodeError) or "surrogates not allowed" in str(error):
        return Invalid(path="/", found="half of a surrogate pair in a text", expected="text in Unicode")
    if isinstance(error, asyncpg.DataError):
        return Invalid(path="/", found="a value that is out of range", expected="one that can be stored")
    return None


def _does_not_fit(error: BaseException) -> bool:
    """Say whether arguments did not fit the query: asyncpg has one class for that and lost connections."""
    return isinstance(error, asyncpg.InterfaceError) and (
        isinstance(error, ValueError) or "expects" in str(error)
    )


class _Session(asyncpg.Connection):
    """A connection of a pool. Nothing changes its session, so giving it back costs no statement."""

    def get_reset_query(self) -> str:
        return ""


class Database:
    """A pool of connections whose search path is one service's schema."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record], schema: str) -> None:
        self.pool = pool
        self.schema = schema

    @classmethod
    async def connect(
        cls,
        url: str,
        schema: str,
        *,
        connections_max: int,
        connections_min: int = 1,
        settings: Mapping[str, str] | None = None,
        begin: Callable[[Any], Coroutine[Any, Any, None]] | None = None,
    ) -> Database:
        """Open the pool. `url` is libpq's; `schema` must exist; `settings` are Postgres' own; `begin` is
        called with each new connection.
        """
        pool = await asyncpg.create_pool(
            url,
            min_size=connections_min,
            max_size=connections_max,
            connection_class=_Session,
            command_timeout=COMMAND_TIMEOUT_SECONDS,
            timeout=ACQUIRE_TIMEOUT_SECONDS,
            init=begin,
            server_settings={
                "search_path": schema,
                "application_name": f"annotary-{schema}",
                "jit": "off",
                **(settings or {}),
            },
        )
        return cls(pool, schema)

    async def close(self) -> None:
        """Close every connection, waiting for those in use for a short time only."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.pool.close(), timeout=5.0)
            return
        self.pool.terminate()

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[UnitOfWork]:
        """Yield a connection in a transaction: it commits when the block ends, rolls back when it raises."""
        async with self.pool.acquire(timeout=ACQUIRE_TIMEOUT_SECONDS) as connection, connection.transaction():
            yield connection

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[UnitOfWork]:
        """Yield a connection without a transaction, for single statements."""
        async with self.pool.acquire(timeout=ACQUIRE_TIMEOUT_SECONDS) as connection:
            yield connection

    async def listen(self, channel: str, heard: Callable[[], None]) -> None:
        """Call `heard` at once, since something may have been missed, and at every notification.

        Returns when the server ends the connection: call it again then.
        """
        closed = asyncio.Event()

        def tell(*_: Any) -> None:
            heard()

        def end(*_: Any) -> None:
            closed.set()

        async with self.connection() as connection:
            connection.add_termination_listener(end)
            await connection.add_listener(channel, tell)
            try:
                heard()
                await closed.wait()
            finally:
                connection.remove_termination_listener(end)
                if not connection.is_closed():
                    await connection.remove_listener(channel, tell)

    async def fetch(self, query: str, *arguments: Any) -> list[Row]:
        """Run one statement and return its rows."""
        return await self.pool.fetch(query, *arguments)

    async def fetchrow(self, query: str, *arguments: Any) -> Row | None:
        """Run one statement and return its first row."""
        return await self.pool.fetchrow(query, *arguments)

    async def execute(self, query: str, *arguments: Any) -> str:
        """Run one statement and return its command tag."""
        return str(await self.pool.execute(query, *arguments))
