"""Who a request comes from: the bearer token, looked up once and kept for a while."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeVar

from litestar import Request, Response

from annotary.identity import rules
from annotary.identity.store import QUERIES, caller_of
from annotary.identity.values import Caller
from annotary.infra.http import AnyRequest, write
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel import limits
from annotary.kernel.clock import Monotonic, monotonic_seconds
from annotary.kernel.errors import Unauthenticated, Unavailable

T = TypeVar("T")


class _Kept(NamedTuple):
    caller: Caller
    until_seconds: float


async def authenticate(request: AnyRequest) -> Caller:
    """Return the member whose bearer token came with the request, or raise Unauthenticated."""
    access: AccessCache = request.app.state.access
    for name, value in request.scope["headers"]:
        if name == b"authorization":
            if value[:7].lower() != b"bearer ":
                raise Unauthenticated("The Authorization header must read `Bearer <token>`.")
            return await access.caller(value[7:])
    raise Unauthenticated


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


class AccessCache:
    """Callers by token hash. `copies`: this service's tables are copies that may lag behind the platform's.

    An entry lives 60 seconds at most, never past its token's expiry, and no longer than the next `clear()`,
    which the composition root calls whenever the database says that members, tokens or projects changed.
    """

    def __init__(self, database: Database, copies: bool, monotonic: Monotonic = monotonic_seconds) -> None:
        self._database = database
        self._copies = copies
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
        row = await self._database.fetchrow(QUERIES.caller_of_token, digest)
        if row is None:
            return None
        seconds_left = row["seconds_left"]
        if not row["good"]:
            raise Unauthenticated("This token was revoked, or its member was removed.")
        if seconds_left is not None and seconds_left <= 0:
            raise Unauthenticated("This token has expired: make a new one.")
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
