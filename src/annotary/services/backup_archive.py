"""The file of a backup: a tar of database dumps, keys, objects, and a manifest of counts and hashes."""

from __future__ import annotations

import hashlib
import io
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec

from annotary.kernel.errors import Invalid

FORMAT = 1
MANIFEST = "manifest.json"
PARTS = ("databases", "keys", "objects")
BLOCK_BYTES = 1024 * 1024


class BrokenBackup(Invalid):
    """The file is not a whole backup."""

    code = "broken_backup"


class DatabasePart(msgspec.Struct, kw_only=True):
    """One dumped database: the services whose schemas it holds, and the rows of every table."""

    file: str
    services: list[str]
    counts: dict[str, int]


class FilesPart(msgspec.Struct, kw_only=True):
    """All files under one folder of the archive; `sha256` is over their names, sizes and bytes, in order."""

    files: int = 0
    bytes: int = 0
    sha256: str = ""


class Manifest(msgspec.Struct, kw_only=True):
    """What a backup holds. `objects_at` names a store of objects elsewhere, which was not copied."""

    format: int = FORMAT
    version: str
    created_at: str
    databases: list[DatabasePart]
    parts: dict[str, FilesPart] = {}
    objects_at: str | None = None


class _Tally:
    """Hashes the files of one part as they pass."""

    def __init__(self) -> None:
        self.part = FilesPart()
        self._hash = hashlib.sha256()

    def begin(self, name: str, size_bytes: int) -> None:
        self.part.files += 1
        self.part.bytes += size_bytes
        self._hash.update(f"{name}\0{size_bytes}\0".encode())

    def feed(self, block: bytes) -> None:
        self._hash.update(block)

    def end(self) -> FilesPart:
        self.part.sha256 = self._hash.hexdigest()
        return self.part


class _Counted(io.RawIOBase):
    """A file that tells a tally what is read from it."""

    def __init__(self, file: io.BufferedReader, tally: _Tally) -> None:
        self._file = file
        self._tally = tally

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self._tally.feed(block)
        return block


def write_archive(file: Path, folders: dict[str, Path], manifest: Manifest) -> Manifest:
    """Write the archive from one folder a part; nothing stands under `file` until it is whole."""
    unfinished = file.with_name(file.name + ".part")
    try:
        with tarfile.open(unfinished, "w", format=tarfile.PAX_FORMAT) as archive:
            for part in PARTS:
                manifest.parts[part] = _add_part(archive, part, folders[part])
            content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
            archive.addfile(_entry(MANIFEST, len(content)), io.BytesIO(content))
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _add_part(archive: tarfile.TarFile, part: str, folder: Path) -> FilesPart:
    tally = _Tally()
    for path in _files(folder):
        try:
            stream = path.open("rb")
        except FileNotFoundError:
            continue
        with stream:
            size_bytes = stream.seek(0, io.SEEK_END)
            stream.seek(0)
            name = f"{part}/{path.relative_to(folder).as_posix()}"
            tally.begin(name, size_bytes)
            archive.addfile(_entry(name, size_bytes), _Counted(stream, tally))
            _forget(archive)
    return tally.end()


def _forget(archive: tarfile.TarFile) -> None:
    """Drop the list of what has passed, which would grow with every object."""
    vars(archive)["members"].clear()


def _files(folder: Path) -> Iterator[Path]:
    """Every finished file below a folder: one that is being written has `#` in its name."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.is_dir():
                yield from _files(path)
            elif path.is_file() and "#" not in path.name:
                yield path


def _entry(name: str, size_bytes: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size_bytes, 0o600, int(time.time())
    return entry


def read_archive(file: Path, folder: Path) -> Manifest:
    """Unpack an archive into a folder, one folder a part, and check it against its manifest.

    Raises BrokenBackup when it is cut off, was changed, or names a path outside.
    """
    tallies = {part: _Tally() for part in PARTS}
    manifest: Manifest | None = None
    try:
        with tarfile.open(file, "r|") as archive:
            while (entry := archive.next()) is not None:
                source = archive.extractfile(entry)
                if source is None:
                    raise BrokenBackup(f"{file}: {entry.name!r} is not a plain file.")
                if entry.name == MANIFEST:
                    manifest = msgspec.json.decode(source.read(), type=Manifest)
                else:
                    _unpack(source, entry, folder, tallies)
                _forget(archive)
    except (tarfile.TarError, EOFError, msgspec.MsgspecError) as problem:
        raise BrokenBackup(f"{file} is not a whole backup of Annotary: {problem}.") from problem
    if manifest is None:
        raise BrokenBackup(f"{file} has no manifest: it was cut off. Use another backup.")
    _check(file, manifest, {part: tally.end() for part, tally in tallies.items()})
    return manifest


def _unpack(source: IO[bytes], entry: tarfile.TarInfo, folder: Path, tallies: dict[str, _Tally]) -> None:
    path = PurePosixPath(entry.name)
    if path.is_absolute() or ".." in path.parts or path.parts[0] not in tallies:
        raise BrokenBackup(f"{entry.name!r} does not belong into a backup.")
    tally = tallies[path.parts[0]]
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    tally.begin(entry.name, entry.size)
    with target.open("wb") as out:
        while block := source.read(BLOCK_BYTES):
            tally.feed(block)
            out.write(block)
    target.chmod(0o600)


def _check(file: Path, manifest: Manifest, found: dict[str, FilesPart]) -> None:
    if manifest.format != FORMAT:
        raise BrokenBackup(path=str(file), found=manifest.format, expected=f"a backup of format {FORMAT}")
    for part, expected in manifest.parts.items():
        if found.get(part) != expected:
            raise BrokenBackup(
                f"{file}: {part} has {found.get(part)}, expected {expected}. The file was changed "
                "or damaged: use another backup."
            )
