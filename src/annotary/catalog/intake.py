"""Items in by the chunk: COPY first, look up what is there only when a key was taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg
import msgspec
from blake3 import blake3

from annotary import eventlog
from annotary.eventlog import Event
from annotary.infra import binary_copy, queries
from annotary.infra.postgres import UnitOfWork
from annotary.kernel.errors import Unavailable
from annotary.kernel.ids import format_id
from annotary.kernel.limits import COPY_ATTEMPTS_MAX

QUERIES = queries.load(__package__, "intake.sql")
COLUMNS = (
    "id",
    "organisation_id",
    "dataset_id",
    "unique_id",
    "payload",
    "metadata",
    "content_hash",
    "created_at",
)


class NewItem(msgspec.Struct, frozen=True, gc=False):
    """An item on its way in: the 16 bytes of its id, its canonical payload and the BLAKE3 hash of that."""

    id: bytes
    unique_id: str
    payload: bytes
    metadata: bytes | None
    content_hash: bytes


class Known(NamedTuple):
    """An item of this business key that is there already."""

    id: bytes
    content_hash: bytes
    deleted: bool = False


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """Where items go, and on whose behalf."""

    organisation_id: UUID
    dataset_id: UUID
    actor_id: UUID | None
    job_id: UUID


class Intake(NamedTuple):
    """What became of each item of a chunk, by position: its id (None: refused, for the reason given).

    `existing` were in the dataset with the same content, `repeated` say again what an earlier one of the
    chunk says.
    """

    ids: list[bytes | None]
    refused: dict[int, str]
    existing: set[int]
    repeated: set[int]


async def take_in(
    uow: UnitOfWork, to: Destination, items: Sequence[NewItem], now: datetime, *, number: int
) -> Intake:
    """Copy a chunk of items into a dataset and record one event for it.

    An item whose `unique_id` the dataset has with the same content is not copied again; with other content it
    is refused. An item with the very id that is there came in with an earlier run of the same job, and counts
    as new.
    """
    known: dict[str, Known] = {}
    for _ in range(COPY_ATTEMPTS_MAX):
        verdict = judge(items, known)
        fresh = [item for item, kept in zip(items, verdict.ids, strict=True) if kept is item.id]
        try:
            async with uow.transaction():
                await binary_copy.copy_rows(uow, "items", COLUMNS, encode_items(to, fresh, now))
        except asyncpg.UniqueViolationError:
            known = await _look_up(uow, to.dataset_id, items)
            continue
        await _tell(uow, to, fresh, number)
        return verdict
    raise Unavailable("Others keep adding the same items: this chunk is tried again.")


def judge(items: Sequence[NewItem], known: Mapping[str, Known]) -> Intake:
    """Decide for each item whether it is new, there already, said twice, or contradicts what is there.

    Of a new item `ids` holds the very object `item.id`.
    """
    verdict = Intake([], {}, set(), set())
    first: dict[str, NewItem] = {}
    for position, item in enumerate(items):
        there: Known | NewItem = known.get(item.unique_id) or first.setdefault(item.unique_id, item)
        verdict.ids.append(there.id)
        if there is item or there.id == item.id:
            continue
        if there.content_hash != item.content_hash or (isinstance(there, Known) and there.deleted):
            verdict.ids[position] = None
            verdict.refused[position] = _reason(item, there)
        else:
            (verdict.existing if isinstance(there, Known) else verdict.repeated).add(position)
    return verdict


def encode_items(to: Destination, items: Sequence[NewItem], now: datetime) -> bytes:
    """Return items as binary COPY rows."""
    length, start = binary_copy.length, binary_copy.row_start(len(COLUMNS)) + binary_copy.UUID_LENGTH
    place = binary_copy.uuid_field(to.organisation_id) + binary_copy.uuid_field(to.dataset_id)
    end = binary_copy.time_field(now)
    null, hash_length = binary_copy.NULL, binary_copy.HASH_LENGTH
    parts: list[bytes] = []
    for item in items:
        key, payload, metadata = item.unique_id.encode(), item.payload, item.metadata
        about = null if metadata is None else length(len(metadata)) + metadata
        parts += (start, item.id, place, length(len(key)), key, length(len(payload)), payload)
        parts += (about, hash_length, item.content_hash, end)
    return b"".join(parts)


def _reason(item: NewItem, there: Known | NewItem) -> str:
    name = format_id("item", UUID(bytes=there.id))
    if isinstance(there, Known) and there.deleted:
        return f"found {item.unique_id!r}, which was {name} and is deleted; use another unique_id."
    return f"found {item.unique_id!r}, which is {name} with other content; use another unique_id."


async def _look_up(uow: UnitOfWork, dataset_id: UUID, items: Sequence[NewItem]) -> dict[str, Known]:
    rows = await uow.fetch(QUERIES.items_by_unique_id, dataset_id, [item.unique_id for item in items])
    return {row["unique_id"]: Known(row["id"].bytes, row["content_hash"], row["deleted"]) for row in rows}


async def _tell(uow: UnitOfWork, to: Destination, items: Sequence[NewItem], number: int) -> None:
    """Record that a chunk came in; `content_hash` covers the hashes of its items in their order."""
    if not items:
        return
    data = {
        "job": to.job_id,
        "chunk": number,
        "items": len(items),
        "first": UUID(bytes=items[0].id),
        "last": UUID(bytes=items[-1].id),
        "content_hash": blake3(b"".join(item.content_hash for item in items)).hexdigest(),
    }
    event = Event(
        organisation_id=to.organisation_id,
        type="items.imported",
        subject_id=to.dataset_id,
        actor_id=to.actor_id,
        data=data,
    )
    await eventlog.record(uow, event)
