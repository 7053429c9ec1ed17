"""Backing up an installation while it runs: each database as of one moment, then the objects it names."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg

import annotary
from annotary.infra import queries
from annotary.infra.embedded.binaries import postgres_program
from annotary.infra.settings import MODALITIES, Settings
from annotary.kernel.errors import Unavailable
from annotary.services.backup_archive import DatabasePart, Manifest, write_archive

# Modalities first: they follow the platform's log, so the platform's dump must not be the older one.
SERVICES_IN_ORDER = (*MODALITIES, "platform")
SCHEMAS = (*SERVICES_IN_ORDER, "jobs")
QUERIES = queries.load("annotary.services", "backup.sql")


class DumpFailed(Unavailable):
    """A program of Postgres ended with an error."""

    code = "dump_failed"


def back_up(settings: Settings, file: Path) -> Manifest:
    """Write a backup of everything into `file`; `settings` have every database's URL (see `reach`)."""
    created_at = datetime.now(UTC).isoformat(timespec="seconds")
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as scratch:
        dumps = Path(scratch) / "databases"
        dumps.mkdir()
        databases = asyncio.run(_dump_all(settings, dumps))
        objects = local_objects(settings)
        manifest = Manifest(
            version=annotary.__version__,
            created_at=created_at,
            databases=databases,
            objects_at=None if objects else settings.objects,
        )
        folders = {
            "databases": dumps,
            "keys": settings.data_dir / "keys",
            "objects": objects or Path(scratch) / "none",
        }
        return write_archive(file, folders, manifest)


def local_objects(settings: Settings) -> Path | None:
    """Return the folder of the objects, or None when they lie in a store elsewhere."""
    parts = urlsplit(settings.objects)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def databases_of(settings: Settings) -> list[tuple[str, list[str]]]:
    """Return each distinct database with the services that use it."""
    services = defaultdict(list)
    for name in SERVICES_IN_ORDER:
        services[settings.database_urls[name]].append(name)
    return list(services.items())


async def _dump_all(settings: Settings, folder: Path) -> list[DatabasePart]:
    parts = []
    for number, (url, services) in enumerate(databases_of(settings)):
        file = folder / f"{number}.dump"
        parts.append(DatabasePart(file=file.name, services=services, counts=await _dump(url, file)))
    return parts


async def _dump(url: str, file: Path) -> dict[str, int]:
    """Dump one database and count its rows, both as of the same moment."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval(QUERIES.export_snapshot)
            schemas = [row["name"] for row in await connection.fetch(QUERIES.schemas, list(SCHEMAS))]
            arguments = [f"--schema={name}" for name in schemas]
            await run_program(
                "pg_dump",
                url,
                *("--format=custom", "--compress=1", "--no-owner", "--no-privileges"),
                *(f"--snapshot={snapshot}", f"--file={file}", *arguments),
            )
            return await count_rows(connection)
    finally:
        await connection.close()


async def count_rows(connection: asyncpg.Connection[asyncpg.Record]) -> dict[str, int]:
    """Return the number of rows of every table of ours in a database."""
    tables = await connection.fetch(QUERIES.table_counts, list(SCHEMAS))
    return {row["name"]: await connection.fetchval(row["statement"]) for row in tables}


async def run_program(name: str, url: str, *arguments: str) -> None:
    """Run a program of Postgres on a database. The password goes by the environment, unseen."""
    parts = urlsplit(url)
    shown = parts._replace(netloc=f"{parts.username}@{parts.hostname}:{parts.port or 5432}").geturl()
    environment = {**os.environ, "PGPASSWORD": unquote(parts.password or "")}
    process = await asyncio.create_subprocess_exec(
        postgres_program(name),
        f"--dbname={shown}",
        *arguments,
        env=environment,
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    _, said = await process.communicate()
    if process.returncode != 0:
        raise DumpFailed(
            f"{name} ended with {process.returncode}: {said.decode(errors='replace').strip()[-2000:]}"
        )
