"""Assets that stay where they are: files beneath the allowed folders, and public addresses."""

from __future__ import annotations

import asyncio
import os
import stat
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from blake3 import blake3

from annotary.catalog import fetching, rules, service_assets
from annotary.catalog.errors import AssetElsewhere
from annotary.catalog.service_assets import Probed
from annotary.catalog.values import NewReference
from annotary.infra.postgres import Row
from annotary.kernel import limits
from annotary.kernel.errors import Invalid, TooLarge

READ_BYTES = 1024 * 1024


class Referenced(NamedTuple):
    """What was found where a reference points."""

    digest: bytes
    size_bytes: int
    probed: Probed
    source: str
    location: str


async def look_at(new: NewReference, roots: Sequence[Path]) -> Referenced:
    """Read what a reference points to, for its hash and its facts; raises Invalid where it may not read."""
    if (new.path is None) == (new.url is None):
        raise Invalid(path="/path", found=new.path, expected="either `path` or `url`")
    media_type = rules.read_media_type(new.media_type)
    if new.url is not None:
        return await _look_at_url(new.url, new.hash, media_type if new.media_type else None)
    assert new.path is not None
    path = allowed_path(new.path, roots)
    with await asyncio.to_thread(_open, path) as file:
        size_bytes = os.fstat(file.fileno()).st_size
        if size_bytes > limits.REFERENCE_BYTES_MAX:
            raise TooLarge(
                f"/path: {size_bytes} bytes, expected at most {limits.REFERENCE_BYTES_MAX}.", path="/path"
            )
        digest = await asyncio.to_thread(_digest, file)
    service_assets.check_hash(new.hash, digest, "/hash")
    probed = await service_assets.probe(path, media_type)
    return Referenced(digest, size_bytes, probed, "path", str(path))


def allowed_path(text: str, roots: Sequence[Path]) -> Path:
    """Return the real path of a file beneath one of the allowed folders, links resolved; raises Invalid."""
    expected = "an absolute path of a file beneath one of the folders in ANNOTARY_ASSET_ROOTS"
    if len(text) > limits.PATH_CHARACTERS_MAX or "\0" in text or not Path(text).is_absolute():
        raise Invalid(path="/path", found=text, expected=expected)
    try:
        path = Path(text).resolve(strict=True)
        allowed = any(path.is_relative_to(root.resolve()) for root in roots) and path.is_file()
    except (OSError, RuntimeError):
        allowed = False
    # One answer for all that is not allowed: it tells nothing about files elsewhere.
    if not allowed:
        raise Invalid(path="/path", found=text, expected=expected)
    return path


async def stream_path(row: Row, roots: Sequence[Path], start: int, end: int) -> AsyncIterator[bytes]:
    """Return a file's bytes from `start` to `end`; raises AssetElsewhere when it is not as it was."""
    return _pieces(await asyncio.to_thread(open_unchanged, row, roots), start, end)


def open_unchanged(row: Row, roots: Sequence[Path]) -> IO[bytes]:
    """Return the open file of a referenced asset; raises AssetElsewhere when it is not as it was."""
    try:
        path = allowed_path(row["location"], roots)
        file = _open(path)
    except Invalid:
        raise AssetElsewhere("The referenced file is gone, or no longer beneath an allowed folder.") from None
    if str(path) != row["location"] or os.fstat(file.fileno()).st_size != row["size_bytes"]:
        file.close()
        raise AssetElsewhere("The referenced file was replaced by another.")
    return file


async def _pieces(file: IO[bytes], start: int, end: int) -> AsyncIterator[bytes]:
    with file:
        file.seek(start)
        left = end - start
        while left > 0 and (piece := await asyncio.to_thread(file.read, min(READ_BYTES, left))):
            left -= len(piece)
            yield piece


async def _look_at_url(url: str, given: str | None, media_type: str | None) -> Referenced:
    """Download to a file that is thrown away: its hash and its facts are what is kept."""
    with tempfile.NamedTemporaryFile() as copy:
        try:
            async with asyncio.timeout(limits.REFERENCE_SECONDS_MAX):
                found = await fetching.fetch(url, copy.file)
        except TimeoutError:
            expected = f"an answer within {limits.REFERENCE_SECONDS_MAX:g} seconds"
            raise Invalid(path="/url", found=url, expected=expected) from None
        service_assets.check_hash(given, found.digest, "/hash")
        kind = media_type or rules.read_media_type(found.media_type)
        probed = await service_assets.probe(Path(copy.name), kind)
    return Referenced(found.digest, found.size_bytes, probed, "url", url)


def _open(path: Path) -> IO[bytes]:
    """Open a regular file, following no link at its end."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Invalid(
            path="/path", found=str(path), expected=f"a file that can be read ({error.strerror})"
        ) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Invalid(path="/path", found=str(path), expected="a regular file")
    return os.fdopen(descriptor, "rb")


def _digest(file: IO[bytes]) -> bytes:
    hasher = blake3()
    while piece := file.read(READ_BYTES):
        hasher.update(piece)
    return hasher.digest()
