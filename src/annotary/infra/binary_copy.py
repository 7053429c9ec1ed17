"""Rows in Postgres' binary COPY format (PostgreSQL documentation, COPY, "Binary Format"), built without a
codec a field.

Half the price of handing over tuples, which is what an import of a million rows is made of: the fields that
are the same in all rows are encoded once, and nothing needs escaping.
"""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from annotary.infra.postgres import UnitOfWork

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

length = struct.Struct(">i").pack
NULL = length(-1)
UUID_LENGTH = length(16)
HASH_LENGTH = length(32)


def row_start(fields: int) -> bytes:
    """Return what begins a row of so many fields."""
    return struct.pack(">h", fields)


def uuid_field(value: UUID) -> bytes:
    """Return a `uuid` field."""
    return UUID_LENGTH + value.bytes


def smallint_field(value: int) -> bytes:
    """Return a `smallint` field."""
    return struct.pack(">ih", 2, value)


def bytes_field(value: bytes | None) -> bytes:
    """Return a field of `text`, `json` or `bytea`: its bytes as they are, or NULL."""
    return NULL if value is None else length(len(value)) + value


def real_field(value: float | None) -> bytes:
    """Return a `real` field."""
    return NULL if value is None else struct.pack(">if", 4, value)


def time_field(value: datetime) -> bytes:
    """Return a `timestamptz` field."""
    since = value - EPOCH
    return struct.pack(">iq", 8, (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


async def copy_rows(
    uow: UnitOfWork, table: str, columns: Sequence[str], rows: bytes | Iterable[bytes]
) -> None:
    """Copy encoded rows into a table of the search path; raises what Postgres raises, of the first row it
    refuses.
    """
    body = rows if isinstance(rows, bytes) else b"".join(rows)
    await uow.copy_to_table(table, columns=list(columns), source=_message(body), format="binary")


async def _message(body: bytes) -> AsyncIterator[bytes]:
    """One message of the protocol: each more would be another turn of a loop that has other work."""
    yield b"".join((HEADER, body, TRAILER))
