"""Invitations: made, listed, withdrawn. A link is shown once, to be passed on by hand: there is no mail."""

from __future__ import annotations

from uuid import UUID

import msgspec

from annotary import eventlog
from annotary.identity import rules
from annotary.identity.errors import (
    MemberRemoved,
    TooManyInvitations,
    UnknownInvitation,
    UnknownMember,
    UnknownProject,
)
from annotary.identity.store import INVITATIONS, QUERIES, invitation_view
from annotary.identity.values import (
    Caller,
    InvitationView,
    InvitedProject,
    NewInvitation,
    Role,
)
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one, page_by_id
from annotary.kernel import limits
from annotary.kernel.errors import Invalid
from annotary.kernel.names import body_id, check_name


async def add(
    caller: Caller, new: NewInvitation, uow: UnitOfWork, invitation_id: UUID, code: str
) -> InvitationView:
    """Make a link for a role, or for a member's password, that the caller decides about."""
    rules.require_role(caller, Role.MANAGER)
    if new.kind == "reset":
        role, member = await _reset(uow, caller, new)
    else:
        role, member = _invitation(caller, new), None
    opened = await uow.fetchval(
        INVITATIONS.open_invitations, caller.organisation_id, limits.INVITATIONS_OPEN_MAX
    )
    if opened >= limits.INVITATIONS_OPEN_MAX:
        raise TooManyInvitations
    projects = await _projects(uow, caller, new.projects)
    row = await one(
        uow,
        INVITATIONS.add_invitation,
        *(invitation_id, caller.organisation_id, new.kind, role.word),
        check_name(new.name) if new.name is not None else None,
        rules.check_email(new.email),
        projects,
        rules.token_hash(code.encode()),
        *(member, caller.member_id, limits.INVITATION_SECONDS_MAX),
    )
    await eventlog.record(uow, eventlog.fact("invitation.created", row, caller.member_id, {"kind": new.kind}))
    return invitation_view(row)


async def list_invitations(
    uow: UnitOfWork, caller: Caller, limit: int | None, next_token: str | None
) -> Page[InvitationView]:
    """Return the invitations to roles that the caller decides about, those that are over too."""
    rules.require_role(caller, Role.MANAGER)
    governed = [role.word for role in Role if rules.may_govern(caller, role)]
    return await page_by_id(
        uow,
        INVITATIONS.invitations_page,
        invitation_view,
        limit,
        next_token,
        caller.organisation_id,
        governed,
    )


async def withdraw(uow: UnitOfWork, caller: Caller, invitation_id: UUID) -> InvitationView:
    """Withdraw an invitation: its link does nothing any more. One that is over stays as it is."""
    rules.require_role(caller, Role.MANAGER)
    row = await uow.fetchrow(INVITATIONS.invitation, caller.organisation_id, invitation_id)
    if row is None:
        raise UnknownInvitation
    rules.require_governing(caller, Role.of(row["role"]))
    if row["state"] != "open":
        return invitation_view(row)
    ended = await one(uow, INVITATIONS.end_invitation, invitation_id, "withdrawn", None)
    await eventlog.record(uow, eventlog.fact("invitation.withdrawn", row, caller.member_id))
    return invitation_view(ended)


def _invitation(caller: Caller, new: NewInvitation) -> Role:
    if new.role is None or new.member is not None:
        raise Invalid(path="/role", found=new.role, expected="a role, and no `member`, for an invitation")
    role = Role.of(new.role)
    rules.require_governing(caller, role)
    return role


async def _reset(uow: UnitOfWork, caller: Caller, new: NewInvitation) -> tuple[Role, UUID]:
    if new.member is None or new.role or new.name or new.email or new.projects:
        raise Invalid(path="/member", found=new.member, expected="a member, and nothing else, for a reset")
    member_id = body_id("member", new.member, "/member")
    member: Row | None = await uow.fetchrow(QUERIES.hold_member, caller.organisation_id, member_id)
    if member is None:
        raise UnknownMember(path="/member")
    role = Role.of(member["role"])
    rules.require_governing(caller, role)
    if member["state"] == "removed":
        raise MemberRemoved(path="/member")
    await uow.execute(INVITATIONS.withdraw_resets_of, member_id)
    return role, member_id


async def _projects(uow: UnitOfWork, caller: Caller, projects: list[InvitedProject]) -> str:
    if len(projects) > limits.INVITATION_PROJECTS_MAX:
        expected = f"at most {limits.INVITATION_PROJECTS_MAX} projects"
        raise Invalid(path="/projects", found=f"{len(projects)} projects", expected=expected)
    ids = [body_id("project", one.project, f"/projects/{n}/project") for n, one in enumerate(projects)]
    if len(set(ids)) < len(ids):
        raise Invalid(path="/projects", found="a project twice", expected="each project once")
    there = {row["id"] for row in await uow.fetch(INVITATIONS.projects_there, caller.organisation_id, ids)}
    for number, project_id in enumerate(ids):
        if project_id not in there:
            raise UnknownProject(path=f"/projects/{number}/project")
    return msgspec.json.encode(projects).decode()
