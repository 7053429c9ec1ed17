"""HTTP of invitations: links made by managers, and their acceptance by whoever holds one."""

from __future__ import annotations

from functools import partial

from litestar import Response, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.identity import rules, service_acceptance, service_invitations
from annotary.identity.routes_sessions import Mark, browser, require_own_page, scrypting, signed_in
from annotary.identity.rules_sessions import own_address
from annotary.identity.service import Secret, authenticate, write_access, write_secret
from annotary.identity.values import (
    Acceptance,
    InvitationCode,
    InvitationMade,
    InvitationShown,
    InvitationView,
    MeView,
    NewInvitation,
)
from annotary.infra.http import Page, Request, database
from annotary.kernel.ids import parse_id

CODE = Secret("invitation", rules.new_code, rules.derived_code)


@post("/v1/invitations")
async def add_invitation(request: Request, data: JSONBody[NewInvitation]) -> Response[InvitationMade]:
    """Make a link by which somebody becomes a member, or a member sets a password anew. For managers.

    The link is shown in this reply only: pass it on. A repeated request (same Idempotency-Key) shows it
    again; the code itself is kept nowhere.
    """
    caller = await authenticate(request)
    view, code, headers = await write_secret(
        request, caller, CODE, partial(service_invitations.add, caller, data), InvitationView
    )
    domain: str = request.app.state.settings.domain
    at = own_address(domain, request.headers.get("origin"), request.headers.get("host"))
    made = InvitationMade(view.id, view.kind, f"{at}/invitation#code={code}", code, view.expires_at)
    return Response(made, status_code=201, headers=headers)


@get("/v1/invitations")
async def list_invitations(
    request: Request, limit: FromQuery[int | None] = None, next_token: FromQuery[str | None] = None
) -> Page[InvitationView]:
    """List invitations, those that are over too. For managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_invitations.list_invitations(uow, caller, limit, next_token)


@delete("/v1/invitations/{invitation:str}", status_code=200)
async def withdraw_invitation(request: Request, invitation: FromPath[str]) -> Response[InvitationView]:
    """Withdraw an invitation: its link does nothing any more."""
    caller = await authenticate(request)
    invitation_id = parse_id("invitation", invitation)
    return await write_access(
        request, caller, lambda uow: service_invitations.withdraw(uow, caller, invitation_id)
    )


@post("/v1/invitations/look", status_code=200, security=[{}])
async def look_at_invitation(request: Request, data: JSONBody[InvitationCode]) -> InvitationShown:
    """Return what an invitation is to, for whoever has its code."""
    async with database(request).transaction() as uow:
        return await service_acceptance.look(uow, data.code)


@post("/v1/invitations/accept", security=[{}])
async def accept_invitation(
    request: Request, data: JSONBody[Acceptance], mark: Mark = None
) -> Response[MeView]:
    """Accept an invitation, once, and be signed in. Needs the header `X-Annotary-Request: 1`."""
    require_own_page(request)
    begun = await service_acceptance.accept(database(request), scrypting(request), browser(request), data)
    return await signed_in(request, begun)


ROUTES = [add_invitation, list_invitations, withdraw_invitation, look_at_invitation, accept_invitation]
