"""The file an export writes: bytes are hashed, packed if wanted, and streamed into an object as they come."""

from __future__ import annotations

import asyncio
import contextlib
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable

from blake3 import blake3

from annotary.infra.objects import Objects
from annotary.kernel.limits import EXPORT_PIECE_BYTES, EXPORT_PIECES_AHEAD_MAX

GZIP_WINDOW_BITS = 31


class Output:
    """Takes bytes at the pace the object store takes them; the hash is over what is in the file."""

    def __init__(self, gzip: bool = False) -> None:
        self.size_bytes = 0
        self._digest = blake3()
        # Without a time in its header the same content packs to the same bytes.
        self._packer = zlib.compressobj(level=6, wbits=GZIP_WINDOW_BITS) if gzip else None
        self._gathered = bytearray()
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=EXPORT_PIECES_AHEAD_MAX)
        self._broken: BaseException | None = None

    @property
    def content_hash(self) -> str:
        """The hash of all bytes so far, as 64 hexadecimal digits."""
        return self._digest.hexdigest()

    async def write(self, data: bytes) -> None:
        """Add bytes to the file; waits while the object store is behind."""
        self._gathered += data
        if len(self._gathered) >= EXPORT_PIECE_BYTES:
            await self._flush()

    async def finish(self) -> None:
        """Say that all is written."""
        await self._flush()
        if self._packer is not None:
            await self._send(self._packer.flush())
        await self._pieces.put(None)

    async def fail(self, error: BaseException) -> None:
        """Say that the file must not come into being."""
        self._broken = error
        await self._pieces.put(None)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the file's bytes; raises what `fail` was told."""
        while (piece := await self._pieces.get()) is not None:
            yield piece
        if self._broken is not None:
            raise self._broken

    async def _flush(self) -> None:
        data, self._gathered = bytes(self._gathered), bytearray()
        if self._packer is not None:
            data = await asyncio.to_thread(self._packer.compress, data)
        await self._send(data)

    async def _send(self, data: bytes) -> None:
        if data:
            self.size_bytes += len(data)
            self._digest.update(data)
            await self._pieces.put(data)


async def write_object(
    objects: Objects,
    key: str,
    size_bytes_expected: int,
    output: Output,
    produce: Callable[[Output], Awaitable[None]],
) -> None:
    """Let `produce` write an object; when either side fails the other ends too, and no object is left."""
    upload = asyncio.create_task(objects.put_stream(key, output.pieces(), size_bytes_expected))
    producer = asyncio.create_task(_produce(output, produce))
    try:
        await asyncio.wait({upload, producer}, return_when=asyncio.FIRST_EXCEPTION)
        if upload.done() and not producer.done():
            producer.cancel()
        await asyncio.wait({upload, producer})
    finally:
        for task in (producer, upload):
            task.cancel()
        with contextlib.suppress(BaseException):
            await asyncio.gather(producer, upload, return_exceptions=True)
    # What the producer raised is the cause of what the upload raised, save where the upload ended it.
    for task in (upload, producer) if producer.cancelled() else (producer, upload):
        task.result()


async def _produce(output: Output, produce: Callable[[Output], Awaitable[None]]) -> None:
    try:
        await produce(output)
        await output.finish()
    except Exception as error:
        await output.fail(error)
        raise
