"""What can go wrong with a subscription."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, NotFound


class UnknownSubscription(NotFound):
    """There is no such subscription, or it is not yours."""


class NameTaken(Conflict):
    """Another member of the organisation has a subscription of this name: choose another name."""

    code = "name_taken"


class TooManySubscriptions(Conflict):
    """The organisation has as many subscriptions as it may: delete one first."""

    code = "too_many_subscriptions"


class LanesFixed(Conflict):
    """The number of lanes cannot be changed: each subject's order rests on it. Delete it and make it anew."""

    code = "lanes_fixed"


class LeaseLost(Conflict):
    """The lane was given to another handler, since the lease was over: its events are delivered again."""

    code = "lease_lost"


class NotGiven(Conflict):
    """This cursor or event is not among those that were given out with the lease."""

    code = "not_given"


class UnknownParkedEvent(NotFound):
    """No such event is parked: say the id of one that is, such as text.3041."""
