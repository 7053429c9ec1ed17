"""Tokens: make, list, revoke. Only a token's hash is ever stored, and the secret is shown once."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from annotary import eventlog
from annotary.eventlog import Event
from annotary.identity import rules
from annotary.identity.errors import MemberRemoved, RoleTooLow, UnknownMember, UnknownToken
from annotary.identity.store import QUERIES, token_view
from annotary.identity.values import Caller, NewToken, Role, TokenView
from annotary.infra.http import Page
from annotary.infra.postgres import UnitOfWork
from annotary.infra.rows import one, page_by_id
from annotary.kernel.clock import Clock, system_clock
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id, parse_id
from annotary.kernel.names import body_id, check_name


async def add_token(
    caller: Caller,
    new: NewToken,
    uow: UnitOfWork,
    token_id: UUID,
    secret: str,
    clock: Clock = system_clock,
) -> TokenView:
    """Store the hash of a new token of the caller, or of a member the caller decides about."""
    member_id = caller.member_id if new.member is None else body_id("member", new.member, "/member")
    name, expires_at = check_name(new.name), _check_expiry(new.expires_at, clock)
    if member_id != caller.member_id and caller.role < Role.MANAGER:
        raise RoleTooLow("You may make tokens for yourself only: leave `member` out.", path="/member")
    member = await uow.fetchrow(QUERIES.hold_member, caller.organisation_id, member_id)
    if member is None:
        raise UnknownMember(path="/member")
    if not rules.may_hold_tokens_of(caller, member_id, Role.of(member["role"])):
        raise RoleTooLow(f"You may not make tokens for a member who is {member['role']}.", path="/member")
    if member["state"] == "removed":
        raise MemberRemoved(path="/member")
    row = await one(
        uow,
        QUERIES.add_token,
        token_id,
        caller.organisation_id,
        member_id,
        name,
        rules.token_hash(secret.encode()),
        expires_at,
    )
    await eventlog.record(uow, _event(caller, "token.created", token_id, member_id))
    return token_view(row)


async def list_tokens(
    uow: UnitOfWork, caller: Caller, member: str | None, limit: int | None, next_token: str | None
) -> Page[TokenView]:
    """Return the tokens of the caller and of members the caller decides about, or of one of them."""
    member_id = None if member is None else parse_id("member", member)
    governed = [role.word for role in Role if rules.may_govern(caller, role)]
    return await page_by_id(
        uow,
        QUERIES.tokens_page,
        token_view,
        limit,
        next_token,
        caller.organisation_id,
        member_id,
        caller.member_id,
        governed,
    )


async def revoke_token(uow: UnitOfWork, caller: Caller, token_id: UUID) -> TokenView:
    """Revoke a token: whoever uses it, or a session begun with it, is refused at once."""
    row = await uow.fetchrow(QUERIES.token, caller.organisation_id, token_id)
    if row is None or not rules.may_hold_tokens_of(caller, row["member_id"], Role.of(row["role"])):
        raise UnknownToken
    if row["revoked_at"] is not None:
        return token_view(row)
    revoked = await one(uow, QUERIES.revoke_token, token_id)
    ended = [token_id, *revoked["sessions"]]
    await eventlog.record(uow, *(_event(caller, "token.revoked", key, row["member_id"]) for key in ended))
    return token_view(revoked)


def _check_expiry(expires_at: datetime | None, clock: Clock) -> datetime | None:
    if expires_at is None:
        return None
    if expires_at.tzinfo is None:
        raise Invalid(path="/expires_at", found=expires_at.isoformat(), expected="a time with its zone")
    try:
        expires_at = expires_at.astimezone(UTC)
    except OverflowError:
        raise Invalid(path="/expires_at", found=expires_at.isoformat(), expected="a time in UTC") from None
    if expires_at <= clock():
        raise Invalid(path="/expires_at", found=expires_at.isoformat(), expected="a time to come")
    return expires_at


def _event(caller: Caller, kind: str, token_id: UUID, member_id: UUID) -> Event:
    return Event(
        organisation_id=caller.organisation_id,
        type=kind,
        subject_id=token_id,
        actor_id=caller.member_id,
        data={"member": format_id("member", member_id)},
    )
