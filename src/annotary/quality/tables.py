"""Reads the columns of a CSV text, and says where it is not one."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import NamedTuple

from annotary.kernel.errors import Invalid


class Column(NamedTuple):
    """A column that is wanted, by any of its names; the first is what it is called in messages."""

    names: tuple[str, ...]
    required: bool = True


class Table(NamedTuple):
    """The wanted columns, without outer spaces (None for an optional one that is missing), and the lines."""

    columns: list[list[str] | None]
    lines: list[int]


def read_table(text: str, wanted: Sequence[Column], name: str) -> Table:
    """Return the wanted columns of a CSV text (RFC 4180) whose first line names its columns.

    Other columns and blank lines are passed over. Raises `Invalid` with the line, what was found and what was
    expected; `name` names the text in it.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        header = [field.strip() for field in next(reader, [])]
        places = [_place(column, header, name) for column in wanted]
        for row in reader:
            if row:
                if len(row) != len(header):
                    expected = f"{len(header)}, as in the first line"
                    raise Invalid(
                        path=f"{name}, line {reader.line_num}", found=_fields(row), expected=expected
                    )
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        where = f"{name}, line {reader.line_num}"
        raise Invalid(path=where, found=str(error), expected="comma-separated values") from error
    columns = [None if place is None else [row[place].strip() for row in rows] for place in places]
    return Table(columns, lines)


def _place(column: Column, header: list[str], name: str) -> int | None:
    found = [place for place, title in enumerate(header) if title in column.names]
    if len(found) > 1 or (column.required and not found):
        expected = f"one column named {' or '.join(column.names)}"
        raise Invalid(path=f"{name}, line 1", found=",".join(header), expected=expected)
    return found[0] if found else None


def _fields(row: list[str]) -> str:
    return f"{len(row)} field{'' if len(row) == 1 else 's'}"
