"""Changes of a project's answers: asked for, paused, taken up again, cancelled, taken back, read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec

from annotary.eventlog import Event, record
from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one, page_by_id
from annotary.kernel.ids import new_id
from annotary.migration.errors import ChangeUnderWay, NotPossibleNow, UnknownChange
from annotary.migration.store import QUERIES, change_view, encode, unchanged_view
from annotary.migration.values import (
    ChangeKind,
    ChangeRequest,
    ChangeState,
    ChangeView,
    Terms,
    UnchangedView,
)
from annotary.projects.service import read_project

# Writes the job of a change to the queue: caller, kind, request, project; returns the job's id.
Enqueue = Callable[[Caller, str, ChangeRequest, UUID], Awaitable[UUID]]


async def start_migration(
    uow: UnitOfWork, caller: Caller, enqueue: Enqueue, project_id: UUID, terms: Terms
) -> ChangeView:
    """Have a project's answers brought to the ontology version it works with. For its managers."""
    project = await managed_project(uow, caller, project_id)
    row = await add(uow, caller, "migration", project, project["ontology_version_id"], terms)
    return await deferred(uow, caller, enqueue, row, terms)


async def take_back(uow: UnitOfWork, caller: Caller, enqueue: Enqueue, change_id: UUID) -> ChangeView:
    """Have a change taken back: the last one that stands. For managers of the project."""
    change = await held(uow, caller, change_id)
    project = await managed_project(uow, caller, change["project_id"])
    is_migration = change["kind"] == "migration"
    last = await uow.fetchrow(QUERIES.latest_change, change["project_id"], change["kind"])
    if change["started_at"] is None or last is None or (is_migration and last["id"] != change_id):
        raise NotPossibleNow("It did nothing, or later migrations stand: take the last one back first.")
    if is_migration and project["ontology_version_id"] == change["ontology_version_id"]:
        raise NotPossibleNow(
            "The project still works with the version that its answers were brought to: "
            "withdraw its publication, which takes the answers back too."
        )
    if change["state"] == "following":
        await _become(uow, caller, change, "succeeded")
    terms = Terms(to=project["ontology_version_id"] if is_migration else None)
    row = await add(uow, caller, "rollback", project, change["ontology_version_id"], terms, change_id)
    return await deferred(uow, caller, enqueue, row, terms)


async def pause(uow: UnitOfWork, caller: Caller, change_id: UUID) -> ChangeView:
    """Stop a change where it stands."""
    row = await held(uow, caller, change_id, "waiting", "running")
    return await _become(uow, caller, row, "paused")


async def resume(uow: UnitOfWork, caller: Caller, enqueue: Enqueue, change_id: UUID) -> ChangeView:
    """Take a paused change up again."""
    row = await held(uow, caller, change_id, "paused")
    await _become(uow, caller, row, "waiting")
    return await deferred(uow, caller, enqueue, row, None)


async def cancel(uow: UnitOfWork, caller: Caller, change_id: UUID) -> ChangeView:
    """End a change where it stands; what it did until then can be taken back."""
    row = await held(uow, caller, change_id, "proposed", "waiting", "running", "paused", "following")
    return await _become(uow, caller, row, "cancelled")


async def read_change(uow: UnitOfWork, caller: Caller, change_id: UUID) -> ChangeView:
    """Return a change."""
    return change_view(await held(uow, caller, change_id))


async def list_changes(
    uow: UnitOfWork, caller: Caller, project_id: UUID, limit: int | None, next_token: str | None
) -> Page[ChangeView]:
    """Return the changes of a project's answers, oldest first."""
    await managed_project(uow, caller, project_id)
    return await page_by_id(uow, QUERIES.changes_page, change_view, limit, next_token, project_id)


async def list_unchanged(
    uow: UnitOfWork, caller: Caller, change_id: UUID, limit: int | None, next_token: str | None
) -> Page[UnchangedView]:
    """Return the answers that a change left as they were, with the reasons."""
    await held(uow, caller, change_id)
    return await page_by_id(uow, QUERIES.unchanged_page, unchanged_view, limit, next_token, change_id)


async def managed_project(uow: UnitOfWork, caller: Caller, project_id: UUID) -> Row:
    """Return a project for its manager."""
    return await read_project(uow, caller, project_id, Role.MANAGER)


async def add(
    uow: UnitOfWork,
    caller: Caller,
    kind: ChangeKind,
    project: Row,
    version_id: UUID,
    terms: Terms,
    reverts: UUID | None = None,
    state: ChangeState = "waiting",
) -> Row:
    """Write a change, with its event; raises ChangeUnderWay."""
    whose = (project["id"], project["organisation_id"], version_id)
    told = (encode(terms).decode(), reverts, state, caller.member_id)
    row = await uow.fetchrow(QUERIES.add_change, new_id(), kind, *whose, *told)
    if row is None:
        raise ChangeUnderWay()
    await _tell(uow, row, caller.member_id)
    return row


async def deferred(
    uow: UnitOfWork, caller: Caller, enqueue: Enqueue, row: Row, terms: Terms | None
) -> ChangeView:
    """Give a change to the worker; `terms` None: those it has."""
    request = ChangeRequest(
        change_id=row["id"],
        kind=row["kind"],
        project_id=row["project_id"],
        organisation_id=row["organisation_id"],
        ontology_version_id=row["ontology_version_id"],
        terms=terms or Terms(),
        reverts=row["reverts"],
        created_by=row["created_by"],
    )
    job_id = await enqueue(caller, "change", request, row["project_id"])
    return change_view(await one(uow, QUERIES.set_state, row["id"], "waiting", None, job_id, None))


async def held(uow: UnitOfWork, caller: Caller, change_id: UUID, *states: ChangeState) -> Row:
    """Return a change for a manager of its project, locked where it must be in one of some states."""
    row = await uow.fetchrow(QUERIES.hold_change if states else QUERIES.change, change_id)
    if row is None:
        raise UnknownChange()
    access_project(caller, row["project_id"], row["organisation_id"], Role.MANAGER)
    if states and row["state"] not in states:
        raise NotPossibleNow(f"The change is {row['state']}: expected {' or '.join(states)}.")
    return row


async def _become(uow: UnitOfWork, caller: Caller, row: Row, state: ChangeState) -> ChangeView:
    changed = await one(uow, QUERIES.set_state, row["id"], state, None, None, None)
    await _tell(uow, changed, caller.member_id)
    return change_view(changed)


async def _tell(uow: UnitOfWork, row: Row, by: UUID | None) -> None:
    await record(uow, change_event(row, by))


def change_event(row: Row, by: UUID | None) -> Event:
    """Return the fact that a change has come into a state."""
    data = {
        "project": row["project_id"],
        "kind": row["kind"],
        "ontology_version": row["ontology_version_id"],
        "reverts": row["reverts"],
        "job": row["job_id"],
        "counts": msgspec.Raw(row["counts"].encode()),
    }
    return Event(
        organisation_id=row["organisation_id"],
        type=f"change.{row['state']}",
        subject_id=row["id"],
        actor_id=by,
        data=data,
    )
