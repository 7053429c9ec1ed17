"""Checks for contradictions: what is compared, what is kept of it, and what comes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from annotary import eventlog
from annotary.eventlog import Event
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import page_by_id
from annotary.kernel.errors import Invalid, NotFound
from annotary.kernel.limits import (
    CONTRADICTIONS_KEPT_MAX,
)
from annotary.projects.quality import read_quality
from annotary.projects.service import read_project
from annotary.quality import service_verdicts
from annotary.quality.consistency import store
from annotary.quality.consistency.store import QUERIES
from annotary.quality.consistency.values import CheckRequest, ContradictionView, Finding, NewCheck

REQUEUED = "A check found that this outcome contradicts others or what models say."


async def asked(uow: UnitOfWork, caller: Caller, project: UUID, new: NewCheck) -> CheckRequest:
    """Return what a check's job is told. For the project's managers."""
    await read_project(uow, caller, project, Role.MANAGER)
    if not new.kinds:
        raise Invalid(path="/kinds", found=[], expected="at least one kind of contradiction")
    return CheckRequest(
        kinds=new.kinds, wanted=new.wanted, similarity=new.similarity, score_min=new.score_min
    )


async def keep(
    uow: UnitOfWork,
    run: UUID,
    project: Row,
    request: CheckRequest,
    findings: Sequence[Finding],
    by: UUID | None,
) -> dict[str, Any]:
    """Keep what a run found, and open what it was asked to, once; returns counts.

    A review is opened by the event, which whoever reviews follows; a re-queue happens here.
    """
    kept = findings[:CONTRADICTIONS_KEPT_MAX]
    new = await store.add_contradictions(uow, run, project, kept, request.wanted)
    opened = 0
    if request.wanted == "review" and new:
        tasks = sorted({row["task_id"] for row in new})
        await eventlog.record(uow, *(_fact(project, "contradiction.found", task, by, run) for task in tasks))
        opened = len(tasks)
    if request.wanted == "requeue" and new:
        outcomes = sorted({row["outcome_id"] for row in new})
        rework_by = read_quality(project["quality"]).review.rework_by
        opened = len(await service_verdicts.reject(uow, outcomes, by, REQUEUED, rework_by))
    await eventlog.record(uow, _fact(project, "consistency.checked", project["id"], by, run))
    return {"found": dict(Counter(one.kind for one in findings)), "kept": len(kept), "opened": opened}


async def project_checked(database: Database, project: UUID) -> Row:
    """Return the project of a check; raises NotFound."""
    row = await database.fetchrow(QUERIES.project_checked, project)
    if row is None:
        raise NotFound("There is no such project here: it may have been deleted.")
    return row


async def count_to_compare(database: Database, project: UUID) -> int:
    """Return how many outcomes a check has before it."""
    return int(await database.pool.fetchval(QUERIES.count_to_compare, project))


async def list_contradictions(
    uow: UnitOfWork,
    caller: Caller,
    project: UUID,
    run: UUID | None,
    kind: str | None,
    limit: int | None,
    next_token: str | None,
) -> Page[ContradictionView]:
    """Return a page of what checks of a project found. For its managers."""
    await read_project(uow, caller, project, Role.MANAGER)
    query, view = QUERIES.contradictions_page, store.contradiction_view
    return await page_by_id(uow, query, view, limit, next_token, project, run, kind)


def _fact(project: Row, kind: str, subject: UUID, by: UUID | None, run: UUID) -> Event:
    return Event(
        organisation_id=project["organisation_id"],
        type=kind,
        subject_id=subject,
        actor_id=by,
        data={"run": run},
    )
