"""State that events add up to: rows whose every column remembers which event wrote it.

Two transactions may commit in another order than their numbers have, so the log can show a task's later event
before its earlier one. What an event writes therefore counts only where nothing later was written: `sequence`
is drawn while the row is locked. The result is the same in whatever order events are applied.
"""

from __future__ import annotations

import copy
import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from annotary.eventlog import Event

Plain = dict[str, dict[UUID, dict[str, Any]]]
Apply = Callable[["State", Event], None]


class Written(NamedTuple):
    """A value and the place of the event that wrote it; `step` comes first where a row only goes forward."""

    step: int
    sequence: int
    value: Any


class State:
    """Rows by table and id."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[UUID, dict[str, Written]]] = defaultdict(lambda: defaultdict(dict))

    def put(self, table: str, key: UUID, sequence: int, step: int = 0, **values: Any) -> None:
        """Write columns of a row, where nothing later was written."""
        row = self.rows[table][key]
        for name, value in values.items():
            before = row.get(name)
            if before is None or (step, sequence) >= before[:2]:
                row[name] = Written(step, sequence, value)

    def plain(self) -> Plain:
        """Return the rows without their history."""
        return {
            table: {key: {name: written.value for name, written in row.items()} for key, row in rows.items()}
            for table, rows in self.rows.items()
        }


def fold(state: State, events: Iterable[Event], folds: Mapping[str, Apply]) -> State:
    """Return the state after events; the one that is given stays as it is. `folds` are by type of event."""
    after = copy.deepcopy(state)
    for event in events:
        apply = folds.get(event.type)
        if apply is not None:
            apply(after, event)
    return after


def real(value: float | None) -> float | None:
    """Return a number as a column of four bytes has it."""
    return None if value is None else float(struct.unpack("f", struct.pack("f", value))[0])


def id_of(text: str | None) -> UUID | None:
    """Return an id of an event's data, in either form."""
    return None if text is None else UUID(text.rpartition("_")[2])
