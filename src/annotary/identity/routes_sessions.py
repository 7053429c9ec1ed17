"""HTTP of signing in and out: the session's cookie, and the browsers that are signed in."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, delete, get, post, put
from litestar.datastructures import Cookie
from litestar.params import FromPath, HeaderParameter, JSONBody

from annotary.identity import rules_sessions, service_members, service_passwords, service_sessions
from annotary.identity.rules_passwords import attempts_of, caller_address
from annotary.identity.service import AccessCache, authenticate, presented, write_access
from annotary.identity.service_passwords import Attempt, Scrypting
from annotary.identity.service_sessions import Begun, Browser
from annotary.identity.values import MeView, NewPassword, NewSession, SessionView
from annotary.infra.http import Page, Request, database
from annotary.infra.settings import Settings
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import parse_id
from annotary.kernel.limits import SESSION_SECONDS_MAX

Mark = Annotated[str | None, HeaderParameter(name=rules_sessions.MARK)]


@post("/v1/session", security=[{}])
async def begin_session(request: Request, data: JSONBody[NewSession], mark: Mark = None) -> Response[MeView]:
    """Sign in: the reply sets the session's cookie. Needs the header `X-Annotary-Request: 1`."""
    require_own_page(request)
    return await signed_in(request, await _begun(request, data))


async def _begun(request: Request, data: NewSession) -> Begun:
    if data.token is not None and data.email is data.password is None:
        async with database(request).transaction() as uow:
            return await service_sessions.begin_with_token(uow, browser(request), data.token)
    if data.token is not None or data.email is None or data.password is None:
        raise Invalid(path="/", found=_given(data), expected="`token`, or `email` and `password`")
    attempt = Attempt(data.email, data.password, address(request))
    return await service_passwords.sign_in(database(request), scrypting(request), browser(request), attempt)


def _given(data: NewSession) -> list[str]:
    return [name for name, value in msgspec.structs.asdict(data).items() if value is not None]


@delete("/v1/session", status_code=204, security=[{"session": []}])
async def end_session(request: Request, mark: Mark = None) -> Response[None]:
    """Sign out: the session ends, and the cookie is taken back. Without a session nothing happens."""
    require_own_page(request)
    secret = rules_sessions.session_in(request.scope["headers"])
    if secret is not None:
        async with database(request).transaction() as uow:
            await service_sessions.end_present(uow, rules_sessions.session_hash(secret))
    _access(request).clear()
    return Response(None, status_code=204, cookies=[_cookie(request, "", 0)])


@put("/v1/me/password", status_code=204)
async def set_password(request: Request, data: JSONBody[NewPassword]) -> Response[None]:
    """Set one's password. The caller's other sessions end.

    `current` is needed where there is a password, unless the caller came with a token: whoever holds one
    could make others anyway, and it is the way back in.
    """
    caller = await authenticate(request)
    async with database(request).transaction() as uow:
        shown = await service_sessions.present(uow, presented(request))
        me = await service_members.read_me(uow, caller)
    if shown is None or (shown["kind"] == "session" and shown["made_with"] is None):
        email = me.member.email or me.member.id
        counted = attempts_of(_settings(request).signing_key, email, address(request))
        await service_passwords.check_current(
            database(request), scrypting(request), counted, caller.member_id, data.current
        )
    await service_passwords.set_own(database(request), scrypting(request), caller, shown, data.password)
    _access(request).clear()
    return Response(None, status_code=204)


@get("/v1/me/sessions")
async def list_sessions(request: Request) -> Page[SessionView]:
    """List the browsers in which the caller is signed in, the latest first."""
    caller = await authenticate(request)
    async with database(request).transaction() as uow:
        return await service_sessions.list_sessions(uow, caller, presented(request))


@delete("/v1/me/sessions/{session:str}", status_code=204)
async def end_one_session(request: Request, session: FromPath[str]) -> Response[None]:
    """Sign a browser out."""
    caller = await authenticate(request)
    session_id = parse_id("session", session)
    return await write_access(
        request, caller, lambda uow: service_sessions.end_session(uow, caller, session_id), status=204
    )


async def signed_in(request: Request, begun: Begun) -> Response[MeView]:
    """Return the reply to whoever just signed in: who it is, with the cookie."""
    access = _access(request)
    access.clear()
    caller = await access.caller_in_session(begun.secret.encode())
    async with database(request).connection() as uow:
        me = await service_members.read_me(uow, caller)
    cookie = _cookie(request, begun.secret, SESSION_SECONDS_MAX)
    return Response(me, status_code=201, cookies=[cookie], headers={"Cache-Control": "no-store"})


def require_own_page(request: Request) -> None:
    """Refuse a request that sets or ends a session and that another address's page may have sent."""
    header = request.headers.get
    rules_sessions.require_own_page(header(rules_sessions.MARK), header("origin"), header("host"))


def browser(request: Request) -> Browser:
    """Return who asks to be signed in."""
    return Browser(
        _settings(request).signing_key, rules_sessions.browser_name(request.headers.get("user-agent"))
    )


def address(request: Request) -> str:
    """Return the address that attempts are counted for."""
    peer = request.client.host if request.client else ""
    return caller_address(request.headers.get("x-forwarded-for"), peer)


def scrypting(request: Request) -> Scrypting:
    """Return the threads in which passwords are hashed."""
    threads: Scrypting = request.app.state.scrypting
    return threads


def _cookie(request: Request, secret: str, seconds: int) -> Cookie:
    secure = rules_sessions.is_secure(_settings(request).domain, request.headers.get("origin"))
    return Cookie(
        rules_sessions.COOKIE, "/", secret, max_age=seconds, httponly=True, secure=secure, samesite="strict"
    )


def _access(request: Request) -> AccessCache:
    access: AccessCache = request.app.state.access
    return access


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


ROUTES = [begin_session, end_session, set_password, list_sessions, end_one_session]
