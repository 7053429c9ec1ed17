"""Sessions: begun by a token or a password, listed, ended. A session is a token that rides in a cookie."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from annotary import eventlog
from annotary.identity import rules, rules_sessions
from annotary.identity.errors import UnknownSession
from annotary.identity.service import token_event
from annotary.identity.store import SESSIONS, session_view
from annotary.identity.values import Caller, SessionView
from annotary.infra.http import Page
from annotary.infra.postgres import Row, UnitOfWork
from annotary.infra.rows import one
from annotary.kernel import limits
from annotary.kernel.errors import Unauthenticated
from annotary.kernel.ids import new_id


class Begun(NamedTuple):
    """A session just begun: what is sent once, in the cookie, and for whom."""

    secret: str
    member_id: UUID


class Browser(NamedTuple):
    """What is asked of whoever begins a session: the key that seals it, and the browser's name."""

    signing_key: bytes
    name: str


async def begin_with_token(uow: UnitOfWork, browser: Browser, token: str) -> Begun:
    """Begin a session for whoever holds a token; it ends with the token. Raises Unauthenticated."""
    secret = token.encode("utf-8", "surrogateescape")
    row = (
        await uow.fetchrow(SESSIONS.credential, rules.token_hash(secret)) if rules.is_token(secret) else None
    )
    if row is None:
        raise Unauthenticated(
            "This token is not known: it may have been revoked, or it has expired.", path="/token"
        )
    organisation_id, member_id = row["organisation_id"], row["member_id"]
    return await begin(
        uow, browser, organisation_id, member_id, ends_at=row["expires_at"], made_with=row["id"]
    )


async def begin(
    uow: UnitOfWork,
    browser: Browser,
    organisation_id: UUID,
    member_id: UUID,
    *,
    ends_at: datetime | None = None,
    made_with: UUID | None = None,
) -> Begun:
    """Begin a session of a member; the oldest of too many are ended."""
    secret = rules_sessions.new_session(browser.signing_key)
    made = await one(
        uow,
        SESSIONS.add_session,
        new_id(),
        organisation_id,
        member_id,
        browser.name,
        rules_sessions.session_hash(secret.encode()),
        limits.SESSION_IDLE_SECONDS_MAX,
        limits.SESSION_SECONDS_MAX,
        ends_at,
        made_with,
    )
    ended = await uow.fetch(SESSIONS.end_old_sessions, member_id, limits.SESSIONS_PER_MEMBER_MAX)
    await _record_ended(uow, ended, member_id)
    await eventlog.record(uow, token_event("token.created", made, member_id))
    return Begun(secret, member_id)


async def present(uow: UnitOfWork, digest: bytes | None) -> Row | None:
    """Return the row (with `kind`, `made_with`) of what came with a request, while it is good."""
    return None if digest is None else await uow.fetchrow(SESSIONS.credential, digest)


async def end_present(uow: UnitOfWork, digest: bytes) -> None:
    """End the session of this hash, if it is one that goes on."""
    row = await present(uow, digest)
    if row is not None and row["kind"] == "session":
        ended = await uow.fetch(SESSIONS.end_session, row["member_id"], row["id"])
        await _record_ended(uow, ended, row["member_id"])


async def list_sessions(uow: UnitOfWork, caller: Caller, digest: bytes | None) -> Page[SessionView]:
    """Return the caller's sessions that go on, the latest first; there are never many."""
    asking = await present(uow, digest)
    rows = await uow.fetch(SESSIONS.sessions_of, caller.member_id)
    return Page([session_view(row, asking["id"] if asking else None) for row in rows])


async def end_session(uow: UnitOfWork, caller: Caller, session_id: UUID) -> None:
    """End one of the caller's sessions: that browser is signed out at once."""
    ended = await uow.fetch(SESSIONS.end_session, caller.member_id, session_id)
    if not ended:
        raise UnknownSession
    await _record_ended(uow, ended, caller.member_id)


async def end_sessions(uow: UnitOfWork, member_id: UUID, by: UUID, kept_id: UUID | None = None) -> None:
    """End every session of a member but one."""
    await _record_ended(uow, await uow.fetch(SESSIONS.end_sessions, member_id, kept_id), by)


async def _record_ended(uow: UnitOfWork, rows: list[Row], by: UUID) -> None:
    if rows:
        await eventlog.record(uow, *(token_event("token.revoked", row, by) for row in rows))
