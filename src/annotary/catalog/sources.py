"""Assets as background work sees them: their bytes as a stream, what annotators are shown of
them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from annotary.catalog.errors import UnknownAsset
from annotary.infra import queries
from annotary.infra.objects import Objects
from annotary.infra.postgres import Database
from annotary.kernel.limits import MEBIBYTE

QUERIES = queries.load(__package__, "sources.sql")
SHOWN_FACTS = {
    "image": ("width", "height"),
    "video": ("width", "height", "frame_count", "time_base", "first_pts", "pts_runs"),
}


class Source(msgspec.Struct, frozen=True):
    """A file to read: where its bytes lie and how many they are."""

    size_bytes: int
    media_type: str
    source: str
    location: str


async def find_source(platform: Database, organisation_id: UUID, hash_hex: str) -> Source:
    """Return where an asset lies; raises UnknownAsset."""
    row = await platform.fetchrow(QUERIES.asset, organisation_id, bytes.fromhex(hash_hex))
    if row is None:
        raise UnknownAsset(f"There is no asset {hash_hex}: upload the file first.")
    return Source(**dict(row))


async def stream(objects: Objects, source: Source, offset: int = 0) -> AsyncIterator[bytes]:
    """Yield an asset's bytes from `offset` on, in pieces of about a mebibyte."""
    if offset >= source.size_bytes:
        return
    if source.source == "path":
        async for piece in _read_file(Path(source.location), offset):
            yield piece
    elif source.source == "stored":
        async for piece in objects.stream(source.location, offset, source.size_bytes):
            yield piece
    else:
        raise UnknownAsset("An asset referenced by URL cannot be imported from: upload the file first.")


async def payloads_of(
    platform: Database, organisation_id: UUID, modality: str, hashes: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Return what annotators are shown of those assets that there are, of the right medium, by hash."""
    wanted = [bytes.fromhex(one) for one in hashes]
    rows = await platform.fetch(QUERIES.assets_by_hash, organisation_id, wanted) if wanted else []
    return {
        row["hash"].hex(): asset_payload(
            modality, row["hash"].hex(), row["media_type"], msgspec.json.decode(row["facts"])
        )
        for row in rows
        if row["media_type"].startswith(f"{modality}/")
    }


def asset_payload(modality: str, hash_hex: str, media_type: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item's payload for an asset: its name, its media type, and the facts that answers are checked
    against.
    """
    shown = {name: facts[name] for name in SHOWN_FACTS[modality] if name in facts}
    return {"asset": hash_hex, "media_type": media_type, **shown}


async def _read_file(path: Path, offset: int) -> AsyncIterator[bytes]:
    try:
        file = await asyncio.to_thread(path.open, "rb")
    except OSError as error:
        raise UnknownAsset(f"{path} cannot be read ({error.strerror}): upload the file instead.") from None
    with file:
        file.seek(offset)
        while piece := await asyncio.to_thread(file.read, MEBIBYTE):
            yield piece
