"""Replies kept under their `Idempotency-Key`, so that a repeated request has one effect."""

from __future__ import annotations

from uuid import UUID

from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.errors import KeyReused

QUERIES = queries.load(__package__)


async def take_key(uow: UnitOfWork, member_id: UUID, key: str, digest: bytes) -> Row | None:
    """Take the key for this request, or return the row of the request that had it before."""
    if await uow.fetchval(QUERIES.take_key, member_id, key, digest):
        return None
    return checked(await uow.fetchrow(QUERIES.kept_reply, member_id, key), key, digest)


async def kept_reply(database: Database, member_id: UUID, key: str) -> Row | None:
    """Return what the request that had this key was answered."""
    return await database.fetchrow(QUERIES.kept_reply, member_id, key)


def checked(kept: Row | None, key: str, digest: bytes) -> Row:
    """Return the kept row when it was made by the same request, else raise."""
    if kept is None or kept["request_hash"] != digest or kept["status"] is None:
        raise KeyReused(
            path="/", found=key, expected="a key that was not used with another request in the last 24 h"
        )
    return kept


async def keep_reply(uow: UnitOfWork, member_id: UUID, key: str, status: int, body: bytes) -> None:
    """Keep the reply with the key, in the transaction of the change."""
    await uow.execute(QUERIES.keep_reply, member_id, key, status, body)


async def forget_keys(database: Database, kept_hours: int, rows_max: int) -> int:
    """Delete keys older than they are kept; returns how many."""
    tag = await database.execute(QUERIES.forget_keys, kept_hours, rows_max)
    return int(tag.rpartition(" ")[2])
