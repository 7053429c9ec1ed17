"""Accepting an invitation: a new member with a password, or a member's new password; then a session."""

from __future__ import annotations

import asyncpg

from annotary import eventlog
from annotary.identity import rules, rules_passwords, service_passwords, service_sessions
from annotary.identity.errors import EmailTaken, InvitationOver, NoEmail, UnknownInvitation
from annotary.identity.service_passwords import Scrypting
from annotary.identity.service_sessions import Begun, Browser
from annotary.identity.store import INVITATIONS, QUERIES, invited_projects
from annotary.identity.values import Acceptance, InvitationShown, Role
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id, new_id, parse_id
from annotary.kernel.names import check_name


async def look(uow: UnitOfWork, code: str) -> InvitationShown:
    """Return what the holder of a link may know; raises UnknownInvitation, or InvitationOver."""
    row = await _hold(uow, code)
    return InvitationShown(
        kind=row["kind"],
        organisation=row["organisation"],
        invited_by=row["invited_by"],
        role=row["role"],
        name=row["member_name"] or row["name"],
        email=row["member_email"] or row["email"],
        expires_at=row["expires_at"],
    )


async def accept(database: Database, scrypting: Scrypting, browser: Browser, given: Acceptance) -> Begun:
    """Accept an invitation, once: whoever comes second with the same link is told so."""
    async with database.transaction() as uow:
        row = await _hold(uow, given.code)
    name, email = _named(row, given)
    rules_passwords.check_password(given.password, *rules_passwords.own_words(email, name))
    # Between two transactions, since it takes its time; what was looked at is looked at again.
    kept = await scrypting.keep(given.password)
    async with database.transaction() as uow:
        row = await _hold(uow, given.code)
        name, email = _named(row, given)
        if row["kind"] == "reset":
            member = await _reset(uow, row, email)
        else:
            member = await _join(uow, row, name, email)
        await service_passwords.put(uow, member["organisation_id"], member["id"], kept)
        await one(uow, INVITATIONS.end_invitation, row["id"], "accepted", member["id"])
        await eventlog.record(uow, eventlog.fact("invitation.accepted", row, member["id"]))
        return await service_sessions.begin(uow, browser, member["organisation_id"], member["id"])


def _named(row: Row, given: Acceptance) -> tuple[str, str]:
    """Return the name and the e-mail that the member will have."""
    name = row["member_name"] or given.name or row["name"]
    email = row["member_email"] or given.email or row["email"]
    if name is None:
        raise Invalid(path="/name", found=None, expected="a name")
    if email is None:
        raise NoEmail(path="/email")
    return check_name(name), rules.check_email(email) or ""


async def _hold(uow: UnitOfWork, code: str) -> Row:
    """Lock the open invitation of a code, if whoever made it may still do so."""
    digest = rules.token_hash(code.encode("utf-8", "surrogateescape"))
    row = await uow.fetchrow(INVITATIONS.invitation_of_code, digest)
    if row is None:
        raise UnknownInvitation
    role = Role.of(row["member_role"] or row["role"])
    offered = row["inviter_state"] == "active" and rules.governs(Role.of(row["inviter_role"]), role)
    if row["state"] != "open" or row["over"] or not offered or row["member_state"] == "removed":
        raise InvitationOver
    return row


async def _join(uow: UnitOfWork, row: Row, name: str, email: str) -> Row:
    """Make the member, on the projects that are still there."""
    organisation = row["organisation_id"]
    member = await uow.fetchrow(QUERIES.add_member, new_id(), organisation, name, email, row["role"])
    if member is None:
        raise EmailTaken(path="/email")
    told = {"name": name, "role": row["role"]}
    facts = [eventlog.fact("member.created", member, row["created_by"], told)]
    wanted = {parse_id("project", one.project): one.role for one in invited_projects(row)}
    for there in await uow.fetch(INVITATIONS.projects_there, organisation, list(wanted)):
        role = wanted[there["id"]]
        await uow.execute(INVITATIONS.join_project, there["id"], member["id"], organisation, role)
        joined = {"member": format_id("member", member["id"]), "role": role}
        facts.append(eventlog.fact("project_member.added", there, row["created_by"], joined))
    await eventlog.record(uow, *facts)
    return member


async def _reset(uow: UnitOfWork, row: Row, email: str) -> Row:
    """Sign the member out everywhere; one who had no e-mail gets the one given."""
    member = await one(uow, QUERIES.hold_member, row["organisation_id"], row["member_id"])
    if member["email"] is None:
        try:
            member = await one(uow, QUERIES.change_own, member["id"], member["name"], email)
        except asyncpg.UniqueViolationError:
            raise EmailTaken(path="/email") from None
        told = {"name": member["name"], "role": member["role"]}
        await eventlog.record(uow, eventlog.fact("member.changed", member, member["id"], told))
    await service_sessions.end_sessions(uow, member["id"], member["id"])
    return member
