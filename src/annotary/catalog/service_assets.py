"""Assets: bytes named by their hash, where they lie, what they say of themselves, and who may fetch them."""

from __future__ import annotations

import asyncio
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from blake3 import blake3

from annotary import eventlog
from annotary.catalog import rules
from annotary.catalog.errors import UnknownAsset, WrongHash
from annotary.catalog.probe import probe_media
from annotary.catalog.store import QUERIES, asset_view
from annotary.catalog.values import AssetView, SameAsset, SignedAddress
from annotary.eventlog import Event
from annotary.identity import rules as access
from annotary.identity.values import Caller, Role
from annotary.infra.objects import Objects
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel import limits
from annotary.kernel.clock import Clock, system_clock
from annotary.kernel.errors import Invalid


class Probed(msgspec.Struct, frozen=True):
    """What a file is, by its content; of a video also its frame table, compressed."""

    media_type: str
    facts: dict[str, Any]
    frames: bytes = b""


async def probe(path: Path, media_type: str) -> Probed:
    """Return what a file says of itself, and its media type by content; raises Invalid for a broken one."""
    found = await probe_media(path, media_type)
    if found is None:
        return Probed(media_type, {})
    facts: dict[str, Any] = msgspec.structs.asdict(found)
    frames = facts.pop("frames", b"")
    return Probed(rules.read_media_type(facts.pop("media_type")), facts, frames)


async def keep_object(objects: Objects, data: bytes, media_type: str) -> tuple[bytes, Probed]:
    """Store the bytes of an asset; returns their hash and facts. What the probe refuses is not kept."""
    digest: bytes = (await asyncio.to_thread(blake3, data)).digest()
    key = rules.asset_key(digest)
    fresh = await objects.size(key) != len(data)
    if fresh:
        await objects.put(key, data)
    return digest, await probe_object(objects, digest, media_type, fresh=fresh)


async def probe_object(objects: Objects, digest: bytes, media_type: str, *, fresh: bool) -> Probed:
    """Say what a stored object is; one that was just written and that the probe refuses is deleted again."""
    key = rules.asset_key(digest)
    try:
        async with objects.as_file(key) as path:
            probed = await probe(path, media_type)
    except Invalid:
        if fresh:
            await objects.delete([key])
        raise
    await keep_frames(objects, digest, probed)
    return probed


async def keep_frames(objects: Objects, digest: bytes, probed: Probed) -> None:
    """Keep the frame table of a video beside its asset."""
    if probed.frames:
        await objects.put(rules.frames_key(digest), probed.frames)


async def store_text(uow: UnitOfWork, caller: Caller, objects: Objects, text: bytes) -> AssetView:
    """Keep a long text as an asset of the caller's organisation."""
    digest, probed = await keep_object(objects, text, "text/plain")
    return await add_asset(uow, caller, digest, len(text), probed, "stored", rules.asset_key(digest))


async def add_asset(
    uow: UnitOfWork,
    caller: Caller,
    digest: bytes,
    size_bytes: int,
    probed: Probed,
    source: str,
    location: str,
) -> AssetView:
    """Write an asset's row; the one that is there already, when it is."""
    row = await uow.fetchrow(
        QUERIES.add_asset,
        caller.organisation_id,
        digest,
        size_bytes,
        probed.media_type,
        source,
        location,
        msgspec.json.encode(probed.facts).decode(),
        caller.member_id,
    )
    if row is None:
        return asset_view(await one(uow, QUERIES.asset, caller.organisation_id, digest), SameAsset)
    event = Event(
        organisation_id=caller.organisation_id,
        type="asset.created",
        subject_id=UUID(bytes=digest[:16]),
        actor_id=caller.member_id,
        data={"hash": digest.hex(), "size_bytes": size_bytes, "source": source},
    )
    await eventlog.record(uow, event)
    return asset_view(row)


async def find_asset(uow: UnitOfWork, organisation_id: UUID, hash: str) -> Row:
    """Return an asset's row; raises UnknownAsset."""
    row = await uow.fetchrow(QUERIES.asset, organisation_id, rules.read_hash(hash))
    if row is None:
        raise UnknownAsset
    return row


async def read_asset(uow: UnitOfWork, caller: Caller, hash: str) -> AssetView:
    """Return an asset. For managers: annotators get what they need with the task."""
    access.require_role(caller, Role.MANAGER)
    return asset_view(await find_asset(uow, caller.organisation_id, hash))


async def sign_address(
    uow: UnitOfWork, caller: Caller, key: bytes, hash: str, clock: Clock = system_clock
) -> SignedAddress:
    """Return an address that serves an asset's bytes for a while. For managers."""
    access.require_role(caller, Role.MANAGER)
    await find_asset(uow, caller.organisation_id, hash)
    expires_at = (clock() + timedelta(seconds=limits.ASSET_URL_SECONDS_MAX)).replace(microsecond=0)
    path = rules.sign_asset_url(key, caller.organisation_id, hash, int(expires_at.timestamp()))
    return SignedAddress(path, expires_at.astimezone(UTC))


def check_hash(given: str | None, digest: bytes, path: str) -> None:
    """Raise WrongHash, with both hashes, when bytes do not have the hash they were said to have."""
    if given is not None and rules.read_hash(given, path) != digest:
        raise WrongHash(path=path, found=digest.hex(), expected=given)
