"""Reads the text files that commands are given."""

from __future__ import annotations

from pathlib import Path

from annotary.kernel.errors import Invalid


def read_text(path: Path) -> str:
    """Return the text of a file, without a byte order mark; raises `Invalid` where it is not UTF-8."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = content[error.start : error.start + 1]
        raise Invalid(path=f"{path.name}, line {line}", found=found, expected="text in UTF-8") from error
