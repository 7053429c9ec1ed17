"""A folder of images or videos as rows: the file's name is the business key, its asset what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annotary.formats.rows import as_row


def folder_rows(files: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """Yield one line of JSONL for each (name relative to the folder, asset hash), in the order of the
    names.
    """
    for name, asset in sorted(files):
        yield as_row({"unique_id": name, "asset": asset})
