"""When a request is sent again, and how long to wait first. Pure: randomness is passed in."""

from __future__ import annotations

import email.utils
from collections.abc import Callable
from datetime import datetime

import msgspec

TRANSIENT = frozenset({429, 502, 503, 504})


class Retries(msgspec.Struct, frozen=True):
    """How patient a client is: up to `attempts` in all; waits grow from `first_seconds` to `longest_seconds`.

    A server that asks for a wait (`Retry-After`) gets it, up to `asked_seconds_most`; for a longer one the
    error is raised at once.
    """

    attempts: int = 6
    first_seconds: float = 0.1
    longest_seconds: float = 5.0
    asked_seconds_most: float = 60.0

    def wait_seconds(
        self, attempt: int, asked_seconds: float | None, random: Callable[[], float]
    ) -> float | None:
        """Return how long to wait after the `attempt`-th try (from 1) failed, or None to give up.

        Full jitter (Brooker 2015): anything up to the doubled wait, so that clients that failed together do
        not come back together. What the server asked for is the least.
        """
        if attempt >= self.attempts or (asked_seconds or 0.0) > self.asked_seconds_most:
            return None
        jittered = random() * min(self.longest_seconds, self.first_seconds * 2.0**attempt)
        return (asked_seconds or 0.0) + jittered


def asked_seconds(header: str | None, now: datetime) -> float | None:
    """Return the wait in a `Retry-After` header (RFC 9110, 10.2.3): seconds, or until a date."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        return max(0.0, (email.utils.parsedate_to_datetime(header) - now).total_seconds())
    except (TypeError, ValueError):
        return None
