"""Small pictures of images and videos: made when first asked for, kept by the hash of the content."""

from __future__ import annotations

import asyncio
import base64

from annotary.catalog.errors import NoPicture
from annotary.catalog.service_frames import Frames, turn
from annotary.catalog.strip_cache import StripCache
from annotary.infra.bounded import Bounds, call
from annotary.infra.postgres import Row
from annotary.kernel import limits

BOUNDS = Bounds(
    wall_seconds=limits.THUMBNAIL_SECONDS_MAX,
    cpu_seconds=limits.THUMBNAIL_CPU_SECONDS_MAX,
    memory_bytes=limits.THUMBNAIL_MEMORY_BYTES_MAX,
    reply_bytes=limits.THUMBNAIL_REPLY_BYTES_MAX,
)
READER = "annotary.catalog.thumbnail_reader:thumbnail"
MEDIA_TYPE = "image/webp"


async def thumbnail(row: Row, frames: Frames, cache: StripCache) -> bytes:
    """Return the small picture of an asset's row as WebP; the same content has one, whoever owns it."""
    if not row["media_type"].startswith(("image/", "video/")):
        raise NoPicture
    name = row["hash"].hex()
    kept = await asyncio.to_thread(cache.read, name)
    if kept is not None:
        return kept
    async with turn(f"thumbnail {name}"):
        kept = await asyncio.to_thread(cache.read, name)
        if kept is None:
            async with frames.file(row) as file:
                kept = base64.b64decode(await call(READER, row["media_type"], bounds=BOUNDS, file=file))
            await asyncio.to_thread(cache.keep, name, kept)
    return kept
