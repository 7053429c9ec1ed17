"""The errors of the product: each says what happened and what to do; only the HTTP edge knows status codes.

A category (`Invalid`, `NotFound`, ...) says what kind of trouble it is. An area subclasses a category and
sets `code`, the stable word that programs match on.
"""

from __future__ import annotations

from typing import Any, ClassVar

from annotary.kernel.limits import FOUND_CHARACTERS_MAX


class AnnotaryError(Exception):
    """Something in Annotary went wrong."""

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str = "", *, path: str | None = None, **extra: Any) -> None:
        self.detail = detail or (self.__doc__ or "").strip()
        self.path = path
        self.extra = extra
        super().__init__(self.detail)


class Invalid(AnnotaryError):
    """The input is not what was expected."""

    code = "invalid"
    title = "Invalid input"

    def __init__(
        self, detail: str = "", *, path: str = "", found: object = None, expected: str = "", hint: str = ""
    ) -> None:
        if expected:
            shown = repr(found)
            if len(shown) > FOUND_CHARACTERS_MAX:
                shown = shown[:FOUND_CHARACTERS_MAX] + "…"
            where = f"{path}: " if path else ""
            detail = detail or f"{where}found {shown}, expected {expected}."
            extra = {"found": shown, "expected": expected}
        else:
            extra = {}
        if hint:
            detail = f"{detail} {hint}"
        super().__init__(detail, path=path or None, **extra)


class Malformed(AnnotaryError):
    """The request cannot be read at all."""

    code = "malformed"
    title = "Malformed request"


class Unauthenticated(AnnotaryError):
    """No valid token came with the request: send `Authorization: Bearer <token>`."""

    code = "unauthenticated"
    title = "Not signed in"


class Forbidden(AnnotaryError):
    """The member may not do this."""

    code = "forbidden"
    title = "Not allowed"


class NotFound(AnnotaryError):
    """There is no such thing, or the member may not see it."""

    code = "not_found"
    title = "Not found"


class Conflict(AnnotaryError):
    """The request does not fit the present state."""

    code = "conflict"
    title = "Conflict"


class PreconditionFailed(AnnotaryError):
    """The thing was changed meanwhile: read it again and repeat with its new ETag."""

    code = "precondition_failed"
    title = "Changed meanwhile"


class TooLarge(AnnotaryError):
    """The input is larger than the limit."""

    code = "too_large"
    title = "Too large"


class RateLimited(AnnotaryError):
    """Too many requests: wait for the time in `Retry-After`."""

    code = "rate_limited"
    title = "Too many requests"
    retryable = True

    def __init__(self, detail: str = "", *, retry_after_seconds: float = 1.0) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(AnnotaryError):
    """A part that is needed does not answer now: try again."""

    code = "unavailable"
    title = "Unavailable"
    retryable = True

    def __init__(self, detail: str = "", *, retry_after_seconds: float = 1.0) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class StorageFull(AnnotaryError):
    """The disk is full: nothing was stored. Free space on the data folder's disk, then repeat the request."""

    code = "storage_full"
    title = "Storage is full"
    retryable = True


class KeyReused(Invalid):
    """This Idempotency-Key was used with another request: send a new key for a new request."""

    code = "key_reused"
    title = "Idempotency-Key used with another request"
