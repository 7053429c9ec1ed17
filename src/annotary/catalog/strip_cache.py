"""Strips of pictures that were decoded lately, as files in a folder that never grows beyond its bytes."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


class StripCache:
    """A folder of strips by name. Any number of processes may use it; what is lost is decoded again."""

    def __init__(self, folder: Path, bytes_max: int) -> None:
        self._folder = folder
        self._bytes_max = bytes_max

    def read(self, name: str) -> bytes | None:
        """Return a strip, or None; reading it makes it the youngest."""
        path = self._folder / name
        try:
            data = path.read_bytes()
            os.utime(path)
        except FileNotFoundError:
            return None
        return data

    def keep(self, name: str, data: bytes) -> None:
        """Keep a strip, and forget those that were not read for longest while there are too many bytes."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as file:
            file.write(data)
        Path(file.name).replace(self._folder / name)
        self._forget()

    def _forget(self) -> None:
        found: list[tuple[float, int, str]] = []
        for entry in os.scandir(self._folder):
            with contextlib.suppress(FileNotFoundError):
                stat = entry.stat()
                found.append((stat.st_mtime, stat.st_size, entry.path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self._bytes_max:
                break
            Path(path).unlink(missing_ok=True)
            total -= size
