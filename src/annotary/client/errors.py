"""What can go wrong between a client and the platform, from the problem details (RFC 9457) of its replies."""

from __future__ import annotations

from typing import Any, ClassVar


class AnnotaryClientError(Exception):
    """The platform refused a request, or did not answer.

    `code` is the stable word to match on; `path` a JSON pointer to what was wrong in the request; `status` is
    that of HTTP (0 without a reply); `request_id` finds the request in the platform's logs; `retryable` says
    whether the same request may succeed later; `attempts` how often it was sent; `extra` what else was said.
    """

    code_without_reply: ClassVar[str] = "no_reply"

    attempts = 1

    def __init__(
        self,
        detail: str,
        *,
        code: str = "",
        status: int = 0,
        path: str | None = None,
        request_id: str = "",
        retryable: bool = False,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code_without_reply
        self.status = status
        self.path = path
        self.request_id = request_id
        self.retryable = retryable
        self.extra = extra or {}


class NotReached(AnnotaryClientError):
    """No reply came: nothing listens there, or the connection broke."""


class NotSignedIn(AnnotaryClientError):
    """The token is missing, wrong, revoked or over."""


class NotAllowed(AnnotaryClientError):
    """The member may not do this."""


class NotFound(AnnotaryClientError):
    """There is no such thing, or the member may not see it."""


class Conflict(AnnotaryClientError):
    """The request does not fit the present state, as with a stale fence or a name that is taken."""


class ChangedMeanwhile(AnnotaryClientError):
    """Somebody changed it since it was read: read it again and repeat."""


class InvalidInput(AnnotaryClientError):
    """What was sent is not what was expected; `path` says where."""


class TooManyRequests(AnnotaryClientError):
    """The rate limit was met, also after waiting as long as was asked."""


class Unavailable(AnnotaryClientError):
    """A part of the platform does not answer now, also after some retries."""


class JobFailed(AnnotaryClientError):
    """A job that was waited for failed or was cancelled."""


BY_STATUS: dict[int, type[AnnotaryClientError]] = {
    400: InvalidInput,
    401: NotSignedIn,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    412: ChangedMeanwhile,
    413: InvalidInput,
    422: InvalidInput,
    429: TooManyRequests,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}
KNOWN = ("type", "title", "status", "detail", "code", "path", "request_id", "retryable")


def error_of(status: int, problem: object) -> AnnotaryClientError:
    """Return the error that a reply tells of. `problem` is the decoded body, or anything."""
    fields: dict[str, Any] = problem if isinstance(problem, dict) else {}
    made = BY_STATUS.get(status, AnnotaryClientError)
    return made(
        str(fields.get("detail") or fields.get("title") or f"The reply was HTTP {status} without a reason."),
        code=str(fields.get("code") or f"http_{status}"),
        status=status,
        path=fields.get("path"),
        request_id=str(fields.get("request_id") or ""),
        retryable=bool(fields.get("retryable", status in (429, 502, 503, 504))),
        extra={name: value for name, value in fields.items() if name not in KNOWN},
    )
