"""Errors on the wire: RFC 9457 problem details, one shape for every service."""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from annotary.infra.asgi import PROBLEM
from annotary.infra.postgres import meaning, unstorable
from annotary.kernel import errors
from annotary.kernel.errors import AnnotaryError, Invalid, Malformed
from annotary.kernel.limits import BODY_BYTES_MAX

log = structlog.get_logger(__name__)

STATUS: list[tuple[type[AnnotaryError], int]] = [
    (errors.Malformed, 400),
    (errors.Unauthenticated, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.PreconditionFailed, 412),
    (errors.TooLarge, 413),
    (errors.Invalid, 422),
    (errors.RateLimited, 429),
    (errors.StorageFull, 507),
    (errors.Unavailable, 503),
]
_CODES = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}


class Problem(msgspec.Struct, kw_only=True, omit_defaults=False):
    """RFC 9457 problem details, with `code` for programs and `path`, a JSON pointer into the request body."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    path: str | None = None
    request_id: str = ""
    retryable: bool = False


def status_of(error: AnnotaryError) -> int:
    """Return the HTTP status of an error's category."""
    return next((status for category, status in STATUS if isinstance(error, category)), 500)


def problem_of(error: AnnotaryError, request_id: str) -> dict[str, Any]:
    """Return the body that tells of an error."""
    problem = Problem(
        type=f"urn:annotary:problem:{error.code}",
        title=error.title,
        status=status_of(error),
        detail=error.detail,
        code=error.code,
        path=error.path,
        request_id=request_id,
        retryable=error.retryable,
    )
    return {**error.extra, **msgspec.to_builtins(problem)}


def _request_id(request: Request[Any, Any, Any]) -> str:
    return str(request.scope.get("request_id", ""))


def handle_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Turn whatever a handler raised into a problem."""
    status, headers, body = reply_to(error, request.url.path, _request_id(request))
    return Response(body, status_code=status, media_type=PROBLEM, headers=headers)


def reply_to(error: Exception, path: str, request_id: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body that tell of an error; the unexpected is logged and tells nothing."""
    known = _known(error)
    if known is None:
        log.exception("unexpected error", path=path, request_id=request_id, exc_info=error)
        known = AnnotaryError("Something went wrong on our side. It was logged under the request_id.")
    headers = {}
    retry_after = getattr(known, "retry_after_seconds", None)
    if retry_after is not None:
        headers["Retry-After"] = str(max(1, round(retry_after)))
    if isinstance(known, errors.Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    body = problem_of(known, request_id)
    if isinstance(error, HTTPException) and status_of(known) == 500:
        body["status"] = error.status_code
        headers.update(error.headers or {})
    return body["status"], headers, msgspec.json.encode(body)


def _known(error: Exception) -> AnnotaryError | None:
    if isinstance(error, AnnotaryError):
        return error
    if isinstance(error, HTTPException):
        return _from_framework(error)
    return _from_body(error) or unstorable(error) or meaning(error)


def _from_body(error: BaseException) -> AnnotaryError | None:
    """Say what is wrong with a body that could not be decoded."""
    if isinstance(error, msgspec.ValidationError):
        return invalid_from_msgspec(error)
    if isinstance(error, (msgspec.DecodeError, UnicodeDecodeError)):
        return Malformed(f"The body is not valid JSON in UTF-8: {error}.")
    if isinstance(error, RecursionError):
        return Malformed("The JSON is nested too deeply.")
    return None


def _from_framework(error: HTTPException) -> AnnotaryError:
    """Give Litestar's own refusals our shape: 422 with the path for a wrong body, 400 when it is not JSON."""
    cause = error.__cause__ or error.__context__
    while cause is not None:
        if (known := _from_body(cause)) is not None:
            return known
        cause = cause.__cause__ or cause.__context__
    status = error.status_code
    if status == 413:
        return errors.TooLarge(
            f"The request's body is over the limit of {BODY_BYTES_MAX} bytes. Upload large files in chunks."
        )
    category: type[AnnotaryError] = next((kind for kind, known in STATUS if known == status), AnnotaryError)
    made = category(error.detail)
    if status == 405:
        made.title, made.code = "Method not allowed", "method_not_allowed"  # type: ignore[misc]
    if status == 400 and "extra" in error.__dict__ and error.__dict__["extra"]:
        made.detail = f"{error.detail}: {error.__dict__['extra']}"
    return made


def invalid_from_msgspec(error: msgspec.ValidationError) -> Invalid:
    """Give msgspec's refusal (`Expected int, got str - at $.box[3].x`) a JSON pointer."""
    message, _, where = str(error).partition(" - at `")
    return Invalid(f"{pointer(where.rstrip('`')) or '/'}: {message}.", path=pointer(where.rstrip("`")) or "/")


def pointer(path: str) -> str:
    """Turn msgspec's `$.box[3].x` into the JSON pointer (RFC 6901) `/box/3/x`."""
    return path.removeprefix("$").replace("[", "/").replace("]", "").replace(".", "/")
