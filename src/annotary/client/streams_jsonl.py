"""A file of JSON lines that follows a project's outcomes, and goes on exactly where it was cut off."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

import msgspec

from annotary.client.errors import AnnotaryClientError
from annotary.client.streams import OutcomeChange

_TAIL_BYTES = 1 << 20


class _Line(msgspec.Struct, frozen=True):
    cursor: str


class OutcomesFile:
    """Appends changes, one a line, each with its cursor: the last whole line says where to go on.

    A line that a kill cut in two is taken off. One process writes at a time: others are refused.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise AnnotaryClientError(
                f"{path}: another process writes to it. Let that one go on, or name another file.",
                code="file_in_use",
            ) from None
        self.cursor = self._trim()

    def __enter__(self) -> OutcomesFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    def append(self, changes: Iterable[OutcomeChange]) -> int:
        """Write changes and wait until the disk has them; returns how many."""
        lines = [msgspec.json.encode(change) for change in changes]
        left = memoryview(b"".join(line + b"\n" for line in lines))
        while left:
            left = left[os.write(self._file, left) :]
        if lines:
            os.fdatasync(self._file)
        return len(lines)

    def _trim(self) -> str | None:
        """Cut off a torn line; returns the cursor of the last whole one, None where there is none."""
        size = os.fstat(self._file).st_size
        tail, start = b"", size
        while start > 0 and tail.count(b"\n") < 2:
            start = max(0, start - _TAIL_BYTES)
            tail = os.pread(self._file, size - start, start)
        whole = tail.rfind(b"\n") + 1
        os.ftruncate(self._file, start + whole)
        os.lseek(self._file, 0, os.SEEK_END)
        last = tail[:whole].rstrip(b"\n").rpartition(b"\n")[2]
        if not last:
            return None
        try:
            return msgspec.json.decode(last, type=_Line).cursor
        except msgspec.MsgspecError as error:
            os.close(self._file)
            raise AnnotaryClientError(
                f"{self._path}: found a last line that is no change of an outcome ({error}),"
                " expected what was written here before. Name another file.",
                code="not_our_file",
            ) from None


def write_outcomes(
    file: OutcomesFile,
    lots: Iterable[list[OutcomeChange]],
    written: Callable[[int], None] | None = None,
) -> int:
    """Append lots as they come; `written` hears how many there are so far. Returns how many were written."""
    count = 0
    for changes in lots:
        count += file.append(changes)
        if written is not None:
            written(count)
    return count
