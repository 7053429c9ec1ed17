"""The feed of outcomes: what is accepted, corrected and retracted, read from the log as it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from annotary.eventlog import store as eventlog_store
from annotary.eventlog.values import Event, Only, Position
from annotary.infra.http import encode
from annotary.infra.postgres import Database, Row
from annotary.kernel.ids import format_id, outside_id
from annotary.kernel.limits import EVENTS_PER_BATCH_MAX
from annotary.quality.service_outcomes import outcome_view
from annotary.streams import rules, store
from annotary.streams.values import Asked, Cursor, Entry, Lot, OutcomeChange, OutcomeChangeKind

CHANGES_OF_MANY = "answers.changed"
_KINDS: dict[str, OutcomeChangeKind] = {
    "outcome.accepted": "accepted",
    "outcome.revised": "corrected",
    CHANGES_OF_MANY: "corrected",
    "outcome.withdrawn": "retracted",
    "outcome.proposed": "retracted",
}
_PROPOSED_INSTEAD = "a proposal that waits for review took its place"


class _Told(NamedTuple):
    """One change of an outcome, not yet read: its event, which part of it, and the outcome."""

    event: Event
    part: int
    parts: int
    outcome: UUID


class OutcomeSource:
    """Changes of the outcomes of one project."""

    def __init__(self, database: Database, project: UUID, organisation: UUID, asked: Asked) -> None:
        self._database = database
        self._project = project
        self._organisation = organisation
        self._asked = asked

    async def look(self, cursor: Cursor, limit: int) -> Lot:
        """Return up to `limit` changes behind a cursor."""
        only = Only(types=tuple(_KINDS), organisation_id=self._organisation, since=cursor.since)
        ahead = await eventlog_store.read_after(
            self._database, cursor.position, EVENTS_PER_BATCH_MAX, only=only
        )
        told = await self._told(ahead.events, cursor)
        rows = await self._rows(told)
        entries: list[Entry] = []
        at = cursor
        for one in told:
            if len(entries) == limit:
                return Lot(entries, at, True)
            at = _behind(cursor, at.position, one)
            change = _change(one, rows, rules.cursor_text(at))
            if change is not None:
                entries.append(Entry(change.cursor, encode(change)))
        end = cursor._replace(position=ahead.end, taken=0)
        return Lot(entries, end, ahead.seen == EVENTS_PER_BATCH_MAX)

    async def _rows(self, told: Sequence[_Told]) -> dict[UUID, Row]:
        """Return the outcomes of this lane, those whose place a proposal took among them."""
        ids = {one.outcome for one in told}
        rows = await store.outcomes(self._database, ids, self._project, self._asked.lanes)
        before = {row["before_id"] for row in rows.values() if row["before_state"] == "accepted"} - ids
        if any(one.event.type == "outcome.proposed" for one in told):
            rows |= await store.outcomes(self._database, before, self._project, self._asked.lanes)
        return {key: row for key, row in rows.items() if row["lane"] == self._asked.lane}

    async def _told(self, events: Sequence[Event], cursor: Cursor) -> list[_Told]:
        """Return which outcomes the events are about, without those of the first that were taken already."""
        found = []
        for event in events:
            ids = await self._outcomes_of(event)
            found += [_Told(event, part, len(ids), outcome) for part, outcome in enumerate(ids)]
        return found[cursor.taken :]

    async def _outcomes_of(self, event: Event) -> list[UUID]:
        data = event.data
        if event.type != CHANGES_OF_MANY:
            return [UUID(data["outcome"])]
        if data["of"] != "outcome" or event.subject_id != self._project:
            return []
        bounds = (UUID(data["change"]), UUID(data["first"]), UUID(data["last"]))
        return await store.outcomes_changed(self._database, *bounds, self._project)


def _behind(cursor: Cursor, before: Position, one: _Told) -> Cursor:
    """Return the cursor behind one change: inside its event, where that has more of them."""
    if one.part + 1 == one.parts:
        return cursor._replace(position=Position(one.event.transaction_id, one.event.sequence), taken=0)
    return cursor._replace(position=before, taken=one.part + 1)


def _change(told: _Told, rows: Mapping[UUID, Row], cursor: str) -> OutcomeChange | None:
    """Return a change as it is told; None where it is not of this feed, or nobody was told of the outcome."""
    event, row = told.event, rows.get(told.outcome)
    if row is not None and event.type == "outcome.proposed":
        # What was accepted no longer holds while a proposal in its place waits for a reviewer.
        row = rows.get(row["before_id"]) if row["before_state"] == "accepted" else None
    if row is None:
        return None
    assert event.occurred_at is not None
    identity, outcome = f"{event.service}.{event.sequence}", format_id("outcome", row["id"])
    return OutcomeChange(
        cursor=cursor,
        id=f"{identity}/{outcome}" if event.type == CHANGES_OF_MANY else identity,
        kind=_KINDS[event.type],
        time=event.occurred_at,
        outcome=outcome_view(row),
        item=msgspec.Raw(row["payload"].encode()),
        supersedes=_supersedes(event, row),
        reason=_reason(event),
    )


def _supersedes(event: Event, row: Row) -> str | None:
    """Return the outcome whose place was taken: after a change of many answers it is the same one."""
    if event.type == CHANGES_OF_MANY:
        return format_id("outcome", row["id"])
    return outside_id("outcome", row["before_id"]) if event.type == "outcome.revised" else None


def _reason(event: Event) -> str | None:
    if event.type == "outcome.proposed":
        return _PROPOSED_INSTEAD
    said = event.data.get("kind" if event.type == CHANGES_OF_MANY else "reason")
    return None if said is None else str(said)
