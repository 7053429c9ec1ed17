"""The tables as they are, in the shape that events add up to, and the log that they are held against."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from annotary.eventlog import Event, store
from annotary.eventlog.values import Position
from annotary.infra.postgres import Database
from annotary.infra.queries import Queries
from integration.projections import ontology, review, work
from integration.projections.state import Apply, Plain, State, fold

QUERIES = Queries("integration.projections", Path(__file__).with_name("queries.sql").read_text())
WORK = ("batches", "tasks", "assignments", "submissions")
REVIEW = ("outcomes", "reviews", "issues", "issue_comments", "audits", "answer_changes")
ONTOLOGY = ("ontologies", "ontology_versions", "projects", "publications")
OF_MODALITY: Mapping[str, Apply] = {**work.FOLDS, **review.FOLDS, **ontology.FOLDS}
EVENTS_PER_READ_MAX = 5_000


async def read_state(database: Database, tables: tuple[str, ...]) -> State:
    """Return the tables as they are now, as if the last event had written all of it."""
    state, last = State(), await database.pool.fetchval("SELECT coalesce(max(sequence), 0) FROM events")
    for table in tables:
        state.rows[table] = state.rows[table]
        for row in await database.fetch(getattr(QUERIES, table)):
            told = {name: _value(name, value) for name, value in row.items() if name != "id"}
            steps = {"state", "reason", "submission_id"} if table == "assignments" else set()
            state.put(table, row["id"], last, **{k: v for k, v in told.items() if k not in steps})
            if steps:
                state.put(table, row["id"], last, _step(told), **{name: told[name] for name in steps})
    return state


def _step(assignment: Mapping[str, Any]) -> int:
    if assignment["state"] == "leased":
        return work.LEASED
    answered = assignment["submission_id"] is not None
    return work.DISCOUNTED if answered and assignment["state"] != "submitted" else work.ENDED


def _value(name: str, value: Any) -> Any:
    if name == "projects_before":
        return {UUID(key): UUID(was["version"]) for key, was in msgspec.json.decode(value).items()}
    return msgspec.json.decode(value) if name == "counts" and value is not None else value


async def read_log(database: Database, after: Position = Position()) -> tuple[list[Event], Position]:  # noqa: B008
    """Return all events after a position, in the order in which consumers see them, and where they end."""
    events: list[Event] = []
    while True:
        ahead = await store.read_after(database, after, EVENTS_PER_READ_MAX)
        events, after = [*events, *ahead.events], ahead.end
        if ahead.seen < EVENTS_PER_READ_MAX:
            return events, after


def rebuilt(state: State, events: list[Event]) -> Plain:
    """Return what a state and later events add up to, with what follows from it."""
    return review.current(work.counted(fold(state, events, OF_MODALITY).plain()))


async def hold_against_tables(
    database: Database, tables: tuple[str, ...], state: State, events: list[Event]
) -> None:
    """Compare, row by row, what a state and later events add up to with the tables as they are."""
    now, found = (await read_state(database, tables)).plain(), rebuilt(state, events)
    for table in tables:
        expected, told = now[table], found.get(table, {})
        differing = {
            key: (told.get(key), expected.get(key))
            for key in expected.keys() | told.keys()
            if told.get(key) != expected.get(key)
        }
        assert not differing, f"{table}: the log tells {len(differing)} rows otherwise: {_first(differing)}"


def _first(differing: Mapping[UUID, tuple[Any, Any]]) -> str:
    key, (told, there) = next(iter(differing.items()))
    names = (told or {}).keys() | (there or {}).keys()
    columns = {
        name: ((told or {}).get(name, "absent"), (there or {}).get(name, "absent"))
        for name in names
        if (told or {}).get(name, "absent") != (there or {}).get(name, "absent")
    }
    return f"{key}: {columns} (told, there)"
