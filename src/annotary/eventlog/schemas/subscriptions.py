"""Events of subscriptions; each service writes those of its own log."""

from __future__ import annotations

from annotary.eventlog.schemas.declaring import MODALITIES, PLATFORM, Data, Member, Number, Project, event

SERVICES = (*PLATFORM, *MODALITIES)


class SubscriptionData(Data):
    """Whose a subscription is, and its terms after the change; without `types` it takes all."""

    name: str
    member: Member
    types: list[str]
    project: Project | None
    lanes: Number
    lease_seconds: Number
    tries_most: Number


@event("subscription.created", "subscription", SERVICES)
class SubscriptionCreated(SubscriptionData):
    """A member's programs follow the log by this name, with their place kept here."""


@event("subscription.changed", "subscription", SERVICES)
class SubscriptionChanged(SubscriptionData):
    """A subscription takes other events, or has another lease or number of tries."""


@event("subscription.ended", "subscription", SERVICES)
class SubscriptionEnded(SubscriptionData):
    """A subscription was ended: its places and what it had parked are gone."""
