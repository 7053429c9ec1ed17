"""What is known of an image or a video by looking into it; the looking is done in a bounded child process."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import IO

import msgspec

from annotary.infra.bounded import Bounds, call
from annotary.kernel.limits import (
    PROBE_CPU_SECONDS_MAX,
    PROBE_MEMORY_BYTES_MAX,
    PROBE_REPLY_BYTES_MAX,
    PROBE_SECONDS_MAX,
)

BOUNDS = Bounds(
    wall_seconds=PROBE_SECONDS_MAX,
    cpu_seconds=PROBE_CPU_SECONDS_MAX,
    memory_bytes=PROBE_MEMORY_BYTES_MAX,
    reply_bytes=PROBE_REPLY_BYTES_MAX,
)
READERS = {
    "image": "annotary.catalog.probe_reader:image_facts",
    "video": "annotary.catalog.video_reader:video_facts",
}


class ImageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """An image. Width and height are in pixels as displayed, that is with its EXIF orientation (1 to 8)
    applied.

    `media_type` is what the bytes are, whatever the file was called.
    """

    media_type: str
    width: int
    height: int
    orientation: int = 1
    frame_count: int = 1


class VideoFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A video's first picture stream. Width and height are in pixels as displayed (rotated by `rotation`
    degrees).

    Frame k is shown at `(first_pts + the sum of the first k steps) * time_base` seconds; `pts_runs` are the
    steps between frames as [count, step]. `frame_rate` is the mean. `frames` is the frame table, compressed
    (frame_table.decode).
    """

    media_type: str
    width: int
    height: int
    rotation: int
    codec: str
    container: str
    frame_count: int
    time_base: tuple[int, int]
    first_pts: int
    pts_runs: list[list[int]]
    duration_seconds: float
    frame_rate: float
    frames: bytes = b""


Facts = ImageFacts | VideoFacts


async def probe_media(source: Path | bytes, media_type: str) -> Facts | None:
    """Return the facts of an image or a video, or None for any other media type.

    Raises Unreadable (with what is wrong), or OutOfBounds where looking took more than its limits.
    """
    if media_type.partition("/")[0] not in READERS:
        return None
    with await asyncio.to_thread(_opened, source) as file:
        return await probe_file(file, media_type)


async def probe_file(file: IO[bytes], media_type: str) -> Facts:
    """Return the facts of an open image or video, as `probe_media` does."""
    kind = media_type.partition("/")[0]
    found = await call(READERS[kind], media_type, bounds=BOUNDS, file=file)
    return msgspec.convert(found, ImageFacts) if kind == "image" else msgspec.convert(found, VideoFacts)


def _opened(source: Path | bytes) -> IO[bytes]:
    """Return an open file that the child can read and seek in."""
    if isinstance(source, Path):
        return source.open("rb")
    file = tempfile.TemporaryFile()  # noqa: SIM115
    file.write(source)
    file.seek(0)
    return file
