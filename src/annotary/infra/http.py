"""HTTP for handlers: the database, pages, ETags, and writes whose repetition has one effect."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import msgspec
from blake3 import blake3
from litestar import Request as LitestarRequest
from litestar import Response

from annotary.infra import idempotency, queries
from annotary.infra.direct import DirectRequest
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.errors import Invalid, Malformed
from annotary.kernel.limits import (
    ETAG_DIGITS_MAX,
    IDEMPOTENCY_KEY_CHARACTERS_MAX,
    PAGE_ITEMS_DEFAULT,
    PAGE_ITEMS_MAX,
)

Request = LitestarRequest[Any, Any, Any]
# What is asked of a request here, whichever way it came.
AnyRequest = Request | DirectRequest
T = TypeVar("T")
QUERIES = queries.load(__package__)
encode = msgspec.json.Encoder().encode
JSON = "application/json"


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list. `next_token` is opaque: send it back to go on; null at the end."""

    items: Sequence[T]
    next_token: str | None = None


class WrongToken(Malformed):
    """next_token: send back the token of the page before, unchanged."""


def database(request: AnyRequest) -> Database:
    """Return the service's own database."""
    return cast(Database, request.app.state.database)


def idempotency_key(request: AnyRequest, *, required: bool = False) -> str | None:
    """Return the request's `Idempotency-Key`, checked."""
    key = request.headers.get("idempotency-key")
    if key is None:
        if required:
            raise Malformed(
                "This request needs an Idempotency-Key header: send a new random one, repeat it on a retry."
            )
        return None
    if not 1 <= len(key) <= IDEMPOTENCY_KEY_CHARACTERS_MAX:
        raise Malformed(
            f"Idempotency-Key: found {len(key)} characters, expected 1 to {IDEMPOTENCY_KEY_CHARACTERS_MAX}."
        )
    return key


def request_hash(request: AnyRequest, body: bytes) -> bytes:
    """Return what a repeated request must equal: method, path, query and body."""
    digest = blake3(request.method.encode())
    digest.update(b"\0" + request.scope["raw_path"] + b"?" + request.scope["query_string"] + b"\0")
    digest.update(body)
    return digest.digest()


def traceparent(request: AnyRequest) -> str | None:
    """Return the request's span as W3C Trace Context writes it, where its trace is recorded."""
    return cast(Mapping[str, str], request.scope).get("traceparent")


async def write(
    request: Request,
    member_id: UUID,
    action: Callable[[UnitOfWork], Awaitable[T]],
    *,
    status: int = 200,
    headers: Callable[[T], Mapping[str, str]] | None = None,
) -> Response[T]:
    """Run a write in one transaction and answer with what it returns.

    Its events have the request's trace. With an `Idempotency-Key` the reply is kept in that same transaction:
    a repeated request gets the first reply again and has no further effect; the same key with another request
    is refused.
    """
    key = idempotency_key(request)
    digest = request_hash(request, await request.body()) if key else b""
    async with database(request).transaction() as uow:
        if trace := traceparent(request):
            await uow.execute(QUERIES.note_trace, trace)
        if key and (kept := await idempotency.take_key(uow, member_id, key, digest)):
            # What a first try answered, to the byte.
            return _reply(kept["reply"], kept["status"], {"Idempotency-Replayed": "true"})
        result = await action(uow)
        body = b"" if result is None else encode(result)
        code = 204 if result is None else getattr(result, "status_override", None) or status
        if key:
            await idempotency.keep_reply(uow, member_id, key, code, body)
    return _reply(body, code, headers(result) if headers else {})


def _reply(body: bytes, status: int, headers: Mapping[str, str]) -> Response[Any]:
    return Response(body, status_code=status, media_type=JSON, headers=dict(headers))


def page_limit(limit: int | None) -> int:
    """Return the wanted page length, checked."""
    if limit is None:
        return PAGE_ITEMS_DEFAULT
    if not 1 <= limit <= PAGE_ITEMS_MAX:
        raise Malformed(f"limit: found {limit}, expected 1 to {PAGE_ITEMS_MAX}.", path="limit")
    return limit


def encode_token(*parts: str) -> str:
    """Return an opaque `next_token` that says where the next page begins."""
    return base64.urlsafe_b64encode(encode(parts)).decode().rstrip("=")


def decode_token(token: str | None, parts: int = 1) -> tuple[str, ...] | None:
    """Return what `encode_token` was given, or None without a token."""
    if not token:
        return None
    try:
        found = msgspec.json.decode(
            base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), type=tuple[str, ...]
        )
    except (ValueError, msgspec.MsgspecError):
        found = ()
    if len(found) != parts:
        raise WrongToken(path="next_token")
    return found


def token_id(token: str | None) -> UUID | None:
    """Return the id in a token of a list that is ordered by id."""
    found = decode_token(token)
    if found is None:
        return None
    try:
        return UUID(hex=found[0])
    except ValueError:
        raise WrongToken(path="next_token") from None


def if_match(request: Request) -> int | None:
    """Return the version in `If-Match`, or None when the caller does not mind."""
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    digits = header.strip().removeprefix("W/").strip('"')
    if not (digits.isdecimal() and len(digits) <= ETAG_DIGITS_MAX):
        raise Invalid(path="If-Match", found=header, expected='an ETag as it was sent, such as "3"')
    return int(digits)


def etag(version: int) -> dict[str, str]:
    """Return the header that names a version."""
    return {"ETag": f'"{version}"'}
