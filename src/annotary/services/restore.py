"""Restoring a backup into an empty data folder (or empty databases), and proving that all of it came back."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import asyncpg

from annotary.infra.settings import MODALITIES, SERVICES, Settings
from annotary.kernel.errors import Conflict
from annotary.services.backup import QUERIES, SCHEMAS, count_rows, databases_of, local_objects, run_program
from annotary.services.backup_archive import BrokenBackup, DatabasePart, Manifest, read_archive
from annotary.services.supervisor_access import reach
from annotary.services.supervisor_folder import Folder


class NotEmpty(Conflict):
    """There is something already where the backup would go."""

    code = "not_empty"


def restore(settings: Settings, file: Path) -> Manifest:
    """Put a backup into the data folder of the settings. When it fails, nothing of it is left."""
    folder = settings.data_dir
    if any((folder / name).exists() for name in ("postgres", "restore.new")) or _has_files(
        folder / "objects"
    ):
        raise NotEmpty(f"{folder} is not empty: restore into a new folder with --data-dir.")
    embeds = not all(settings.database_urls.get(name) for name in SERVICES)
    unpacked = folder / "restore.new"
    Folder(folder).make()
    try:
        manifest = read_archive(file, unpacked)
        with reach(settings, create=True) as reached:
            asyncio.run(_restore_all(reached, manifest, unpacked / "databases"))
        _move(unpacked / "keys", folder / "keys")
        objects = local_objects(settings)
        if objects is not None:
            _move(unpacked / "objects", objects)
    except BaseException:
        if embeds:
            shutil.rmtree(folder / "postgres", ignore_errors=True)
        raise
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return manifest


def _has_files(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _move(source: Path, target: Path) -> None:
    """Move the files of a folder into another one, replacing what has the same name."""
    for path in sorted(source.rglob("*")) if source.is_dir() else []:
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        else:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(path, place)


async def _restore_all(settings: Settings, manifest: Manifest, dumps: Path) -> None:
    """Restore each dump into the database of its services, which may be other ones than they came from."""
    wanted = databases_of(settings)
    if [services for _, services in wanted] != [part.services for part in manifest.databases]:
        raise NotEmpty(
            f"The backup has its services in databases {[part.services for part in manifest.databases]}, "
            f"but the settings have {[services for _, services in wanted]}: set the variables alike."
        )
    for (url, _), part in zip(wanted, manifest.databases, strict=True):
        await _load(url, dumps / part.file)
    await _rebase(settings)
    for (url, _), part in zip(wanted, manifest.databases, strict=True):
        await run_program("pg_restore", url, "--section=post-data", *_strict(), str(dumps / part.file))
        await _verify(url, part)


def _strict() -> tuple[str, ...]:
    return ("--exit-on-error", "--no-owner", "--no-privileges")


async def _load(url: str, dump: Path) -> None:
    connection = await asyncpg.connect(url)
    try:
        present = [row["name"] for row in await connection.fetch(QUERIES.schemas, list(SCHEMAS))]
    finally:
        await connection.close()
    if present:
        raise NotEmpty(
            f"The database already has the schemas {', '.join(present)}: restore into an empty one."
        )
    # Indexes come after the events were given new transaction ids, which are part of their key.
    await run_program("pg_restore", url, "--section=pre-data", "--section=data", *_strict(), str(dump))


async def _rebase(settings: Settings) -> None:
    """Give all events one transaction id of this server, and put the consumers where they stood.

    A consumer that had seen events later than one it had not seen gets them again: it is idempotent.
    """
    connections = {name: await asyncpg.connect(settings.database_urls[name]) for name in SERVICES}
    try:
        for name, connection in connections.items():
            await connection.execute(QUERIES.set_schema, name)
        positions = [
            (connections[service], row, await _place(connections[row["source"]], row))
            for service in SERVICES
            for row in await connections[service].fetch(QUERIES.consumer_positions)
        ]
        now = {name: await _rebase_events(connection) for name, connection in connections.items()}
        for name in MODALITIES:
            await connections[name].execute(QUERIES.rebase_checkpoints, now[name])
        for connection, row, place in positions:
            await connection.execute(
                QUERIES.move_consumer, row["name"], row["source"], now[row["source"]], place
            )
    finally:
        for connection in connections.values():
            await connection.close()


async def _place(source: asyncpg.Connection[asyncpg.Record], row: asyncpg.Record) -> int:
    return int(await source.fetchval(QUERIES.first_unconsumed, row["transaction_id"], row["sequence"]))


async def _rebase_events(connection: asyncpg.Connection[asyncpg.Record]) -> str:
    async with connection.transaction():
        await connection.execute(QUERIES.rebase_events)
        await connection.execute(QUERIES.rebase_runs)
        await connection.execute(QUERIES.leave_used_ids)
        return str(await connection.fetchval(QUERIES.this_transaction))


async def _verify(url: str, part: DatabasePart) -> None:
    connection = await asyncpg.connect(url)
    try:
        found = await count_rows(connection)
    finally:
        await connection.close()
    if found != part.counts:
        differing = {name: (part.counts.get(name), found.get(name)) for name in part.counts | found}
        differing = {name: pair for name, pair in differing.items() if pair[0] != pair[1]}
        raise BrokenBackup(
            f"After restoring, tables differ from the manifest (expected, found): {differing}."
        )
