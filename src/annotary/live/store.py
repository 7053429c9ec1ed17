"""What topics are about, read by the many; presences; the start of the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from annotary.eventlog.values import Position
from annotary.infra import queries
from annotary.infra.postgres import Database, Row
from annotary.kernel.ids import format_id, outside_id
from annotary.kernel.limits import PRESENCE_SECONDS_MAX, PRESENT_MEMBERS_SHOWN_MAX
from annotary.live.values import (
    Found,
    Here,
    MeState,
    PresenceState,
    Present,
    ProjectState,
    Standing,
    TaskState,
)
from annotary.quality.values import Progress

QUERIES = queries.load(__package__)


async def log_start(database: Database, events_back: int) -> Position:
    """Return the place so many facts before the end of the log, or its beginning."""
    row = await database.fetchrow(QUERIES.log_start, events_back)
    return Position(row["transaction_id"], row["sequence"]) if row else Position()


async def projects(
    database: Database, subjects: Collection[UUID], progress: Mapping[UUID, Progress]
) -> dict[UUID, Found]:
    """Return projects; how far they are comes from `progress`."""
    return {
        row["id"]: Found(
            row["organisation_id"],
            row["id"],
            None,
            ProjectState(
                project=format_id("project", row["id"]),
                name=row["name"],
                state=row["state"],
                version=row["version"],
                ontology_version=format_id("ontology_version", row["ontology_version_id"]),
                instructions_version=row["instructions_version"],
                progress=progress.get(row["id"]),
            ),
        )
        for row in await database.fetch(QUERIES.projects, list(subjects))
    }


async def tasks(database: Database, subjects: Collection[UUID]) -> dict[UUID, Found]:
    """Return assignments by their ids."""
    return {
        row["id"]: Found(
            row["organisation_id"],
            row["project_id"],
            row["member_id"],
            TaskState(
                assignment=format_id("assignment", row["id"]),
                task=format_id("task", row["task_id"]),
                project=format_id("project", row["project_id"]),
                state=row["state"],
                fence=row["fence"],
                expires_at=row["expires_at"],
                reason=row["reason"],
            ),
        )
        for row in await database.fetch(QUERIES.assignments, list(subjects))
    }


async def members(database: Database, subjects: Collection[UUID], *, copies: bool) -> dict[UUID, Found]:
    """Return the projects that members are on; how they stand there is known where there are `copies`."""
    organisations = await database.fetch(QUERIES.members, list(subjects))
    query = QUERIES.standings if copies else QUERIES.memberships
    on: dict[UUID, list[Standing]] = defaultdict(list)
    for row in await database.fetch(query, list(subjects)):
        on[row["member_id"]].append(
            Standing(format_id("project", row["project_id"]), row["role"], row["state"])
        )
    return {
        row["id"]: Found(row["organisation_id"], None, row["id"], MeState(on[row["id"]]))
        for row in organisations
    }


async def presences(database: Database, subjects: Collection[UUID]) -> dict[UUID, Found]:
    """Return who is on projects."""
    rows: dict[UUID, list[Row]] = defaultdict(list)
    for row in await database.fetch(
        QUERIES.presences, list(subjects), PRESENCE_SECONDS_MAX, PRESENT_MEMBERS_SHOWN_MAX
    ):
        rows[row["project_id"]].append(row)
    return {project: _presence(project, found) for project, found in rows.items()}


def _presence(project: UUID, rows: Sequence[Row]) -> Found:
    present = [
        Present(
            member=format_id("member", row["member_id"]),
            name=row["name"] or "",
            task=outside_id("task", row["task_id"]),
            since=row["since"],
        )
        for row in rows
        if row["member_id"] is not None
    ]
    state = PresenceState(rows[0]["count"] or 0, present)
    return Found(rows[0]["organisation_id"], project, None, state)


async def put_presences(database: Database, here: Iterable[tuple[UUID, UUID, Here]]) -> None:
    """Store that connections of members have something open."""
    columns = [
        (connection, one.project_id, member, one.assignment_id) for connection, member, one in sorted(here)
    ]
    if columns:
        await database.execute(QUERIES.put_presences, *map(list, zip(*columns, strict=True)))


async def remove_presences(database: Database, gone: Iterable[tuple[UUID, UUID]]) -> None:
    """Remove connections from projects."""
    pairs = sorted(gone)
    if pairs:
        await database.execute(QUERIES.remove_presences, *map(list, zip(*pairs, strict=True)))
