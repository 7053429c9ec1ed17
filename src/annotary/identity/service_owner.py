"""Owners made without a caller: on an empty installation, and when every owner token is lost."""

from __future__ import annotations

from uuid import UUID

from annotary import eventlog
from annotary.eventlog import Event
from annotary.identity import rules
from annotary.identity.errors import UnknownMember
from annotary.identity.store import QUERIES
from annotary.infra.postgres import UnitOfWork
from annotary.infra.rows import one
from annotary.kernel.ids import format_id, new_id

FIRST_ORGANISATION = "My organisation"
FIRST_OWNER = "Owner"


async def make_first_owner(uow: UnitOfWork) -> str | None:
    """Make an organisation and its owner when there is no organisation; returns the owner's token."""
    await uow.execute(QUERIES.hold_organisations)
    if await uow.fetchrow(QUERIES.first_organisation) is not None:
        return None
    organisation = await one(uow, QUERIES.add_organisation, new_id(), FIRST_ORGANISATION)
    owner = await one(uow, QUERIES.add_member, new_id(), organisation["id"], FIRST_OWNER, None, "owner")
    made = Event(
        organisation_id=organisation["id"],
        type="organisation.created",
        subject_id=organisation["id"],
        data={"name": FIRST_ORGANISATION},
    )
    joined = Event(
        organisation_id=organisation["id"],
        type="member.created",
        subject_id=owner["id"],
        data={"name": FIRST_OWNER, "role": "owner"},
    )
    await eventlog.record(uow, made, joined)
    return await _add_token(uow, organisation["id"], owner["id"], "first token")


async def make_owner_token(uow: UnitOfWork) -> str:
    """Make a token for the oldest owner."""
    owner = await uow.fetchrow(QUERIES.first_owner)
    if owner is None:
        raise UnknownMember("No owner is left to make a token for.")
    return await _add_token(uow, owner["organisation_id"], owner["id"], "recovered on the server")


async def _add_token(uow: UnitOfWork, organisation_id: UUID, member_id: UUID, name: str) -> str:
    token_id, secret = new_id(), rules.new_token()
    digest = rules.token_hash(secret.encode())
    await one(uow, QUERIES.add_token, token_id, organisation_id, member_id, name, digest, None)
    event = Event(
        organisation_id=organisation_id,
        type="token.created",
        subject_id=token_id,
        data={"member": format_id("member", member_id)},
    )
    await eventlog.record(uow, event)
    return secret
