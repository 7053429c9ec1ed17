"""Slices: filters that a project's team keeps under a name."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import msgspec

from annotary.eventlog import fact, record
from annotary.identity.rules import access_project, project_role
from annotary.identity.values import Caller, Role
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one, page_by_id
from annotary.kernel.errors import PreconditionFailed
from annotary.kernel.ids import new_id
from annotary.kernel.limits import SLICES_PER_PROJECT_MAX
from annotary.kernel.names import body_id, check_name
from annotary.projects.service import read_project
from annotary.slices import rules
from annotary.slices.errors import SliceExists, TooManySlices, UnknownSlice
from annotary.slices.store import QUERIES, slice_view
from annotary.slices.values import ItemFilter, NewSlice, SliceChange, SliceView

_encode = msgspec.json.Encoder().encode


async def add(uow: UnitOfWork, caller: Caller, new: NewSlice) -> SliceView:
    """Keep a filter. For the project's reviewers and managers; a filter by annotator for managers alone."""
    project = await read_project(uow, caller, body_id("project", new.project, "/project"), Role.REVIEWER)
    name = check_name(new.name)
    _check(caller, project["id"], project["organisation_id"], new.filter)
    await uow.execute(QUERIES.hold_project, project["id"])
    if await uow.fetchval(QUERIES.count_slices, project["id"]) >= SLICES_PER_PROJECT_MAX:
        raise TooManySlices()
    values = (project["organisation_id"], project["id"], name, _encode(new.filter).decode(), caller.member_id)
    row = await uow.fetchrow(QUERIES.add_slice, new_id(), *values)
    if row is None:
        raise SliceExists()
    await _tell(uow, caller, "slice.saved", row)
    return slice_view(row)


async def list_slices(
    uow: UnitOfWork, caller: Caller, project: UUID, limit: int | None, next_token: str | None
) -> Page[SliceView]:
    """Return a page of a project's slices."""
    await read_project(uow, caller, project, Role.REVIEWER)
    return await page_by_id(uow, QUERIES.slices, slice_view, limit, next_token, project)


async def change(
    uow: UnitOfWork, caller: Caller, slice_id: UUID, wanted: SliceChange, version: int | None
) -> SliceView:
    """Give a slice another name or filter: for whoever made it, and the project's managers."""
    row = await _hold(uow, caller, slice_id, version)
    name = row["name"] if wanted.name is None else check_name(wanted.name)
    encoded = row["filter"]
    if wanted.filter is not None:
        _check(caller, row["project_id"], row["organisation_id"], wanted.filter)
        encoded = _encode(wanted.filter).decode()
    try:
        async with uow.transaction():
            changed = await one(uow, QUERIES.change_slice, slice_id, name, encoded)
    except asyncpg.UniqueViolationError:
        raise SliceExists() from None
    await _tell(uow, caller, "slice.changed", changed)
    return slice_view(changed)


async def remove(uow: UnitOfWork, caller: Caller, slice_id: UUID) -> SliceView:
    """Forget a slice, and return what it was."""
    row = await _hold(uow, caller, slice_id, None)
    await uow.execute(QUERIES.remove_slice, slice_id)
    await _tell(uow, caller, "slice.removed", row)
    return slice_view(row)


def _check(caller: Caller, project: UUID, organisation: UUID, asked: ItemFilter) -> None:
    rules.wanted(asked, access_project(caller, project, organisation, Role.REVIEWER))


async def _hold(uow: UnitOfWork, caller: Caller, slice_id: UUID, version: int | None) -> Row:
    row = await uow.fetchrow(QUERIES.slice, slice_id)
    role = row and project_role(caller, row["project_id"], row["organisation_id"])
    if row is None or role is None:
        raise UnknownSlice()
    own = row["created_by"] == caller.member_id
    least = Role.REVIEWER if own else Role.MANAGER
    access_project(caller, row["project_id"], row["organisation_id"], least)
    if version is not None and version != row["version"]:
        raise PreconditionFailed(f"The slice is at version {row['version']} now: read it again.")
    return row


async def _tell(uow: UnitOfWork, caller: Caller, kind: str, row: Row) -> None:
    data = {"project": row["project_id"], "name": row["name"], "version": row["version"]}
    await record(uow, fact(kind, row, caller.member_id, data))
