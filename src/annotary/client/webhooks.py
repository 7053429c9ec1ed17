"""Webhooks: managed by whoever runs a platform, verified by whoever receives them."""

from __future__ import annotations

import hmac
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from annotary.client.errors import AnnotaryClientError
from annotary.client.streams import Service
from annotary.client.transport import Transport

SERVICES: tuple[Service, ...] = ("platform", "text", "image", "video")
TOLERANCE_SECONDS = 300.0
SECRET_PREFIX = "whsec_"


class NotVerified(AnnotaryClientError):
    """A message that is not of whoever has the secret, or is old: answer 400 and do nothing with it."""

    code_without_reply = "not_verified"


class Webhook(msgspec.Struct, frozen=True):
    """An address outside that is told of events. `reason` says why it was disabled."""

    id: str
    url: str
    description: str
    event_types: list[str]
    projects: list[str]
    state: str
    version: int
    created_at: datetime
    secret_number: int = 1
    reason: str | None = None
    former_secret_until: datetime | None = None


class WebhookMade(msgspec.Struct, frozen=True):
    """A webhook and its new secret, which is shown this once."""

    webhook: Webhook
    secret: str


class Delivery(msgspec.Struct, frozen=True):
    """One event on its way to one webhook; `code`, `reason` and `seconds` are of the last try."""

    event: str
    type: str
    state: str
    tries: int
    created_at: datetime
    cursor: str
    due_at: datetime | None = None
    ended_at: datetime | None = None
    code: int | None = None
    reason: str | None = None
    seconds: float | None = None


class Courier(msgspec.Struct, frozen=True):
    """How far a webhook has come in one service's log, and how its receiver does."""

    webhook: str
    service: str
    events_behind: int
    waiting: int
    dead: int
    seconds_behind: float
    circuit: str
    failures: int
    cursor: str | None = None
    open_until: datetime | None = None


class Webhooks:
    """`client.webhooks`: for owners and managers. Each service delivers from its own log."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def add(
        self,
        url: str,
        *,
        event_types: Sequence[str] = (),
        projects: Sequence[str] = (),
        description: str = "",
    ) -> WebhookMade:
        """Make a webhook. `event_types` are types, or `outcome.*` for all of outcomes; none: all."""
        body = {
            "url": url,
            "event_types": list(event_types),
            "projects": list(projects),
            "description": description,
        }
        return self._transport.write("POST", "/v1/webhooks", WebhookMade, body)

    def list(self) -> Iterator[Webhook]:
        """Yield the webhooks of the organisation."""
        return self._transport.pages("/v1/webhooks", Webhook)

    def get(self, webhook: str) -> Webhook:
        """Return one webhook by id."""
        return self._transport.read(f"/v1/webhooks/{webhook}", Webhook)

    def change(self, webhook: str, *, version: int | None = None, **changes: Any) -> Webhook:
        """Change `url`, `event_types`, `projects`, `description` or `state`."""
        return self._transport.write("PATCH", f"/v1/webhooks/{webhook}", Webhook, changes, version=version)

    def pause(self, webhook: str) -> Webhook:
        """Send nothing for now; what happens meanwhile is sent when it goes on."""
        return self.change(webhook, state="paused")

    def resume(self, webhook: str) -> Webhook:
        """Go on where it stopped, also after it was disabled."""
        return self.change(webhook, state="active")

    def rotate(self, webhook: str, *, overlap_hours: float = 24.0) -> WebhookMade:
        """Make a new secret; the one before signs as well for `overlap_hours` (0: not any more)."""
        body = {"overlap_hours": overlap_hours}
        return self._transport.write("POST", f"/v1/webhooks/{webhook}/rotate", WebhookMade, body)

    def test(self, webhook: str) -> str:
        """Send a message that tells nothing; returns the event, of which `delivery` says what became."""
        path = f"/v1/webhooks/{webhook}/test"
        return self._transport.write("POST", path, dict[str, str])["event"]

    def remove(self, webhook: str) -> Webhook:
        """Remove a webhook; what waited for it is dropped."""
        return self._transport.write("DELETE", f"/v1/webhooks/{webhook}", Webhook)

    def deliveries(self, webhook: str, service: Service, *, state: str | None = None) -> Iterator[Delivery]:
        """Yield deliveries from a service's log, the newest first; `state="dead"`: the dead letters."""
        path = f"{_root(service)}/webhooks/{webhook}/deliveries"
        return self._transport.pages(path, Delivery, {"state": state})

    def courier(self, webhook: str, service: Service) -> Courier:
        """Return how far a webhook has come in a service's log."""
        return self._transport.read(f"{_root(service)}/webhooks/{webhook}/courier", Courier)

    def redeliver(self, webhook: str, event: str) -> Delivery:
        """Send one event, such as `text.3041`, again under the same id."""
        service = event.partition(".")[0]
        path = f"{_root(service)}/webhooks/{webhook}/deliveries/{event}/redeliver"
        return self._transport.write("POST", path, Delivery)

    def replay(
        self, webhook: str, service: Service, *, since: datetime | None = None, cursor: str | None = None
    ) -> Courier:
        """Send again all that follows a time, or a cursor of a delivery or of `/v1/events`."""
        body = {"since": since, "cursor": cursor}
        return self._transport.write("POST", f"{_root(service)}/webhooks/{webhook}/replay", Courier, body)


def verify(
    payload: bytes | str,
    headers: Mapping[str, str],
    secret: str | Sequence[str],
    *,
    tolerance_seconds: float = TOLERANCE_SECONDS,
    now: float | None = None,
) -> dict[str, Any]:
    """Return the event (a CloudEvent) in a message that is genuine, for receivers; raises NotVerified.

    `payload` is the body as it came, byte for byte; `secret` one or several, of which one must have signed;
    `now` is in seconds since 1970. Deliveries may come twice: do nothing for an `id` that was seen before.
    See Standard Webhooks 1.0.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, sent_at = given["webhook-id"], given["webhook-timestamp"]
        signatures = given["webhook-signature"].split()
        age_seconds = abs((time.time() if now is None else now) - int(sent_at))
    except (KeyError, ValueError):
        raise NotVerified(
            "The headers webhook-id, webhook-timestamp and webhook-signature are wanted."
        ) from None
    if age_seconds > tolerance_seconds:
        raise NotVerified(
            f"The message is {age_seconds:.0f} s away, expected {tolerance_seconds:.0f} at most."
        )
    body = payload.encode() if isinstance(payload, str) else payload
    signed = b".".join((message_id.encode(), sent_at.encode(), body))
    keys = [_key(one) for one in ([secret] if isinstance(secret, str) else secret)]
    wanted = [b"v1," + b64encode(hmac.digest(key, signed, "sha256")) for key in keys]
    if not any(hmac.compare_digest(one, found.encode()) for one in wanted for found in signatures):
        raise NotVerified("No signature is of the secret.")
    return msgspec.json.decode(body, type=dict[str, Any])


def _key(secret: str) -> bytes:
    try:
        return b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        raise NotVerified(f"The secret is none: expected {SECRET_PREFIX} and base64.") from None


def _root(service: str) -> str:
    return "/v1" if service == "platform" else f"/v1/{service}"
