"""What can go wrong with webhooks and their deliveries."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, Invalid, NotFound


class UnknownWebhook(NotFound):
    """There is no such webhook."""

    code = "unknown_webhook"


class UnknownDelivery(NotFound):
    """This webhook has no delivery of that event here; what was never sent, or long ago, can be replayed."""

    code = "unknown_delivery"


class TooManyWebhooks(Conflict):
    """The organisation has as many webhooks as it may: remove one first."""

    code = "too_many_webhooks"


class NotActive(Conflict):
    """The webhook is paused or was disabled, so that nothing is sent: set its state to `active` first."""

    code = "webhook_not_active"


class UnknownEventTypes(Invalid):
    """A webhook wants events of a type that there is not."""

    code = "unknown_event_type"
