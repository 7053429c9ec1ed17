"""The tables of consistency: outcomes as they are compared, and the contradictions found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.ids import format_id, numbered_id
from annotary.kernel.limits import COMPARED_PAGE_TASKS_MAX
from annotary.quality.consistency.values import Compared, ContradictionView, Finding, Seen, Wanted

QUERIES = queries.load(__package__)


async def page_to_compare(database: Database, project: UUID, after: UUID) -> list[Seen]:
    """Return the next accepted outcomes of a project."""
    rows = await database.fetch(QUERIES.outcomes_to_compare, project, after, COMPARED_PAGE_TASKS_MAX)
    return [Seen(*row) for row in rows]


async def compared(database: Database, task_ids: Sequence[UUID]) -> Mapping[UUID, Compared]:
    """Return some tasks again, by id; one whose outcome was withdrawn meanwhile is left out."""
    found: dict[UUID, Compared] = {}
    for start in range(0, len(task_ids), COMPARED_PAGE_TASKS_MAX):
        rows = await database.fetch(QUERIES.items_compared, task_ids[start : start + COMPARED_PAGE_TASKS_MAX])
        found |= {row["task_id"]: Compared(row["unique_id"], row["payload"], row["answer"]) for row in rows}
    return found


async def add_contradictions(
    uow: UnitOfWork, run: UUID, project: Row, findings: Sequence[Finding], wanted: Wanted
) -> list[Row]:
    """Keep what a run found; returns the tasks and outcomes of what is new: done again, none."""
    return await uow.fetch(
        QUERIES.add_contradictions,
        [numbered_id(run, number) for number in range(len(findings))],
        run,
        project["id"],
        project["organisation_id"],
        wanted,
        [one.kind for one in findings],
        [one.task_id for one in findings],
        [one.outcome_id for one in findings],
        [one.other_task_id for one in findings],
        [one.score for one in findings],
        [one.reason for one in findings],
    )


def contradiction_view(row: Row) -> ContradictionView:
    """Return a contradiction as the API shows it."""
    other = row["other_task_id"]
    return ContradictionView(
        id=format_id("contradiction", row["id"]),
        run=format_id("job", row["run_id"]),
        kind=row["kind"],
        task=format_id("task", row["task_id"]),
        unique_id=row["unique_id"],
        outcome=format_id("outcome", row["outcome_id"]),
        other_task=None if other is None else format_id("task", other),
        score=row["score"],
        reason=row["reason"],
        wanted=row["wanted"],
        found_at=row["found_at"],
    )
