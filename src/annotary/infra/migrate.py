"""Numbered migrations: brings one schema up to date, once, under an advisory lock."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.resources.abc import Traversable

import asyncpg

from annotary.infra import queries
from annotary.kernel.errors import Conflict

LOCK_KEY = 0x616E6E6F74617279
QUERIES = queries.load("annotary.infra", "migrate.sql")


class ChangedMigration(Conflict):
    """A migration that was already applied reads differently now."""

    code = "changed_migration"


async def migrate(url: str, schema: str, folders: Sequence[Traversable]) -> list[str]:
    """Apply what `schema` lacks of the numbered `*.sql` files of `folders`, and return their names.

    Each file is one transaction. Several processes may call this at once: the others wait, then have nothing
    to do.
    """
    files = sorted(
        (file for folder in folders for file in folder.iterdir() if file.name.endswith(".sql")),
        key=lambda file: file.name,
    )
    connection = await asyncpg.connect(url, server_settings={"jit": "off"})
    try:
        await connection.execute(QUERIES.lock, LOCK_KEY)
        await connection.execute(QUERIES.create_schema.replace("{schema}", _identifier(schema)))
        await connection.execute(QUERIES.search_path, _identifier(schema))
        await connection.execute(QUERIES.create_table)
        applied = {row["name"]: row["hash"] for row in await connection.fetch(QUERIES.applied)}
        return [file.name for file in files if await _apply(connection, file, applied)]
    finally:
        await connection.close()


async def _apply(
    connection: asyncpg.Connection[asyncpg.Record], file: Traversable, applied: dict[str, str]
) -> bool:
    text = file.read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    if file.name in applied:
        if applied[file.name] != digest:
            raise ChangedMigration(
                f"{file.name} was applied to this database with other content. "
                "Put the file back as it was and write the change as a new migration."
            )
        return False
    async with connection.transaction():
        await connection.execute(text)
        await connection.execute(QUERIES.remember, file.name, digest)
    return True


def _identifier(name: str) -> str:
    assert name.isidentifier() and name.islower(), name
    return name
