"""Objects: bytes under a key, in a local folder or in S3, through obstore."""

from __future__ import annotations

import asyncio
import contextlib
import glob
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from annotary.infra.settings import Settings
from annotary.kernel.errors import NotFound, StorageFull, Unavailable

READ_BYTES = 1024 * 1024
WRITE_PART_BYTES = 8 * 1024 * 1024
_FULL = ("No space left on device", "os error 28", "Disk quota exceeded", "os error 122")


class NoObject(NotFound):
    """There is no object under this key."""


def open_objects(settings: Settings) -> Objects:
    """Open the object store that the settings name: a folder (`file://`) or a bucket (`s3://bucket/prefix`).

    Addresses and keys of S3 come from the `AWS_*` variables.
    """
    parts = urlsplit(settings.objects)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        store: ObjectStore = LocalStore(folder, mkdir=True)
        return Objects(store, folder, settings.disk_free_bytes_min)
    return Objects(from_url(settings.objects), None, 0)


class Objects:
    """An object store. Every write is atomic: a key has all of its bytes or does not exist."""

    def __init__(self, store: ObjectStore, folder: Path | None, free_bytes_min: int) -> None:
        self.store = store
        self._folder = folder
        self._free_bytes_min = free_bytes_min

    async def put(self, key: str, data: bytes) -> None:
        """Write an object; what was under the key is replaced at once."""
        self._check_room(len(data))
        with _meaning():
            await obstore.put_async(self.store, key, data, use_multipart=False)

    async def put_new(self, key: str, data: bytes) -> bool:
        """Write an object under a key that has none; False, and nothing is written, where it has one."""
        self._check_room(len(data))
        with _meaning():
            try:
                await obstore.put_async(self.store, key, data, use_multipart=False, mode="create")
            except AlreadyExistsError:
                return False
        return True

    async def keys_under(self, prefix: str) -> AsyncIterator[str]:
        """Yield the keys that begin with `prefix/`, in no order."""
        with _meaning():
            async for found in obstore.list(self.store, f"{prefix}/", chunk_size=500):
                for entry in found:
                    yield str(entry["path"])

    async def put_stream(self, key: str, parts: AsyncIterator[bytes], size_bytes: int) -> None:
        """Write an object from a stream, a part at a time; when the stream raises, nothing is left."""
        self._check_room(size_bytes)
        with _meaning():
            await obstore.put_async(self.store, key, parts, chunk_size=WRITE_PART_BYTES, max_concurrency=2)

    async def size(self, key: str) -> int | None:
        """Return the size of an object in bytes, or None when there is none."""
        try:
            with _meaning():
                return int((await obstore.head_async(self.store, key))["size"])
        except NoObject:
            return None

    async def read(self, key: str) -> bytes:
        """Return all bytes of a small object; raises NoObject."""
        with _meaning():
            found = await obstore.get_async(self.store, key)
            return bytes(await found.bytes_async())

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Yield the bytes from `start` up to `end` (None: all), a piece at a time; raises NoObject."""
        size = await self.size(key) if end is None else end
        if size is None:
            raise NoObject
        if start >= size:
            return
        with _meaning():
            found = await obstore.get_async(self.store, key, options={"range": (start, size)})
            async for piece in found.stream(min_chunk_size=READ_BYTES):
                yield bytes(piece)

    async def delete(self, keys: Iterable[str]) -> None:
        """Delete objects; one that is not there is no trouble."""
        for key in keys:
            with contextlib.suppress(NoObject), _meaning():
                await obstore.delete_async(self.store, key)

    async def delete_under(self, prefix: str) -> None:
        """Delete every object whose key begins with `prefix/`."""
        if self._folder is not None:
            # With what a killed process left there, which the store does not list.
            await asyncio.to_thread(shutil.rmtree, self._folder / prefix, ignore_errors=True)
            return
        with _meaning():
            async for found in obstore.list(self.store, f"{prefix}/", chunk_size=500):
                await self.delete([entry["path"] for entry in found])

    async def drop_unfinished(self, key: str) -> None:
        """Remove what a killed process left of an object it was streaming.

        In a bucket such parts are not seen, and a lifecycle rule of the bucket ends them.
        """
        if self._folder is not None:
            path = self._folder / key
            # A local store writes to `<key>#<n>` and renames that at the end.
            for part in path.parent.glob(f"{glob.escape(path.name)}#*"):
                part.unlink(missing_ok=True)

    @contextlib.asynccontextmanager
    async def as_file(self, key: str) -> AsyncIterator[Path]:
        """Yield the path of a file with the object's bytes, for programs that want one; read it only."""
        if self._folder is not None:
            yield self._folder / key
            return
        with tempfile.NamedTemporaryFile() as copy:
            async for piece in self.stream(key):
                await asyncio.to_thread(copy.write, piece)
            copy.flush()
            yield Path(copy.name)

    def _check_room(self, size_bytes: int) -> None:
        """Refuse to write before the disk is full: the database on it must still have room to work."""
        if self._folder is None:
            return
        free_bytes = shutil.disk_usage(self._folder).free
        if free_bytes - size_bytes < self._free_bytes_min:
            raise StorageFull(
                f"{free_bytes} bytes are free where objects are kept; storing {size_bytes} would leave less "
                f"than {self._free_bytes_min}. Nothing was stored: free space on that disk, then repeat."
            )


@contextlib.contextmanager
def _meaning() -> Iterator[None]:
    """Turn the store's failures into ours."""
    try:
        yield
    except FileNotFoundError:
        raise NoObject from None
    except (BaseError, OSError) as error:
        text = str(error)
        if any(sign in text for sign in _FULL):
            raise StorageFull from error
        raise Unavailable(
            f"The object store does not answer as it should: {text.splitlines()[0][:200]}"
        ) from error
