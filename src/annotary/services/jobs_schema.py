"""The queue's tables: procrastinate's schema, in Postgres schema `jobs` of the platform's database."""

from __future__ import annotations

from importlib import resources

import asyncpg

from annotary.infra import queries

LOCK_KEY = 0x616E6E6F6A6F6273
QUERIES = queries.load(__package__, "jobs_schema.sql")


async def migrate_jobs(url: str) -> list[str]:
    """Bring the queue's schema up to the installed procrastinate, in one transaction; returns what was
    applied.

    A new database gets procrastinate's whole schema at once; an older one the migrations it lacks, in their
    order.
    """
    folder = resources.files("procrastinate.sql")
    files = {
        file.name: file for file in folder.joinpath("migrations").iterdir() if file.name.endswith(".sql")
    }
    connection = await asyncpg.connect(url, server_settings={"jit": "off"})
    try:
        async with connection.transaction():
            await connection.execute(QUERIES.lock, LOCK_KEY)
            await connection.execute(QUERIES.create_schema)
            await connection.execute(QUERIES.search_path)
            await connection.execute(QUERIES.create_table)
            known = {row["name"] for row in await connection.fetch(QUERIES.applied)}
            missing = sorted(files.keys() - known)
            if not known:
                await connection.execute(folder.joinpath("schema.sql").read_text(encoding="utf-8"))
            for name in missing if known else []:
                await connection.execute(files[name].read_text(encoding="utf-8"))
            if missing:
                await connection.execute(QUERIES.bind_functions)
                await connection.execute(QUERIES.remember, missing)
            return missing
    finally:
        await connection.close()
