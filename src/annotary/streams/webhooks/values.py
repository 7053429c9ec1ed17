"""Webhooks, their deliveries and how receivers do, as values; and the shapes that leave the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from annotary.kernel.limits import WEBHOOK_OVERLAP_HOURS_DEFAULT

WebhookState = Literal["active", "paused", "disabled", "removed"]
DeliveryState = Literal["waiting", "delivered", "dead"]
CircuitState = Literal["closed", "open", "half-open"]
# Told only to the webhook that it is about, whatever it wants to be told of.
TESTED = "webhook.tested"


class NewWebhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A webhook to be made. No `event_types`: all; no `projects`: all of the organisation."""

    url: str
    event_types: list[str] = []
    projects: list[str] = []
    description: str = ""
    state: Literal["active", "paused"] = "active"


class WebhookChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be changed about a webhook; what is left out stays."""

    url: str | msgspec.UnsetType = msgspec.UNSET
    event_types: list[str] | msgspec.UnsetType = msgspec.UNSET
    projects: list[str] | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET
    state: Literal["active", "paused"] | msgspec.UnsetType = msgspec.UNSET


class Rotation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new secret; the one before signs as well for `overlap_hours`. 0: not at all, as after a leak."""

    overlap_hours: float = WEBHOOK_OVERLAP_HOURS_DEFAULT


class Replay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From where to send again: from a time, or behind a `cursor`, as deliveries and `/v1/events` give it."""

    since: datetime | None = None
    cursor: str | None = None


class WebhookView(msgspec.Struct, frozen=True):
    """A webhook, as the API shows it: never its secret. `reason` says why it was disabled."""

    id: str
    url: str
    description: str
    event_types: list[str]
    projects: list[str]
    state: WebhookState
    reason: str | None
    secret_number: int
    former_secret_until: datetime | None
    version: int
    created_at: datetime


class WebhookMade(msgspec.Struct, frozen=True):
    """A webhook with its new secret: the only time that it is shown."""

    webhook: WebhookView
    secret: str


class Tested(msgspec.Struct, frozen=True):
    """A test that is on its way as `event`, the id of its delivery."""

    event: str


class DeliveryView(msgspec.Struct, frozen=True):
    """One event on its way to one webhook. `cursor` is its place in the log; the rest is of the last try."""

    event: str
    type: str
    state: DeliveryState
    tries: int
    due_at: datetime | None
    created_at: datetime
    ended_at: datetime | None
    code: int | None
    reason: str | None
    seconds: float | None
    cursor: str


class CourierView(msgspec.Struct, frozen=True):
    """How far a webhook has come in one service's log, and how its receiver does.

    `events_behind` and `waiting` are counted up to a limit; `seconds_behind` is the age of the oldest event
    that was not delivered, among those that wait.
    """

    webhook: str
    service: str
    cursor: str | None
    events_behind: int
    waiting: int
    dead: int
    seconds_behind: float
    circuit: CircuitState
    failures: int
    open_until: datetime | None


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """What a courier needs of its webhook."""

    id: UUID
    url: str
    version: int
    secret_number: int
    former_until: datetime | None


class Circuit(msgspec.Struct, frozen=True):
    """How the receiver has answered lately. `open_until` set: open until then, half open after it."""

    failures: int = 0
    failing_since: datetime | None = None
    open_until: datetime | None = None


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that is tried now, for the `tries`-th time. `probe`: on its outcome the circuit waits.

    `event` is None when the log no longer has it.
    """

    sequence: int
    tries: int
    deadline_at: datetime
    probe: bool
    event: Any


class Answer(NamedTuple):
    """What a try came to: the code (None: no answer), how long it took, what was wrong (None: nothing).

    `asked_seconds` is for how long the receiver asked to be left alone. `gone`: it wants nothing any more.
    `unsendable`: the fault is ours, and no try would help.
    """

    code: int | None
    seconds: float
    wrong: str | None = None
    asked_seconds: float | None = None
    gone: bool = False
    unsendable: bool = False


class Ended(NamedTuple):
    """A try that has ended."""

    taken: Taken
    answer: Answer


class Verdict(NamedTuple):
    """What becomes of a delivery after a try: `due_at` only where it waits for another."""

    state: DeliveryState
    due_at: datetime | None
    reason: str | None


class Signed(NamedTuple):
    """A message as it is sent."""

    body: bytes
    headers: Mapping[str, str]
