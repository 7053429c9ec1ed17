"""When a delivery is tried again, when a circuit opens, what an answer means. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from annotary.kernel import limits
from annotary.kernel.errors import Invalid
from annotary.streams.webhooks.errors import UnknownEventTypes
from annotary.streams.webhooks.values import Answer, Circuit, CircuitState, Verdict

GONE = 410
# With these a receiver that says `Retry-After` asks for rest, not only for this delivery to come again.
OVERLOADED = frozenset({429, 503})


def backoff_seconds(tries: int, draw: float) -> float:
    """Return the pause after the `tries`-th failed try: `draw` (0 to 1) of a limit that doubles: full jitter.

    The limits of all tries add up to two days, so a delivery is tried for about a day. See "Exponential
    Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    doubled = limits.WEBHOOK_BACKOFF_SECONDS_MIN * 2.0 ** min(tries - 1, 60)
    return draw * min(doubled, limits.WEBHOOK_BACKOFF_SECONDS_MAX)


def verdict(answer: Answer, tries: int, deadline_at: datetime, now: datetime, draw: float) -> Verdict:
    """Say what becomes of a delivery whose `tries`-th try ended in `answer`.

    It is tried until its tries or its time are used up, the last time at the deadline, and never before the
    receiver asked for it. Where the receiver is gone it waits for the webhook to be mended.
    """
    if answer.wrong is None:
        return Verdict("delivered", None, None)
    if answer.gone:
        return Verdict("waiting", now, answer.wrong)
    if answer.unsendable:
        return Verdict("dead", None, answer.wrong)
    if tries >= limits.WEBHOOK_TRIES_MAX:
        return Verdict("dead", None, f"{answer.wrong}; tried {tries} times")
    earliest = now + timedelta(seconds=answer.asked_seconds or 0.0)
    if now >= deadline_at or earliest > deadline_at:
        return Verdict("dead", None, f"{answer.wrong}; its time is over")
    due_at = max(earliest, now + timedelta(seconds=backoff_seconds(tries, draw)))
    return Verdict("waiting", min(due_at, deadline_at), answer.wrong)


def after(circuit: Circuit, answer: Answer, now: datetime, *, probe: bool) -> Circuit:
    """Return the circuit after a try. It opens after failures in a row, for longer each time a probe fails.

    Tries that were under way when it opened change nothing, unless one succeeds: then it is closed.
    """
    if answer.wrong is None:
        return Circuit()
    if answer.unsendable or (circuit.open_until is not None and not probe):
        return circuit
    failures = circuit.failures + 1
    rest_seconds = answer.asked_seconds if answer.code in OVERLOADED else None
    wait_seconds = min(rest_seconds or 0.0, limits.WEBHOOK_OPEN_SECONDS_MAX)
    over = failures - limits.WEBHOOK_FAILURES_MAX
    if over >= 0:
        doubled = limits.WEBHOOK_OPEN_SECONDS_MIN * 2.0 ** min(over, 60)
        wait_seconds = max(wait_seconds, min(doubled, limits.WEBHOOK_OPEN_SECONDS_MAX))
    open_until = now + timedelta(seconds=wait_seconds) if wait_seconds else None
    return Circuit(failures, circuit.failing_since or now, open_until)


def circuit_state(open_until: datetime | None, now: datetime) -> CircuitState:
    """Return the name of where a circuit stands."""
    if open_until is None:
        return "closed"
    return "open" if now < open_until else "half-open"


def gone_reason(circuit: Circuit, answers: Sequence[Answer], now: datetime) -> str | None:
    """Say why nothing more is to be sent to a receiver; None: go on."""
    gone = next((answer for answer in answers if answer.gone), None)
    if gone is not None:
        return gone.wrong
    if circuit.failing_since is None:
        return None
    days = limits.WEBHOOK_FAILING_SECONDS_MAX / 86_400
    if (now - circuit.failing_since).total_seconds() < limits.WEBHOOK_FAILING_SECONDS_MAX:
        return None
    return f"no try succeeded for {days:g} days"


def read_answer(code: int, headers: Mapping[str, str], seconds: float, now: datetime) -> Answer:
    """Return what an answer that came whole means: 2xx is taken, 410 ends it, all else is tried again."""
    if 200 <= code < 300:
        return Answer(code, seconds)
    if code == GONE:
        return Answer(code, seconds, "the receiver answered 410: it wants nothing any more", gone=True)
    if 300 <= code < 400:
        return Answer(code, seconds, f"the receiver answered {code}: redirects are not followed")
    asked = asked_seconds(headers.get("retry-after"), now)
    return Answer(code, seconds, f"the receiver answered {code}", asked)


def asked_seconds(header: str | None, now: datetime) -> float | None:
    """Return the seconds that a `Retry-After` asks for, as a number or a date (RFC 9110, 10.2.3), bounded."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        seconds = float(text[:9])
    else:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (aware - now).total_seconds()
    return min(max(seconds, 0.0), limits.WEBHOOK_RETRIED_SECONDS_MAX)


def check_event_types(wanted: Sequence[str], known: Collection[str]) -> list[str]:
    """Return the wanted types without doubles; raises UnknownEventTypes. `outcome.*` is all of outcomes."""
    if len(wanted) > limits.WEBHOOK_EVENT_TYPES_MAX:
        expected = f"at most {limits.WEBHOOK_EVENT_TYPES_MAX} types"
        raise Invalid(path="/event_types", found=f"{len(wanted)} types", expected=expected)
    beginnings = {f"{name.partition('.')[0]}.*" for name in known}
    for number, name in enumerate(wanted):
        if name not in known and name not in beginnings:
            expected = "a type that /v1/events/schemas lists, or all of a noun, such as outcome.*"
            raise UnknownEventTypes(path=f"/event_types/{number}", found=name, expected=expected)
    return list(dict.fromkeys(wanted))


def overlap_seconds(hours: float) -> float:
    """Return how long the secret before signs as well; raises Invalid."""
    if not 0 <= hours <= limits.WEBHOOK_OVERLAP_HOURS_MAX:
        expected = f"0 to {limits.WEBHOOK_OVERLAP_HOURS_MAX} hours"
        raise Invalid(path="/overlap_hours", found=hours, expected=expected)
    return hours * 3600
