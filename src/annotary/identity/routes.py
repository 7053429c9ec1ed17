"""HTTP of identity: who I am, the organisation, its members and their tokens."""

from __future__ import annotations

from functools import partial

from litestar import Response, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody

from annotary.identity import rules, service_members, service_tokens
from annotary.identity.service import Secret, authenticate, write_access, write_secret
from annotary.identity.values import (
    MemberChange,
    MemberView,
    MeView,
    NewMember,
    NewToken,
    OrganisationChange,
    OrganisationView,
    OwnChange,
    TokenMade,
    TokenView,
)
from annotary.infra.http import Page, Request, database, etag, if_match
from annotary.kernel.ids import parse_id


@get("/v1/me")
async def read_me(request: Request) -> MeView:
    """Return the member the token belongs to."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_members.read_me(uow, caller)


@patch("/v1/me")
async def change_own(request: Request, data: JSONBody[OwnChange]) -> Response[MemberView]:
    """Change one's own name or e-mail."""
    caller = await authenticate(request)
    return await write_access(request, caller, lambda uow: service_members.change_own(uow, caller, data))


@get("/v1/organisation")
async def read_organisation(request: Request) -> Response[OrganisationView]:
    """Return the caller's organisation."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        view = await service_members.read_organisation(uow, caller)
    return Response(view, headers=etag(view.version))


@patch("/v1/organisation")
async def change_organisation(
    request: Request, data: JSONBody[OrganisationChange]
) -> Response[OrganisationView]:
    """Rename the organisation. For owners."""
    caller = await authenticate(request)
    return await write_access(
        request,
        caller,
        lambda uow: service_members.change_organisation(uow, caller, data, if_match(request)),
        headers=lambda view: etag(view.version),
    )


@get("/v1/members")
async def list_members(
    request: Request, limit: FromQuery[int | None] = None, next_token: FromQuery[str | None] = None
) -> Page[MemberView]:
    """List the organisation's members, removed ones too. For managers."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_members.list_members(uow, caller, limit, next_token)


@post("/v1/members")
async def add_member(request: Request, data: JSONBody[NewMember]) -> Response[MemberView]:
    """Make a member. Managers make reviewers and annotators, owners all."""
    caller = await authenticate(request)
    return await write_access(
        request,
        caller,
        lambda uow: service_members.add_member(uow, caller, data),
        status=201,
        headers=lambda view: etag(view.version),
    )


@get("/v1/members/{member:str}")
async def read_member(request: Request, member: FromPath[str]) -> Response[MemberView]:
    """Return a member: oneself, or any for a manager."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        view = await service_members.read_member(uow, caller, parse_id("member", member))
    return Response(view, headers=etag(view.version))


@patch("/v1/members/{member:str}")
async def change_member(
    request: Request, member: FromPath[str], data: JSONBody[MemberChange]
) -> Response[MemberView]:
    """Change a member's name or role."""
    caller = await authenticate(request)
    member_id = parse_id("member", member)
    return await write_access(
        request,
        caller,
        lambda uow: service_members.change_member(uow, caller, member_id, data, if_match(request)),
        headers=lambda view: etag(view.version),
    )


@delete("/v1/members/{member:str}", status_code=200)
async def remove_member(request: Request, member: FromPath[str]) -> Response[MemberView]:
    """Remove a member: tokens are revoked at once; what was submitted stays attributed to the name."""
    caller = await authenticate(request)
    member_id = parse_id("member", member)
    return await write_access(
        request,
        caller,
        lambda uow: service_members.remove_member(uow, caller, member_id, if_match(request)),
    )


TOKEN = Secret("token", rules.new_token, rules.derived_token)


@post("/v1/tokens")
async def add_token(request: Request, data: JSONBody[NewToken]) -> Response[TokenMade]:
    """Make a token for oneself, or for a member one decides about. The secret is shown in this reply only.

    A repeated request (same Idempotency-Key) shows it again; the secret itself is kept nowhere.
    """
    caller = await authenticate(request)
    view, secret, headers = await write_secret(
        request, caller, TOKEN, partial(service_tokens.add_token, caller, data), TokenView
    )
    made = TokenMade(view.id, secret, view.member, view.name, view.created_at, view.expires_at)
    return Response(made, status_code=201, headers=headers)


@get("/v1/tokens")
async def list_tokens(
    request: Request,
    member: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    next_token: FromQuery[str | None] = None,
) -> Page[TokenView]:
    """List tokens: one's own, and those of members one decides about. Never the secrets."""
    caller = await authenticate(request)
    async with database(request).connection() as uow:
        return await service_tokens.list_tokens(uow, caller, member, limit, next_token)


@delete("/v1/tokens/{token:str}", status_code=200)
async def revoke_token(request: Request, token: FromPath[str]) -> Response[TokenView]:
    """Revoke a token."""
    caller = await authenticate(request)
    token_id = parse_id("token", token)
    return await write_access(request, caller, lambda uow: service_tokens.revoke_token(uow, caller, token_id))


ROUTES = [
    read_me,
    change_own,
    read_organisation,
    change_organisation,
    list_members,
    add_member,
    read_member,
    change_member,
    remove_member,
    add_token,
    list_tokens,
    revoke_token,
]
