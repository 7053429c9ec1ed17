"""A stream of bytes as chunks of lines, in flat memory: a line longer than the limit is passed over, not
kept.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import msgspec

from annotary.kernel.errors import Invalid
from annotary.kernel.limits import (
    IMPORT_CHUNK_BYTES_MAX,
    IMPORT_CHUNK_ROWS_MAX,
    IMPORT_LINE_BYTES_MAX,
    MEBIBYTE,
)

_STARTS = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
    b"\0": "binary data",
}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class WrongEncoding(Invalid):
    """The file is not lines of JSON in UTF-8."""

    code = "wrong_encoding"


class LineChunk(msgspec.Struct, frozen=True):
    """Lines of a file, the first of which is number `first` (from 1). The chunk ends at byte `end` of the
    file.

    A line over the limit stands as an empty line here, and with its length in `overlong`, by position.
    """

    number: int
    first: int
    end: int
    lines: list[bytes]
    overlong: dict[int, int]


def check_start(start: bytes) -> None:
    """Raise WrongEncoding where a file's first bytes say that it is no plain text in UTF-8."""
    for mark, name in _STARTS.items():
        if start.startswith(mark):
            hint = "Unpack it or convert it to UTF-8, then import it again."
            raise WrongEncoding(
                path="/", found=name, expected="lines of JSON in UTF-8, not packed", hint=hint
            )


class LineCutter:
    """Cuts bytes into chunks of lines. Feed it pieces; what it yields is complete."""

    def __init__(
        self,
        *,
        offset: int = 0,
        line: int = 1,
        number: int = 0,
        rows_max: int = IMPORT_CHUNK_ROWS_MAX,
        chunk_bytes_max: int = IMPORT_CHUNK_BYTES_MAX,
        line_bytes_max: int = IMPORT_LINE_BYTES_MAX,
    ) -> None:
        self._end, self._line, self._number = offset, line, number
        self._rows_max, self._chunk_bytes_max, self._line_bytes_max = (
            rows_max,
            chunk_bytes_max,
            line_bytes_max,
        )
        self._tail: list[bytes] = []
        self._tail_bytes = 0
        self._lines: list[bytes] = []
        self._bytes = 0
        self._overlong: dict[int, int] = {}

    def feed(self, piece: bytes) -> Iterator[LineChunk]:
        """Take more bytes of the file; yields the chunks that are full."""
        first, *rest = piece.split(b"\n")
        self._grow(first)
        for part in rest:
            self._end_line()
            if len(self._lines) >= self._rows_max or self._bytes >= self._chunk_bytes_max:
                yield self._cut()
            self._grow(part)

    def finish(self) -> Iterator[LineChunk]:
        """Yield what is left at the end of the file."""
        if self._tail_bytes:
            self._end_line()
            self._end -= 1  # there is no newline behind the last line
        if self._lines:
            yield self._cut()

    def _grow(self, part: bytes) -> None:
        self._tail_bytes += len(part)
        if self._tail_bytes > self._line_bytes_max:
            self._tail.clear()
        elif part:
            self._tail.append(part)

    def _end_line(self) -> None:
        if self._tail_bytes > self._line_bytes_max:
            self._overlong[len(self._lines)] = self._tail_bytes
        self._lines.append(self._tail[0] if len(self._tail) == 1 else b"".join(self._tail))
        self._end += self._tail_bytes + 1
        self._bytes += len(self._lines[-1]) + 1
        self._tail = []
        self._tail_bytes = 0

    def _cut(self) -> LineChunk:
        chunk = LineChunk(self._number, self._line, self._end, self._lines, self._overlong)
        self._number += 1
        self._line += len(self._lines)
        self._lines, self._bytes, self._overlong = [], 0, {}
        return chunk


async def line_chunks(
    stream: AsyncIterator[bytes], cutter: LineCutter, *, at_start: bool
) -> AsyncIterator[LineChunk]:
    """Yield the chunks of a stream; raises WrongEncoding. `at_start`: the stream begins where the file
    does.
    """
    async for piece in stream:
        if at_start:
            check_start(piece[:8])
            at_start = False
        # Bounded pieces: how much is held does not depend on how the store cuts its stream.
        for place in range(0, len(piece), MEBIBYTE):
            for chunk in cutter.feed(piece[place : place + MEBIBYTE]):
                yield chunk
    for chunk in cutter.finish():
        yield chunk
