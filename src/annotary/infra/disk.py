"""Room on the disk: intake stops while there is still enough for what was already taken in."""

from __future__ import annotations

import os
from pathlib import Path

from annotary.kernel.clock import Monotonic, monotonic_seconds
from annotary.kernel.errors import StorageFull

KEPT_SECONDS = 1.0


def free_bytes(path: Path) -> int:
    """Return how many bytes the disk of `path`, or of its nearest folder that exists, has left for us."""
    while not path.exists():
        path = path.parent
    found = os.statvfs(path)
    return found.f_bavail * found.f_frsize


class DiskGuard:
    """Refuses intake on a disk with less than `bytes_min` free; looks at the disk once a second at most."""

    def __init__(self, path: Path, bytes_min: int, clock: Monotonic = monotonic_seconds) -> None:
        self._path = path
        self._bytes_min = bytes_min
        self._clock = clock
        self._free_bytes = 0
        self._until_seconds = float("-inf")

    def check(self, size_bytes: int = 0) -> None:
        """Raise StorageFull when `size_bytes` more would leave less than the minimum."""
        now = self._clock()
        if now >= self._until_seconds:
            self._free_bytes = free_bytes(self._path)
            self._until_seconds = now + KEPT_SECONDS
        if self._free_bytes - size_bytes < self._bytes_min:
            raise StorageFull(
                f"The disk of {self._path} has {self._free_bytes / 1e6:.0f} MB free, and "
                f"{self._bytes_min / 1e6:.0f} MB are kept in reserve: nothing was stored. Free space "
                "there, then repeat the request."
            )
        # What was let in since the disk was looked at counts as well.
        self._free_bytes -= size_bytes
