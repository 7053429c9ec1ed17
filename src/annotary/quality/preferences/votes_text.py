"""Reads votes from CSV or JSON lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from annotary.kernel.errors import Invalid
from annotary.quality.preferences.values import FIRST, SECOND, TIE, Integers, Votes
from annotary.quality.tables import Column, read_table

NAMES_FIRST = ("a", "model_a")
NAMES_SECOND = ("b", "model_b")
TIE_WORD = "tie"
# Two players, the winner, the judge (empty where none is said).
Row = tuple[str, str, str, str]


def read_votes(text: str, name: str = "votes", *, json_lines: bool = False) -> Votes:
    """Return the votes of a CSV text, or of JSON lines, with the fields a, b, winner and, if any, judge.

    The players may also be called model_a and model_b. The winner is a, b, model_a or model_b, the name of
    one of the two, or tie, with or without a remark in brackets. Players and judges are numbered in the order
    of the alphabet. Raises `Invalid` with line, what was found and what was expected.
    """
    rows: list[Row] = []
    outcomes: list[int] = []
    judged = None
    for line, row in _json_rows(text, name) if json_lines else _csv_rows(text, name):
        where = f"{name}, line {line}"
        outcomes.append(_outcome(row, where))
        if judged is not None and judged != bool(row[3]):
            found = "a judge" if row[3] else "no judge"
            raise Invalid(path=where, found=found, expected="a judge in every vote or in none")
        judged = bool(row[3])
        rows.append(row)
    first, second, _, judges = zip(*rows, strict=True) if rows else ((),) * 4
    player_names, players = _numbered([*first, *second])
    judge_names, judge = _numbered(judges) if judged else ([], None)
    return Votes(
        first=players[: len(rows)],
        second=players[len(rows) :],
        outcomes=np.array(outcomes, dtype=np.int64),
        judges=judge,
        player_names=player_names,
        judge_names=judge_names,
    )


def _csv_rows(text: str, name: str) -> Iterator[tuple[int, Row]]:
    wanted = (
        Column(NAMES_FIRST),
        Column(NAMES_SECOND),
        Column(("winner",)),
        Column(("judge",), required=False),
    )
    table = read_table(text, wanted, name)
    columns = [column if column is not None else [""] * len(table.lines) for column in table.columns]
    return zip(table.lines, zip(*columns, strict=True), strict=True)


def _json_rows(text: str, name: str) -> Iterator[tuple[int, Row]]:
    decode = msgspec.json.Decoder().decode
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            record = decode(line)
        except (msgspec.DecodeError, RecursionError) as error:
            raise Invalid(path=where, found=line.strip(), expected=f"a JSON object ({error})") from error
        if not isinstance(record, dict):
            raise Invalid(path=where, found=record, expected="a JSON object")
        first, second = _field(record, NAMES_FIRST, where), _field(record, NAMES_SECOND, where)
        judge = _field(record, ("judge",), where) if record.get("judge") is not None else ""
        yield number, (first, second, _field(record, ("winner",), where), judge)


def _field(record: dict[str, object], names: Sequence[str], where: str) -> str:
    present = [name for name in names if name in record]
    if len(present) != 1:
        raise Invalid(path=where, found=sorted(record), expected=f"one field named {' or '.join(names)}")
    value = record[present[0]]
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Invalid(path=f"{where}, {present[0]}", found=value, expected="a name")
    return str(value).strip()


def _outcome(row: Row, where: str) -> int:
    first, second, winner, _ = row
    if not first or not second:
        raise Invalid(path=f"{where}, {'b' if first else 'a'}", found="", expected="a name")
    if first == second:
        raise Invalid(path=where, found=f"{first} against itself", expected="two different players")
    said = {
        outcome
        for outcome, names in ((FIRST, (*NAMES_FIRST, first)), (SECOND, (*NAMES_SECOND, second)))
        if winner in names
    }
    if winner == TIE_WORD or winner.startswith(f"{TIE_WORD} ("):
        said.add(TIE)
    if len(said) != 1:
        expected = f"a, b, model_a, model_b, tie, or one of {first} and {second}, meaning one outcome only"
        raise Invalid(path=f"{where}, winner", found=winner, expected=expected)
    return said.pop()


def _numbered(values: Sequence[str]) -> tuple[list[str], Integers]:
    """Return the distinct values in order, and the number of each value."""
    names = sorted(set(values))
    place = {name: number for number, name in enumerate(names)}
    return names, np.fromiter(map(place.__getitem__, values), dtype=np.int64, count=len(values))
