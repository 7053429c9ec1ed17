"""Reads the text files that commands are given."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from annotary.kernel.errors import Invalid, TooLarge
from annotary.kernel.limits import ANSWER_TABLE_BYTES_MAX


def read_text(path: Path) -> str:
    """Return the text of a file, unpacked if its name ends in .gz, without a byte order mark.

    Raises `Invalid` where it is not UTF-8 or not packed by gzip, `TooLarge` beyond ANSWER_TABLE_BYTES_MAX.
    """
    content = read_content(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = content[error.start : error.start + 1]
        raise Invalid(path=f"{path.name}, line {line}", found=found, expected="text in UTF-8") from error


def read_content(path: Path) -> bytes:
    """Return the bytes of a file, unpacked if its name ends in .gz; raises as `read_text` does."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(ANSWER_TABLE_BYTES_MAX + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Invalid(path=path.name, found=str(error), expected="a file packed by gzip") from error
    if len(content) > ANSWER_TABLE_BYTES_MAX:
        raise TooLarge(f"{path.name} has more than {ANSWER_TABLE_BYTES_MAX:,} bytes; split it.")
    return content
