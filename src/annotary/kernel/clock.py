"""Time as a value that is passed in, so that tests can step it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
Monotonic = Callable[[], float]


def system_clock() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


monotonic_seconds: Monotonic = time.monotonic
