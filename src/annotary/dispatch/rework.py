"""Rework: finished tasks are opened again, for who answered them or for others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from annotary.eventlog import Event, fact, record
from annotary.infra import queries
from annotary.infra.postgres import Row, UnitOfWork

QUERIES = queries.load(__package__, "rework.sql")
NOBODY = UUID(int=0)
ReworkBy = Literal["same", "another"]


async def reopen(
    uow: UnitOfWork, task_ids: Sequence[UUID], rework_by: ReworkBy, reason: str, by: UUID | None
) -> list[UUID]:
    """Open finished tasks again and let none of their answers count; returns the tasks that were finished.

    `same`: the task of a single author is kept for that author, while the author is at work on the project;
    where several answered, everybody may answer again. `another`: who has answered is not asked again.
    """
    held = await uow.fetch(QUERIES.hold_done, list(task_ids))
    if not held:
        return []
    ids = [row["id"] for row in held]
    ended = "revoked" if rework_by == "same" else "set_aside"
    answers = await uow.fetch(QUERIES.end_answers, ids, ended, reason, by)
    kept_for = await _authors(uow, held, answers) if rework_by == "same" else {}
    await uow.execute(QUERIES.reopen_for, ids, [kept_for.get(task, NOBODY) for task in ids])
    await record(uow, *(requeued(row, by, reason, kept_for.get(row["id"])) for row in held))
    return ids


def requeued(task: Row, by: UUID | None, reason: str, kept_for: UUID | None = None) -> Event:
    """Return the fact that a task asks for its answers again."""
    return fact("task.requeued", task, by, {"reason": reason, "state": "open", "kept_for": kept_for})


async def _authors(uow: UnitOfWork, held: Sequence[Row], answers: Sequence[Row]) -> dict[UUID, UUID]:
    """Return the author to keep each task for: its only one, where they can be given tasks now."""
    authors: dict[UUID, set[UUID]] = defaultdict(set)
    for answer in answers:
        authors[answer["task_id"]].add(answer["member_id"])
    single = {task: next(iter(members)) for task, members in authors.items() if len(members) == 1}
    kept: dict[UUID, UUID] = {}
    for project in {row["project_id"] for row in held}:
        tasks = [row["id"] for row in held if row["project_id"] == project and row["id"] in single]
        rows = await uow.fetch(QUERIES.at_work, [single[task] for task in tasks], project)
        at_work = {row["id"] for row in rows}
        kept |= {task: single[task] for task in tasks if single[task] in at_work}
    return kept
