"""Frames of videos: the frame table beside an asset, and strips of pictures that are decoded here."""

from __future__ import annotations

import asyncio
import base64
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO
from weakref import WeakValueDictionary

import msgspec

from annotary.catalog import frame_table, references, rules
from annotary.catalog.errors import AssetElsewhere, NotAVideo, UnknownFrame
from annotary.catalog.frame_table import FrameTable
from annotary.catalog.probe import VideoFacts, probe_file
from annotary.catalog.strip_cache import StripCache
from annotary.catalog.strip_reader import Asked
from annotary.infra.bounded import Bounds, call
from annotary.infra.objects import NoObject, Objects
from annotary.infra.postgres import Row
from annotary.kernel import limits

BOUNDS = Bounds(
    wall_seconds=limits.VIDEO_STRIP_SECONDS_MAX,
    cpu_seconds=limits.VIDEO_STRIP_CPU_SECONDS_MAX,
    memory_bytes=limits.VIDEO_STRIP_MEMORY_BYTES_MAX,
    reply_bytes=limits.VIDEO_STRIP_REPLY_BYTES_MAX,
)
READER = "annotary.catalog.strip_reader:pictures"
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


class Frames:
    """Where the bytes of videos, their frame tables and their strips lie."""

    def __init__(self, objects: Objects, roots: Sequence[Path], cache: StripCache) -> None:
        self._objects = objects
        self._roots = roots
        self._cache = cache

    async def table(self, row: Row) -> bytes:
        """Return the frame table of a video's row, gzip-compressed; made now where it is not there yet."""
        if not row["media_type"].startswith("video/"):
            raise NotAVideo
        key = rules.frames_key(row["hash"])
        try:
            return await self._objects.read(key)
        except NoObject:
            pass
        async with turn(key), self.file(row) as file:
            facts = await probe_file(file, row["media_type"])
        assert isinstance(facts, VideoFacts)
        await self._objects.put(key, facts.frames)
        return facts.frames

    async def strip(self, row: Row, number: int) -> bytes:
        """Return a strip of pictures, `strip_frames` frames from `number * strip_frames` on.

        How many there are and their sizes in bytes come first (32 bits each, the greatest byte first), then
        their JPEG files. Several strips are decoded together: the next ones are about to be asked for.
        """
        name = row["hash"].hex()
        kept = await asyncio.to_thread(self._cache.read, f"{name}-{number}")
        if kept is not None:
            return kept
        table = frame_table.decode(await self.table(row))
        if number * table.strip_frames >= table.frame_count:
            raise UnknownFrame(
                f"/number: found {number}, expected less than {-(-table.frame_count // table.strip_frames)}."
            )
        first = number - number % limits.VIDEO_STRIPS_AT_ONCE
        async with turn(f"{name}-{first}"):
            kept = await asyncio.to_thread(self._cache.read, f"{name}-{number}")
            return kept or await self._decode(row, table, first, number)

    async def _decode(self, row: Row, table: FrameTable, first: int, number: int) -> bytes:
        asked = _asked(table, first * table.strip_frames)
        async with self.file(row) as file:
            found = await call(READER, msgspec.to_builtins(asked), bounds=BOUNDS, file=file)
        pictures = [base64.b64decode(one) for one in found]
        wanted = b""
        for at, begin in enumerate(range(0, len(pictures), table.strip_frames)):
            strip = encode_strip(pictures[begin : begin + table.strip_frames])
            await asyncio.to_thread(self._cache.keep, f"{row['hash'].hex()}-{first + at}", strip)
            wanted = strip if first + at == number else wanted
        return wanted

    @asynccontextmanager
    async def file(self, row: Row) -> AsyncIterator[IO[bytes]]:
        """Open the bytes of an asset; raises AssetElsewhere where they are at another address."""
        if row["source"] == "stored":
            async with self._objects.as_file(row["location"]) as path:
                with await asyncio.to_thread(path.open, "rb") as file:
                    yield file
        elif row["source"] == "path":
            with await asyncio.to_thread(references.open_unchanged, row, self._roots) as file:
                yield file
        else:
            raise AssetElsewhere("A video referenced by address is not read again: upload the file.")


def encode_strip(pictures: Sequence[bytes]) -> bytes:
    """Return pictures in one piece, behind how many they are and how long each is."""
    head = struct.pack(f">{len(pictures) + 1}I", len(pictures), *map(len, pictures))
    return head + b"".join(pictures)


def _asked(table: FrameTable, first: int) -> Asked:
    count = table.strip_frames * limits.VIDEO_STRIPS_AT_ONCE
    start = frame_table.start_before(table, first) if table.times_known else None
    times = frame_table.times_of(table, first, count)
    return Asked(first=first, times=times, times_known=table.times_known, start=start)


@asynccontextmanager
async def turn(name: str) -> AsyncIterator[None]:
    """Let one request at a time do a piece of work; the others find it done."""
    lock = _turns.setdefault(name, asyncio.Lock())
    async with lock:
        yield
