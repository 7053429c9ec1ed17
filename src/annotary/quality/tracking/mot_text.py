"""Reads tracks from MOT text: one box a line, as the MOT challenge writes them."""

from __future__ import annotations

import math

import numpy as np

from annotary.kernel.errors import Invalid
from annotary.quality.tracking.values import Tracks

COLUMNS = ("frame", "id", "x", "y", "width", "height", "conf")
_COLUMNS_NEEDED = 6
_FRAME, _ID, _WIDTH, _HEIGHT, _CONFIDENCE = 0, 1, 4, 5, 6
# Frames and ids are read as floats, as MOT text may write them; from here on whole numbers would be rounded.
_EXACT_BELOW = 2.0**53


def read_mot(text: str, *, name: str = "tracks", drop_unconfident: bool = False) -> Tracks:
    """Return the tracks of a MOT text: `frame,id,x,y,width,height[,conf,...]` a line, without a header.

    Frames count from 1; x and y are the left and top in pixels. Spaces may stand in place of commas; blank
    lines are passed over. `drop_unconfident` leaves out rows with conf 0: in a truth file they mark what is
    not to be evaluated. Source: Milan et al. (2016), "MOT16: a benchmark for multi-object tracking", section
    3. Raises `Invalid` that names the line, what was found and what was expected; `name` names the text in
    it.
    """
    rows: list[list[float]] = []
    line_of: dict[tuple[float, float], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        row = _read_line(line, where)
        earlier = line_of.setdefault((row[_FRAME], row[_ID]), number)
        if earlier != number:
            found = f"track {row[_ID]:.0f} again in frame {row[_FRAME]:.0f}"
            raise Invalid(path=where, found=found, expected=f"one box a track and frame (see line {earlier})")
        if not (drop_unconfident and row[_CONFIDENCE] == 0):
            rows.append(row)
    table = np.array(rows, dtype=np.float64).reshape(-1, len(COLUMNS))
    boxes = table[:, 2:6].copy()
    boxes[:, 2:] += boxes[:, :2]
    return Tracks(table[:, _FRAME].astype(np.int64), table[:, _ID].astype(np.int64), boxes)


def _read_line(line: str, where: str) -> list[float]:
    fields = line.split(",") if "," in line else line.split()
    if len(fields) < _COLUMNS_NEEDED:
        expected = "at least 6 columns: frame,id,x,y,width,height[,conf,...]"
        raise Invalid(path=where, found=line.strip(), expected=expected)
    row = [_number(field, where, column) for field, column in zip(fields, COLUMNS, strict=False)]
    if len(row) == _COLUMNS_NEEDED:
        row.append(1.0)
    for place, lowest in ((_FRAME, 1.0), (_ID, -_EXACT_BELOW)):
        if not (row[place].is_integer() and row[place] >= lowest):
            expected = "a whole number from 1 on" if place == _FRAME else "a whole number"
            raise Invalid(path=f"{where}, {COLUMNS[place]}", found=fields[place].strip(), expected=expected)
    for place in (_WIDTH, _HEIGHT):
        if row[place] < 0:
            path = f"{where}, {COLUMNS[place]}"
            raise Invalid(path=path, found=fields[place].strip(), expected="pixels, 0 or more")
    return row


def _number(field: str, where: str, column: str) -> float:
    try:
        # Python reads 1_0 as ten, MOT text knows no such number.
        value = math.nan if "_" in field else float(field)
    except ValueError:
        value = math.nan
    if not abs(value) < _EXACT_BELOW:
        raise Invalid(
            path=f"{where}, {column}", found=field.strip(), expected="a number between -2^53 and 2^53"
        )
    return value
