"""Organisations and their members: make, change, remove. A removed member's name stays in the record."""

from __future__ import annotations

from uuid import UUID

import asyncpg
from msgspec import UNSET

from annotary import eventlog
from annotary.eventlog import Event
from annotary.identity import rules
from annotary.identity.errors import EmailTaken, LastOwner, MemberRemoved, UnknownMember
from annotary.identity.store import INVITATIONS, PASSWORDS, QUERIES, member_view, organisation_view
from annotary.identity.values import (
    Caller,
    MemberChange,
    MemberView,
    MeView,
    NewMember,
    OrganisationChange,
    OrganisationView,
    OwnChange,
    OwnProject,
    Role,
)
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one, page_by_id
from annotary.kernel.errors import PreconditionFailed
from annotary.kernel.ids import format_id, new_id
from annotary.kernel.names import check_name


async def read_me(uow: UnitOfWork, caller: Caller) -> MeView:
    """Return who the caller is, and the projects the caller is on."""
    member = await one(uow, QUERIES.member, caller.organisation_id, caller.member_id)
    organisation = await one(uow, QUERIES.organisation, caller.organisation_id)
    projects = [OwnProject(format_id("project", key), role.word) for key, role in caller.projects.items()]
    has_password = await uow.fetchval(PASSWORDS.has_password, caller.member_id)
    return MeView(member_view(member), organisation_view(organisation), projects, has_password)


async def change_own(uow: UnitOfWork, caller: Caller, change: OwnChange) -> MemberView:
    """Change the caller's own name or e-mail."""
    row = await one(uow, QUERIES.hold_member, caller.organisation_id, caller.member_id)
    name = row["name"] if change.name is UNSET else check_name(change.name)
    email = row["email"] if change.email is UNSET else rules.check_email(change.email)
    try:
        changed = await one(uow, QUERIES.change_own, row["id"], name, email)
    except asyncpg.UniqueViolationError:
        raise EmailTaken(path="/email") from None
    await eventlog.record(uow, _event(caller, "member.changed", row["id"], name=name, role=row["role"]))
    return member_view(changed)


async def read_organisation(uow: UnitOfWork, caller: Caller) -> OrganisationView:
    """Return the caller's organisation."""
    return organisation_view(await one(uow, QUERIES.organisation, caller.organisation_id))


async def change_organisation(
    uow: UnitOfWork, caller: Caller, change: OrganisationChange, version: int | None
) -> OrganisationView:
    """Rename the caller's organisation."""
    rules.require_role(caller, Role.OWNER)
    row = await one(uow, QUERIES.hold_organisation, caller.organisation_id)
    check_version(row, version)
    if change.name is UNSET:
        return organisation_view(row)
    row = await one(uow, QUERIES.rename_organisation, row["id"], check_name(change.name))
    await eventlog.record(uow, _event(caller, "organisation.changed", row["id"], name=row["name"]))
    return organisation_view(row)


async def list_members(
    uow: UnitOfWork, caller: Caller, limit: int | None, next_token: str | None
) -> Page[MemberView]:
    """Return the members of the caller's organisation, removed ones too."""
    rules.require_role(caller, Role.MANAGER)
    return await page_by_id(uow, QUERIES.members_page, member_view, limit, next_token, caller.organisation_id)


async def read_member(uow: UnitOfWork, caller: Caller, member_id: UUID) -> MemberView:
    """Return one member: oneself, or any for a manager."""
    if member_id != caller.member_id:
        rules.require_role(caller, Role.MANAGER)
    row = await uow.fetchrow(QUERIES.member, caller.organisation_id, member_id)
    if row is None:
        raise UnknownMember
    return member_view(row)


async def add_member(uow: UnitOfWork, caller: Caller, new: NewMember) -> MemberView:
    """Make a member of a role the caller decides about."""
    rules.require_governing(caller, Role.of(new.role))
    name, email = check_name(new.name), rules.check_email(new.email)
    row = await uow.fetchrow(QUERIES.add_member, new_id(), caller.organisation_id, name, email, new.role)
    if row is None:
        taken = await uow.fetchval(QUERIES.member_with_email, caller.organisation_id, email)
        raise EmailTaken(path="/email", existing=format_id("member", taken) if taken else None)
    await eventlog.record(uow, _event(caller, "member.created", row["id"], name=name, role=new.role))
    return member_view(row)


async def change_member(
    uow: UnitOfWork, caller: Caller, member_id: UUID, change: MemberChange, version: int | None
) -> MemberView:
    """Change a member's name or role; the caller must decide about the old role and the new one."""
    row = await _hold(uow, caller, member_id)
    if row["state"] == "removed":
        raise MemberRemoved
    check_version(row, version)
    role = row["role"] if change.role is UNSET else change.role
    name = row["name"] if change.name is UNSET else check_name(change.name)
    rules.require_governing(caller, Role.of(role))
    if row["role"] == "owner" and role != "owner":
        await _require_other_owner(uow, caller, member_id)
    row = await one(uow, QUERIES.change_member, member_id, name, role)
    await eventlog.record(uow, _event(caller, "member.changed", member_id, name=name, role=role))
    return member_view(row)


async def remove_member(uow: UnitOfWork, caller: Caller, member_id: UUID, version: int | None) -> MemberView:
    """Remove a member: every token is revoked and every project left; what was submitted stays attributed."""
    row = await _hold(uow, caller, member_id)
    if row["state"] == "removed":
        return member_view(row)
    check_version(row, version)
    if row["role"] == "owner":
        await _require_other_owner(uow, caller, member_id)
    tokens = await uow.fetch(QUERIES.revoke_tokens_of, member_id)
    projects = await uow.fetch(QUERIES.leave_projects, member_id)
    await uow.execute(QUERIES.forget_password, member_id)
    await uow.execute(INVITATIONS.withdraw_invitations_of, member_id)
    row = await one(uow, QUERIES.remove_member, member_id)
    member = format_id("member", member_id)
    await eventlog.record(
        uow,
        *[_event(caller, "token.revoked", token["id"], member=member) for token in tokens],
        *[
            _event(caller, "project_member.removed", left["project_id"], member=member, role=left["role"])
            for left in projects
        ],
        _event(caller, "member.removed", member_id, name=row["name"], role=row["role"]),
    )
    return member_view(row)


def check_version(row: Row, version: int | None) -> None:
    """Raise PreconditionFailed when the row was changed since the version that the caller saw."""
    if version is not None and row["version"] != version:
        raise PreconditionFailed(
            f"Version {version} was changed meanwhile: it is {row['version']} now. Read it again and repeat.",
            version=row["version"],
        )


async def _hold(uow: UnitOfWork, caller: Caller, member_id: UUID) -> Row:
    """Lock a member the caller decides about. Owners first: always one order, so that nobody deadlocks."""
    rules.require_role(caller, Role.MANAGER)
    await uow.fetch(QUERIES.hold_owners, caller.organisation_id)
    row = await uow.fetchrow(QUERIES.hold_member, caller.organisation_id, member_id)
    if row is None:
        raise UnknownMember
    rules.require_governing(caller, Role.of(row["role"]))
    return row


async def _require_other_owner(uow: UnitOfWork, caller: Caller, member_id: UUID) -> None:
    owners = await uow.fetch(QUERIES.hold_owners, caller.organisation_id)
    if all(owner["id"] == member_id for owner in owners):
        raise LastOwner


def _event(caller: Caller, kind: str, subject_id: UUID, **data: object) -> Event:
    return Event(
        organisation_id=caller.organisation_id,
        type=kind,
        subject_id=subject_id,
        actor_id=caller.member_id,
        data=data,
    )
