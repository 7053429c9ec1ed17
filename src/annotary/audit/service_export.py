"""The log with its proof in one file verified anywhere: JSON lines in gzip, closed by a signed hash."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path
from typing import IO

import msgspec
from blake3 import blake3

from annotary.audit.rules import Keys, bytes_of
from annotary.audit.store import records
from annotary.audit.values import (
    FORMAT,
    Broken,
    ChainOpening,
    LogEnd,
    LogOpening,
    Opening,
    Record,
    RunRead,
)
from annotary.eventlog.chain.rules import pack, unpack
from annotary.eventlog.chain.service_keys import SigningKey, key_file, signing_key
from annotary.eventlog.chain.values import Run, StoredEvent
from annotary.infra.objects import open_objects
from annotary.infra.settings import Settings

_LEVEL = 3


class RunLine(msgspec.Struct, frozen=True, tag="run"):
    """A run with its events as they were stored; null for one that was gone."""

    run: Run
    events: list[StoredEvent | None]


class Closing(msgspec.Struct, frozen=True, tag="closing"):
    """The last line: the hash over all lines before it, signed."""

    hash: str
    key: str
    signature: str


Line = Opening | LogOpening | ChainOpening | RunLine | LogEnd | Closing
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Line).decode


async def write_export(read: AsyncGenerator[Record], file: Path, key: SigningKey) -> int:
    """Write everything into `file`, which appears whole or not at all; returns how many events."""
    part = file.with_name(f".{file.name}.part")
    events, hasher = 0, blake3()
    try:
        with gzip.open(part, "wb", compresslevel=_LEVEL) as stream:
            async for record in read:
                if isinstance(record, Opening):
                    record.keys[key.id] = key.public.hex()
                line = _encode(_line(record)) + b"\n"
                hasher.update(line)
                stream.write(line)
                events += len(record.stored) if isinstance(record, RunRead) else 0
            digest = hasher.digest()
            stream.write(_encode(Closing(digest.hex(), key.id, key.sign(digest).hex())) + b"\n")
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return events


def _line(record: Record) -> Line:
    if isinstance(record, RunRead):
        return RunLine(record.run, [None if one is None else unpack(one) for one in record.stored])
    return record


async def export_installation(settings: Settings, services: Sequence[str], file: Path) -> int:
    """Write the logs of services into a file; returns how many events."""
    key = signing_key(key_file(settings.data_dir))
    return await write_export(records(settings, open_objects(settings), services), file, key)


async def read_export(file: Path, trusted: Sequence[bytes] = ()) -> AsyncGenerator[Record]:
    """Yield what an export holds; raises Broken where it cannot be read or is not as it was written."""
    with file.open("rb") as raw:
        for record in _records(raw, trusted):
            yield record


def _records(raw: IO[bytes], trusted: Sequence[bytes]) -> Iterator[Record]:
    hasher, opening, closing = blake3(), None, None
    try:
        with gzip.open(raw, "rb") as stream:
            for text in stream:
                line = _decode(text)
                if closing is not None:
                    raise Broken("export", None, "the file goes on behind its end")
                if isinstance(line, Closing):
                    closing = line
                    continue
                if isinstance(line, Opening):
                    opening = line
                    if line.format != FORMAT:
                        raise Broken("export", None, f"found format {line.format}, expected {FORMAT}")
                hasher.update(text)
                if isinstance(line, RunLine):
                    stored = [None if one is None else pack(one) for one in line.events]
                    yield RunRead(line.run, stored)
                else:
                    yield line
    except (OSError, EOFError, zlib.error, ValueError, OverflowError) as error:
        raise Broken("export", None, f"the file cannot be read to its end: {error}") from None
    _check_closing(opening, closing, hasher.digest(), trusted)


def _check_closing(
    opening: Opening | None, closing: Closing | None, digest: bytes, trusted: Sequence[bytes]
) -> None:
    if opening is None or closing is None:
        raise Broken("export", None, "the file is cut off")
    if closing.hash != digest.hex():
        raise Broken("export", None, "the file is not what was written: its hash is another")
    if complaint := Keys(opening.keys, trusted).complaint(closing.key, bytes_of(closing.signature), digest):
        raise Broken("export", None, f"the file: {complaint}")
