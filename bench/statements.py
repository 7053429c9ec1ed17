"""What Postgres is asked: statements counted by pg_stat_statements, and tidying up before a measurement."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import asyncpg

T = TypeVar("T")


@contextlib.contextmanager
def counted(url: str) -> Iterator[dict[str, int]]:
    """Count the statements of the block; the dictionary is filled at its end: calls by statement."""
    counts: dict[str, int] = {}
    ask(url, lambda connection: _track(connection, "top"))
    try:
        yield counts
    finally:
        rows = ask(url, lambda connection: connection.fetch("SELECT query, calls FROM pg_stat_statements"))
        ask(url, lambda connection: _track(connection, "none"))
        for row in rows:
            if "pg_stat_statements" in row["query"]:
                continue
            counts[row["query"]] = counts.get(row["query"], 0) + row["calls"]


def per_call(counts: dict[str, int], calls: int) -> float:
    """Return how many statements one call took, beginning and ending of transactions apart."""
    return sum(counts.values()) / calls


def vacuum(url: str) -> None:
    """Do now what autovacuum would do in the middle of a measurement."""
    ask(url, lambda connection: connection.execute("VACUUM (ANALYZE)", timeout=600))


async def _track(connection: Any, what: str) -> None:
    await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    await connection.execute(f"ALTER SYSTEM SET pg_stat_statements.track = '{what}'")
    await connection.execute("ALTER SYSTEM SET pg_stat_statements.track_utility = 'off'")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.execute("SELECT pg_stat_statements_reset()")


def ask(url: str, question: Callable[[Any], Awaitable[T]]) -> T:
    """Ask Postgres something over a connection of its own."""

    async def run() -> T:
        connection = await asyncpg.connect(url)
        try:
            return await question(connection)
        finally:
            await connection.close()

    return asyncio.run(run())
