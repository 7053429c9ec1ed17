"""What events are about, and the outcomes they tell of."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from annotary.infra import queries
from annotary.infra.postgres import Database, Row

QUERIES = queries.load(__package__)


async def places(database: Database, subjects: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the projects of what events are about, where they have one."""
    if not subjects:
        return {}
    of_platform = database.schema == "platform"
    query = QUERIES.places_of_organising if of_platform else QUERIES.places_of_work
    return {row["id"]: row["project_id"] for row in await database.fetch(query, list(subjects))}


async def outcomes(database: Database, ids: Collection[UUID], project: UUID, lanes: int) -> dict[UUID, Row]:
    """Return outcomes of a project by id, with their items, lanes, and what was there before each."""
    if not ids:
        return {}
    rows = await database.fetch(QUERIES.outcomes_told, list(ids), project, lanes)
    return {row["id"]: row for row in rows}


async def outcomes_changed(
    database: Database, change: UUID, first: UUID, last: UUID, project: UUID
) -> list[UUID]:
    """Return the accepted outcomes that a batch of a change wrote, in the order of their ids."""
    rows = await database.fetch(QUERIES.outcomes_changed, change, first, last, project)
    return [row["id"] for row in rows]
