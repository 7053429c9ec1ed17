"""Uploads: large files in chunks, in any order, again after a break, joined into an asset at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple
from uuid import UUID

from blake3 import blake3

from annotary import eventlog
from annotary.catalog import rules, service_assets
from annotary.catalog.errors import ChunksMissing, UnknownUpload, UploadEnded, WrongHash
from annotary.catalog.service_assets import Probed
from annotary.catalog.store import QUERIES, asset_view, upload_view
from annotary.catalog.values import AssetView, ChunkView, NewUpload, SameAsset, UploadView
from annotary.eventlog import Event
from annotary.identity import rules as access
from annotary.identity.values import Caller, Role
from annotary.infra.objects import NoObject, Objects
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel import limits
from annotary.kernel.ids import format_id, new_id
from annotary.kernel.names import check_name


class Joined(NamedTuple):
    """The bytes of an upload, as they lie in the object store now."""

    digest: bytes
    size_bytes: int
    probed: Probed


async def begin(uow: UnitOfWork, caller: Caller, new: NewUpload) -> UploadView:
    """Begin an upload. For managers."""
    access.require_role(caller, Role.MANAGER)
    row = await one(
        uow,
        QUERIES.add_upload,
        new_id(),
        caller.organisation_id,
        caller.member_id,
        check_name(new.name),
        rules.read_media_type(new.media_type),
        rules.check_upload_size(new.size_bytes),
        limits.UPLOAD_CHUNK_BYTES,
    )
    await eventlog.record(uow, _event(caller, "upload.begun", row["id"], size_bytes=row["size_bytes"]))
    return upload_view(row, [])


async def read(uow: UnitOfWork, caller: Caller, upload_id: UUID) -> UploadView:
    """Return an upload and which of its chunks are in."""
    row = await _find(uow, caller, upload_id)
    return upload_view(row, await uow.fetch(QUERIES.chunks, upload_id))


async def find_open(uow: UnitOfWork, caller: Caller, upload_id: UUID) -> Row:
    """Return the row of an upload that still takes chunks."""
    row = await _find(uow, caller, upload_id)
    if row["state"] != "open":
        raise UploadEnded
    return row


async def keep_chunk(objects: Objects, upload: Row, number: int, data: bytes) -> bytes:
    """Store the bytes of a chunk, and return their hash. Nothing counts yet: `put_chunk` says so."""
    rules.check_chunk(upload["size_bytes"], upload["chunk_bytes"], number, len(data))
    digest: bytes = (await asyncio.to_thread(blake3, data)).digest()
    await objects.put(rules.chunk_key(upload["id"], number, digest), data)
    return digest


async def put_chunk(
    uow: UnitOfWork, caller: Caller, upload_id: UUID, number: int, size_bytes: int, digest: bytes
) -> ChunkView:
    """Say that a chunk is in. Sent again it changes nothing; with other bytes the last ones count."""
    row = await uow.fetchrow(QUERIES.hold_upload, caller.organisation_id, upload_id)
    if row is None:
        raise UnknownUpload
    if row["state"] != "open":
        raise UploadEnded
    await uow.execute(QUERIES.put_chunk, upload_id, number, size_bytes, digest)
    data = {"number": number, "size_bytes": size_bytes, "hash": digest.hex()}
    await eventlog.record(uow, _event(caller, "upload.chunk_received", upload_id, **data))
    return ChunkView(format_id("upload", upload_id), number, size_bytes, digest.hex())


async def join(
    database: Database,
    caller: Caller,
    objects: Objects,
    upload_id: UUID,
    given: str | None,
) -> Joined | None:
    """Join the chunks of an upload into one object, a chunk at a time. None: it is complete already.

    No transaction is open meanwhile: it would hold up everybody who follows the log. The bytes are read
    twice, first for their hash, which is their name, then to be written there and checked again.
    """
    async with database.connection() as uow:
        row = await _find(uow, caller, upload_id)
        chunks = await uow.fetch(QUERIES.chunks, upload_id)
    if row["state"] == "complete":
        return None
    if row["state"] == "abandoned":
        raise UploadEnded
    _require_all(row, chunks)
    try:
        digest = await _digest(_bytes_of(objects, upload_id, chunks))
        service_assets.check_hash(given, digest, "/blake3")
        key, size_bytes = rules.asset_key(digest), row["size_bytes"]
        fresh = await objects.size(key) != size_bytes
        if fresh:
            await objects.put_stream(
                key, _verified(_bytes_of(objects, upload_id, chunks), digest), size_bytes
            )
    except NoObject:
        if await _is_complete(database, row):
            return None
        raise ChunksMissing("The bytes of a chunk are gone from the object store: send all again.") from None
    probed = await service_assets.probe_object(objects, digest, row["media_type"], fresh=fresh)
    return Joined(digest, size_bytes, probed)


async def complete(
    uow: UnitOfWork, caller: Caller, upload_id: UUID, given: str | None, joined: Joined | None
) -> AssetView:
    """Make the joined bytes an asset; a completed upload gives its asset again."""
    row = await uow.fetchrow(QUERIES.hold_upload, caller.organisation_id, upload_id)
    if row is None:
        raise UnknownUpload
    if row["state"] == "complete":
        service_assets.check_hash(given, row["asset_hash"], "/blake3")
        return asset_view(await one(uow, QUERIES.asset, caller.organisation_id, row["asset_hash"]), SameAsset)
    if row["state"] == "abandoned" or joined is None:
        raise UploadEnded
    key = rules.asset_key(joined.digest)
    asset = await service_assets.add_asset(
        uow, caller, joined.digest, joined.size_bytes, joined.probed, "stored", key
    )
    await uow.execute(QUERIES.complete_upload, upload_id, joined.digest)
    await eventlog.record(uow, _event(caller, "upload.completed", upload_id, hash=joined.digest.hex()))
    return asset


async def drop_chunks(database: Database, objects: Objects, upload_id: UUID) -> None:
    """Delete the chunks of an upload that has ended; what a crash leaves, the sweep finds."""
    await objects.delete_under(rules.chunks_prefix(upload_id))
    await database.execute(QUERIES.forget_chunks, upload_id)


async def sweep_uploads(
    database: Database, objects: Objects, hours: int = limits.UPLOAD_ABANDONED_HOURS
) -> int:
    """Abandon uploads begun `hours` ago, and delete the chunks of all that have ended. For the worker.

    Returns how many uploads it dealt with; a bounded number a call.
    """
    async with database.transaction() as uow:
        abandoned = await uow.fetch(QUERIES.abandon_uploads, hours, limits.SWEEP_ROWS_MAX)
        events = [
            Event(organisation_id=row["organisation_id"], type="upload.abandoned", subject_id=row["id"])
            for row in abandoned
        ]
        if events:
            await eventlog.record(uow, *events)
    ended = await database.fetch(QUERIES.ended_uploads_with_chunks, limits.SWEEP_ROWS_MAX)
    for upload_id in {row["id"] for row in (*abandoned, *ended)}:
        await drop_chunks(database, objects, upload_id)
    return len(abandoned) + len(ended)


async def _find(uow: UnitOfWork, caller: Caller, upload_id: UUID) -> Row:
    access.require_role(caller, Role.MANAGER)
    row = await uow.fetchrow(QUERIES.upload, caller.organisation_id, upload_id)
    if row is None:
        raise UnknownUpload
    return row


async def _is_complete(database: Database, upload: Row) -> bool:
    """Say whether somebody else completed the upload meanwhile (and deleted its chunks)."""
    row = await database.fetchrow(QUERIES.upload, upload["organisation_id"], upload["id"])
    return row is not None and row["state"] == "complete"


def _require_all(row: Row, chunks: Sequence[Row]) -> None:
    expected = rules.chunks_of(row["size_bytes"], row["chunk_bytes"])
    if len(chunks) < expected:
        numbers = {chunk["number"] for chunk in chunks}
        first = next(number for number in range(expected) if number not in numbers)
        detail = (
            f"{expected - len(chunks)} of {expected} chunks are missing, the first is {first}: send them."
        )
        raise ChunksMissing(detail, missing=expected - len(chunks), first_missing=first)


async def _bytes_of(objects: Objects, upload_id: UUID, chunks: Sequence[Row]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield await objects.read(rules.chunk_key(upload_id, chunk["number"], chunk["hash"]))


async def _digest(parts: AsyncIterator[bytes]) -> bytes:
    hasher = blake3()
    async for part in parts:
        await asyncio.to_thread(hasher.update, part)
    return hasher.digest()


async def _verified(parts: AsyncIterator[bytes], digest: bytes) -> AsyncIterator[bytes]:
    """Yield the parts; raises at the end, so that nothing is kept, when they are not what the name says."""
    hasher = blake3()
    async for part in parts:
        await asyncio.to_thread(hasher.update, part)
        yield part
    if hasher.digest() != digest:
        raise WrongHash(path="/blake3", found=hasher.hexdigest(), expected=digest.hex())


def _event(caller: Caller, kind: str, upload_id: UUID, **data: object) -> Event:
    return Event(
        organisation_id=caller.organisation_id,
        type=kind,
        subject_id=upload_id,
        actor_id=caller.member_id,
        data=data,
    )
