"""Corrections: looked at before, approved by a second member when large, then done as a change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from annotary.eventlog import record
from annotary.identity.values import Caller
from annotary.infra.postgres import Database, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel.errors import Forbidden, Invalid
from annotary.kernel.limits import CORRECTION_ALONE_ANSWERS_MAX, CORRECTION_ANSWERS_MAX
from annotary.kernel.names import body_id
from annotary.migration import service, store
from annotary.migration.errors import ChangeUnderWay
from annotary.migration.service import Enqueue
from annotary.migration.service_correcting import Correcting
from annotary.migration.service_looking import look
from annotary.migration.service_pace import Pace
from annotary.migration.service_running import Batch
from annotary.migration.store import PARTS, QUERIES, Part
from annotary.migration.values import NOWHERE, Change, ChangeView, Counts, Filter, GivenAnswer, Terms
from annotary.migration.values_looking import Looked
from annotary.ontology.steps.reading import read_steps


class NewCorrection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Correct a project's answers: those that `filter` chooses by `steps`, or `answers` one by one.

    The steps are those of an ontology's migration, and what they make must be valid under the version that
    each answer has. `reason` is kept with the change.
    """

    project: str
    filter: Filter = Filter()
    steps: list[dict[str, Any]] = []
    answers: list[GivenAnswer] = []
    reason: str = ""


async def preview(database: Database, caller: Caller, new: NewCorrection) -> Looked:
    """Return what a correction would do, with counts and samples. For managers of the project."""
    project_id = body_id("project", new.project, "/project")
    async with database.connection() as uow:
        project = await service.managed_project(uow, caller, project_id)
    return await _look(database, project_id, project["ontology_version_id"], _terms(new))


async def apply(
    database: Database, uow: UnitOfWork, caller: Caller, enqueue: Enqueue, new: NewCorrection
) -> ChangeView:
    """Have answers corrected; a correction of many waits for a second member's approval."""
    if not new.reason.strip():
        raise Invalid(path="/reason", found=new.reason, expected="why these answers are corrected")
    project_id, terms = body_id("project", new.project, "/project"), _terms(new)
    project = await service.managed_project(uow, caller, project_id)
    looked = await _look(database, project_id, project["ontology_version_id"], terms)
    is_large = looked.touched > CORRECTION_ALONE_ANSWERS_MAX or not looked.complete
    row = await service.add(
        uow,
        caller,
        "correction",
        project,
        project["ontology_version_id"],
        terms,
        state="proposed" if is_large else "waiting",
    )
    if is_large:
        return store.change_view(row)
    return await service.deferred(uow, caller, enqueue, row, terms)


async def approve(uow: UnitOfWork, caller: Caller, enqueue: Enqueue, change_id: UUID) -> ChangeView:
    """Approve what another manager proposed; it is done then."""
    row = await service.held(uow, caller, change_id, "proposed")
    if row["created_by"] == caller.member_id:
        raise Forbidden("A large correction wants a second member: have another manager approve it.")
    try:
        row = await one(uow, QUERIES.set_state, change_id, "waiting", None, None, caller.member_id)
    except asyncpg.UniqueViolationError:
        raise ChangeUnderWay() from None
    await record(uow, service.change_event(row, caller.member_id))
    return await service.deferred(uow, caller, enqueue, row, None)


def _terms(new: NewCorrection) -> Terms:
    if bool(new.steps) == bool(new.answers):
        raise Invalid(path="/steps", found=new.steps, expected="either `steps`, or `answers`")
    if len(new.answers) > CORRECTION_ANSWERS_MAX:
        raise Invalid(
            path="/answers", found=f"{len(new.answers)} answers", expected=f"at most {CORRECTION_ANSWERS_MAX}"
        )
    steps = read_steps(new.steps)
    return Terms(filter=new.filter, steps=steps, answers=tuple(new.answers), reason=new.reason)


async def _look(database: Database, project_id: UUID, version_id: UUID, terms: Terms) -> Looked:
    """Go through the answers as the correction will, without writing."""
    change = Change(
        id=NOWHERE,
        kind="correction",
        project_id=project_id,
        organisation_id=NOWHERE,
        ontology_version_id=version_id,
        terms=terms,
        reverts=None,
        run=0,
        part=0,
        after=NOWHERE,
        counts=Counts(),
        started_at=None,
    )

    async def tell(counts: Counts) -> None:
        return

    correcting = Correcting(database, change, Pace(database), tell)
    await correcting.prepare()

    async def pages() -> AsyncIterator[tuple[Part, Batch]]:
        for part in PARTS:
            async for batch in correcting.batches(part, NOWHERE):
                yield part, batch

    looked = await look(pages(), 0)
    return msgspec.structs.replace(looked, total=looked.looked_at)
