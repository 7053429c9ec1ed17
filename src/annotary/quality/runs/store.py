"""The table of runs, and the outcomes they look at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.ids import format_id
from annotary.kernel.limits import RUN_TASKS_PER_PAGE_MAX
from annotary.quality.runs.values import Before, Current, Run, RunParameters, RunView
from annotary.quality.values import NewOutcome

QUERIES = queries.load(__package__)
_FIRST = UUID(int=0)


def run_view(row: Row) -> RunView:
    """Return a run as the API shows it."""
    return RunView(
        id=format_id("consensus_run", row["id"]),
        project=format_id("project", row["project_id"]),
        aggregator=row["aggregator"],
        parameters=msgspec.Raw(row["parameters"].encode()),
        reverts=None if row["reverts"] is None else format_id("consensus_run", row["reverts"]),
        state=row["state"],
        job=format_id("job", row["job_id"]),
        summary=msgspec.json.decode(row["summary"]) if row["summary"] else None,
        created_by=format_id("member", row["created_by"]),
        created_at=row["created_at"],
        ended_at=row["ended_at"],
    )


async def begin(database: Database, run_id: UUID) -> Run | None:
    """Return the run for its job; None when it is not there, or has ended."""
    row = await database.fetchrow(QUERIES.begin_run, run_id)
    if row is None:
        return None
    parameters = msgspec.json.decode(row["parameters"], type=RunParameters)
    return Run(row["id"], row["project_id"], row["aggregator"], parameters, row["reverts"])


async def end(database: Database, run_id: UUID, state: str, summary: Any) -> None:
    """End a run."""
    await database.execute(QUERIES.end_run, run_id, state, msgspec.json.encode(summary).decode())


async def current_pages(
    database: Database, project_id: UUID, limit: int = RUN_TASKS_PER_PAGE_MAX
) -> AsyncIterator[list[Current]]:
    """Yield the current outcomes of finished tasks, a page at a time."""
    after: UUID | None = _FIRST
    while True:
        last = await database.pool.fetchval(QUERIES.last_of_page, project_id, after, limit)
        if last is None:
            return
        rows = await database.fetch(QUERIES.current_page, project_id, after, limit)
        yield [Current(**row) for row in rows]
        after = last


async def still_current(uow: UnitOfWork, outcome_ids: Sequence[UUID]) -> set[UUID]:
    """Return which outcomes no one has changed; the caller is the only writer of outcomes."""
    return {row["id"] for row in await uow.fetch(QUERIES.still_current, outcome_ids)}


async def made_by_run(
    uow: UnitOfWork, run_id: UUID, after: UUID | None, new_ids: Sequence[UUID], by: UUID
) -> list[Before]:
    """Return, for the next outcomes that a run made, the versions before as new ones made by the run `by`."""
    rows = await uow.fetch(QUERIES.made_by_run, run_id, after or _FIRST, len(new_ids))
    return [
        Before(
            NewOutcome(
                id=new,
                task_id=row["task_id"],
                project_id=row["project_id"],
                organisation_id=row["organisation_id"],
                state=row["state"],
                answer=row["answer"].encode(),
                content_hash=row["content_hash"],
                ontology_version_id=row["ontology_version_id"],
                aggregator=row["aggregator"],
                aggregator_version=row["aggregator_version"],
                parameters=row["parameters"].encode(),
                run_id=by,
                confidence=row["confidence"],
                agreement=row["agreement"],
                confidences=(row["confidences"] or "").encode(),
                submission_ids=row["submission_ids"],
            ),
            row["replaced_hash"],
            row["replaced_confidence"],
        )
        for new, row in zip(new_ids, rows, strict=False)
    ]
