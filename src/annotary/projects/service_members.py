"""Who is on a project, and with which role."""

from __future__ import annotations

from uuid import UUID

from annotary import eventlog
from annotary.eventlog import Event
from annotary.identity import service_members as identity_members
from annotary.identity.errors import MemberRemoved, UnknownMember
from annotary.identity.values import Caller, ProjectRoleName, Role
from annotary.infra.http import Page
from annotary.infra.postgres import UnitOfWork
from annotary.infra.rows import one, page_by_id
from annotary.kernel.ids import format_id
from annotary.projects import rules
from annotary.projects.errors import NotOnProject
from annotary.projects.service import hold_project, read_project
from annotary.projects.store import QUERIES, project_member_view
from annotary.projects.values import JoinedMember, ProjectMemberView


async def put_member(
    uow: UnitOfWork, caller: Caller, project_id: UUID, member_id: UUID, role: ProjectRoleName
) -> ProjectMemberView:
    """Put a member on a project, or change the role there. For the project's managers."""
    await hold_project(uow, caller, project_id)
    member = await uow.fetchrow(QUERIES.hold_member, caller.organisation_id, member_id)
    if member is None:
        raise UnknownMember
    if member["state"] == "removed":
        raise MemberRemoved
    rules.require_appointing(caller, Role.of(role))
    before = await uow.fetchrow(QUERIES.project_member, project_id, member_id)
    if before is not None:
        rules.require_appointing(caller, Role.of(before["role"]))
        if before["role"] == role:
            return project_member_view(before)
    await uow.execute(QUERIES.put_project_member, project_id, member_id, caller.organisation_id, role)
    kind = "project_member.added" if before is None else "project_member.changed"
    await eventlog.record(uow, _event(caller, kind, project_id, member_id, role))
    row = await one(uow, QUERIES.project_member, project_id, member_id)
    return project_member_view(row, JoinedMember if before is None else ProjectMemberView)


async def remove_member(
    uow: UnitOfWork, caller: Caller, project_id: UUID, member_id: UUID
) -> ProjectMemberView:
    """Take a member off a project; what the member submitted stays. For the project's managers."""
    await hold_project(uow, caller, project_id)
    row = await uow.fetchrow(QUERIES.project_member, project_id, member_id)
    if row is None:
        raise NotOnProject
    rules.require_appointing(caller, Role.of(row["role"]))
    await uow.execute(QUERIES.remove_project_member, project_id, member_id)
    await eventlog.record(uow, _event(caller, "project_member.removed", project_id, member_id, row["role"]))
    return project_member_view(row)


async def read_member(
    uow: UnitOfWork, caller: Caller, project_id: UUID, member_id: UUID
) -> ProjectMemberView:
    """Return a member's role on a project: one's own, or anybody's for reviewers and above."""
    own = member_id == caller.member_id
    await read_project(uow, caller, project_id, Role.ANNOTATOR if own else Role.REVIEWER)
    row = await uow.fetchrow(QUERIES.project_member, project_id, member_id)
    if row is None:
        raise NotOnProject
    return project_member_view(row)


async def list_members(
    uow: UnitOfWork, caller: Caller, project_id: UUID, limit: int | None, next_token: str | None
) -> Page[ProjectMemberView]:
    """Return who is on a project. For reviewers and above."""
    await read_project(uow, caller, project_id, Role.REVIEWER)
    return await page_by_id(
        uow, QUERIES.project_members_page, project_member_view, limit, next_token, project_id
    )


async def list_projects_of(
    uow: UnitOfWork, caller: Caller, member_id: UUID, limit: int | None, next_token: str | None
) -> Page[ProjectMemberView]:
    """Return the projects a member is on, with the role there: one's own, or anybody's for a manager."""
    await identity_members.read_member(uow, caller, member_id)
    return await page_by_id(
        uow, QUERIES.projects_of_member_page, project_member_view, limit, next_token, member_id
    )


def _event(caller: Caller, kind: str, project_id: UUID, member_id: UUID, role: str) -> Event:
    return Event(
        organisation_id=caller.organisation_id,
        type=kind,
        subject_id=project_id,
        actor_id=caller.member_id,
        data={"member": format_id("member", member_id), "role": role},
    )
