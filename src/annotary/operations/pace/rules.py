"""Which stretch of time a pace is asked for. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from annotary.kernel.errors import Invalid
from annotary.kernel.limits import PACE_DAYS_MAX, PACE_HOURLY_DAYS_MAX, PACE_SINCE_DAYS_DEFAULT
from annotary.operations.pace.values import Step

HOUR = timedelta(hours=1)


def stretch(
    since: datetime | None, until: datetime | None, step: Step, now: datetime
) -> tuple[datetime, datetime]:
    """Return from which whole hour to which; by default the last week, with the hour that has begun."""
    for name, at in (("since", since), ("until", until)):
        if at is not None and at.tzinfo is None:
            raise Invalid(path=name, found=at.isoformat(), expected="a time with its time zone")
    end = _hour(until or now)
    # The hour that `until` is in counts whole.
    if until is None or until > end:
        end += HOUR
    start = _hour(since) if since else end - timedelta(days=PACE_SINCE_DAYS_DEFAULT)
    if not start < end:
        raise Invalid(path="since", found=start.isoformat(), expected=f"a time before {end.isoformat()}")
    days = PACE_HOURLY_DAYS_MAX if step == "hour" else PACE_DAYS_MAX
    if end - start > timedelta(days=days) + HOUR:
        raise Invalid(path="since", found=start.isoformat(), expected=f"at most {days} days by the {step}")
    return start, end


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def least_id(at: datetime) -> UUID:
    """Return the least id (UUIDv7) that begins with this time."""
    return UUID(int=max(0, int(at.timestamp() * 1000)) << 80)
