"""Who a request comes from: by the token in its header or the session in its cookie, kept for a while."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, TypeVar, cast
from uuid import UUID

import msgspec
from litestar import Request, Response, WebSocket

from annotary import eventlog
from annotary.eventlog import Event
from annotary.identity import rules, rules_sessions
from annotary.identity.store import QUERIES, SESSIONS, caller_of
from annotary.identity.values import Caller
from annotary.infra.asgi import Scope
from annotary.infra.http import AnyRequest, idempotency_key, write
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel import limits
from annotary.kernel.clock import Monotonic, monotonic_seconds
from annotary.kernel.errors import Unauthenticated, Unavailable
from annotary.kernel.ids import format_id, new_id, parse_id

# Less often than this a session that is used is put off.
PUT_OFF_SECONDS = 24 * 3600
T = TypeVar("T")


class _Kept(NamedTuple):
    caller: Caller
    until_seconds: float


async def authenticate(request: AnyRequest | WebSocket[Any, Any, Any]) -> Caller:
    """Return the member whose bearer token or session came with the request.

    Raises Unauthenticated, or ForeignRequest when a cookie came with a write that another page sent.
    """
    access: AccessCache = request.app.state.access
    for name, value in request.scope["headers"]:
        if name == b"authorization":
            if value[:7].lower() != b"bearer ":
                raise Unauthenticated("The Authorization header must read `Bearer <token>`.")
            return await access.caller(value[7:])
    secret = rules_sessions.session_in(request.scope["headers"])
    if secret is None:
        raise Unauthenticated("Sign in, or send `Authorization: Bearer <token>`.")
    _require_own(request)
    return await access.caller_in_session(secret)


def presented(request: AnyRequest) -> bytes | None:
    """Return the hash of what came with the request: of a token, or of a session."""
    for name, value in request.scope["headers"]:
        if name == b"authorization":
            return rules.token_hash(bytes(value[7:]))
    secret = rules_sessions.session_in(request.scope["headers"])
    return None if secret is None else rules_sessions.session_hash(secret)


def _require_own(request: AnyRequest | WebSocket[Any, Any, Any]) -> None:
    """Refuse what a page of another address made a browser send along with our cookie."""
    header, scope = request.headers.get, cast(Scope, request.scope)
    if scope["type"] == "websocket":
        # No page can add a header to this one, but every browser says where the page is from.
        rules_sessions.require_own_origin(header("origin"), header("host"))
    elif scope["method"] not in rules_sessions.SAFE_METHODS:
        rules_sessions.require_own_page(header(rules_sessions.MARK), header("origin"), header("host"))


async def write_access(
    request: Request[Any, Any, Any],
    caller: Caller,
    action: Callable[[UnitOfWork], Awaitable[T]],
    **options: Any,
) -> Response[T]:
    """Run a write that changes who may do what: once it answers, this process knows of the change.

    `options` are those of `infra.http.write`.
    """
    response = await write(request, caller.member_id, action, **options)
    request.app.state.access.clear()
    return response


class Secret(NamedTuple):
    """A kind of secret that is shown once: how one is made up, or derived for a repeatable request."""

    noun: str
    fresh: Callable[[], str]
    derived: Callable[[bytes, UUID, str], str]


async def write_secret(
    request: Request[Any, Any, Any],
    caller: Caller,
    secret: Secret,
    action: Callable[[UnitOfWork, UUID, str], Awaitable[T]],
    view: type[T],
) -> tuple[T, str, Mapping[str, str]]:
    """Run a write that makes something with a secret; returns its view, the secret, and headers.

    A repeated request (same Idempotency-Key) gets the same secret, although it is kept nowhere.
    """
    key, made_id = idempotency_key(request), new_id()
    signing_key: bytes = request.app.state.settings.signing_key
    shown = secret.derived(signing_key, made_id, key) if key else secret.fresh()
    kept: Response[Any] = await write(
        request, caller.member_id, lambda uow: action(uow, made_id, shown), status=201
    )
    made: Any = msgspec.json.decode(kept.content, type=view)
    if key:
        shown = secret.derived(signing_key, parse_id(secret.noun, made.id), key)
    return made, shown, kept.headers


class AccessCache:
    """Callers by token hash. `copies`: this service's tables are copies that may lag behind the platform's.

    An entry lives 60 seconds at most, never past its token's expiry, and no longer than the next `clear()`,
    which the composition root calls whenever the database says that members, tokens or projects changed.
    """

    def __init__(
        self,
        database: Database,
        copies: bool,
        signing_key: bytes = b"",
        monotonic: Monotonic = monotonic_seconds,
    ) -> None:
        self._database = database
        self._copies = copies
        self._signing_key = signing_key
        self._monotonic = monotonic
        self._kept: dict[bytes, _Kept] = {}
        self._changed = asyncio.Event()
        self._waiting = 0

    async def caller(self, token: str | bytes) -> Caller:
        """Return whose token this is; raises Unauthenticated when it is unknown, revoked or expired."""
        secret = token if isinstance(token, bytes) else token.encode("utf-8", "surrogateescape")
        digest = rules.token_hash(secret)
        kept = self._kept.get(digest)
        if kept is not None and self._monotonic() < kept.until_seconds:
            return kept.caller
        if not rules.is_token(secret):
            raise Unauthenticated("This is not a token of Annotary: expected `ann_` and 43 characters.")
        return await self._look_up(digest)

    async def caller_in_session(self, secret: bytes) -> Caller:
        """Return whose session this is; raises Unauthenticated when it is unknown or has ended."""
        digest = rules_sessions.session_hash(secret)
        kept = self._kept.get(digest)
        if kept is not None and self._monotonic() < kept.until_seconds:
            return kept.caller
        if not rules_sessions.is_session(secret, self._signing_key):
            raise Unauthenticated("This is not a session of this installation: sign in.")
        return await self._look_up(digest)

    def clear(self) -> None:
        """Forget every caller, and wake those who wait for a copy to arrive."""
        self._kept.clear()
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def _look_up(self, digest: bytes) -> Caller:
        changed = self._changed
        row = await self._read(digest, changed)
        if row is None and self._copies:
            row = await self._await_copy(digest, changed)
        if row is None:
            raise Unauthenticated("This token is not known here: it may have been revoked.")
        return row

    async def _read(self, digest: bytes, changed: asyncio.Event) -> Caller | None:
        least_seconds = limits.SESSION_IDLE_SECONDS_MAX - PUT_OFF_SECONDS
        row = await self._database.fetchrow(QUERIES.caller_of_token, digest, least_seconds)
        if row is None:
            return None
        seconds_left = row["seconds_left"]
        if not row["good"]:
            raise Unauthenticated("This was ended or revoked, or its member was removed.")
        if seconds_left is not None and seconds_left <= 0:
            raise Unauthenticated("This has expired: sign in again, or make a new token.")
        if row["due"] and not self._copies:
            await _put_off(self._database, row)
        caller = caller_of(row)
        # What was read before a change must not be kept after it.
        if changed is self._changed:
            self._keep(digest, caller, seconds_left)
        return caller

    def _keep(self, digest: bytes, caller: Caller, seconds_left: float | None) -> None:
        seconds = limits.CALLER_KEPT_SECONDS_MAX
        if seconds_left is not None:
            seconds = min(seconds, seconds_left)
        if len(self._kept) >= limits.CALLERS_KEPT_MAX:
            del self._kept[next(iter(self._kept))]
        self._kept[digest] = _Kept(caller, self._monotonic() + seconds)

    async def _await_copy(self, digest: bytes, changed: asyncio.Event) -> Caller | None:
        """Wait for the copies to change until the token is there; many unknown tokens must not pile up."""
        if self._waiting >= limits.COPY_WAITERS_MAX:
            raise Unavailable("Too many requests wait for their tokens to arrive here: try again.")
        self._waiting += 1
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(limits.COPY_WAIT_SECONDS_MAX):
                    while True:
                        await changed.wait()
                        changed = self._changed
                        found = await self._read(digest, changed)
                        if found is not None:
                            return found
            return await self._read(digest, self._changed)
        finally:
            self._waiting -= 1


async def _put_off(database: Database, row: Row) -> None:
    """Let a session that is used go on. The platform's rows are the truth, so only the platform does it."""
    async with database.transaction() as uow:
        later = await uow.fetchrow(SESSIONS.put_off_session, row["token_id"], limits.SESSION_IDLE_SECONDS_MAX)
        if later is not None:
            await eventlog.record(uow, token_event("token.changed", later))


def token_event(kind: str, row: Row, by: UUID | None = None) -> Event:
    """Return the fact that something happened to a token or a session: a row with the columns of `tokens`."""
    return eventlog.fact(kind, row, by, {"member": format_id("member", row["member_id"])})
