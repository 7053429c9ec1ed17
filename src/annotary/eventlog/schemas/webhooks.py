"""Events of webhooks; the platform writes all of them. What is secret, and addresses, are not in the log."""

from __future__ import annotations

from typing import Literal

from annotary.eventlog.schemas.declaring import PLATFORM, Data, Number, event


class WebhookData(Data):
    """How a webhook stands after the change."""

    version: Number
    state: Literal["active", "paused", "disabled", "removed"]


@event("webhook.created", "webhook", PLATFORM)
class WebhookCreated(WebhookData):
    """A receiver outside is to be told of events."""


@event("webhook.changed", "webhook", PLATFORM)
class WebhookChanged(WebhookData):
    """A webhook has another address, other wishes, or was paused or set going again."""


@event("webhook.rotated", "webhook", PLATFORM)
class WebhookRotated(WebhookData):
    """A webhook got a new secret."""


@event("webhook.disabled", "webhook", PLATFORM)
class WebhookDisabled(WebhookData):
    """Nothing more is sent to a receiver that is gone, or that took nothing for days."""

    reason: str


@event("webhook.removed", "webhook", PLATFORM)
class WebhookRemoved(WebhookData):
    """A webhook was removed; what waited for it is dropped."""


@event("webhook.tested", "webhook", PLATFORM)
class WebhookTested(WebhookData):
    """Somebody asked for a message that tells nothing, to see it arrive; only this webhook is told."""
