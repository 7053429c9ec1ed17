"""What goes wrong between the log and a broker."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, Invalid, Unavailable


class BrokerAway(Unavailable):
    """Kafka does not answer: the relay tries again, and the log waits."""

    code = "broker_away"


class RecordsLost(Unavailable):
    """A broker no longer has what it had acknowledged. `ends`: where its partitions ended."""

    code = "records_lost"

    def __init__(self, ends: tuple[int, ...]) -> None:
        self.ends = ends
        super().__init__(f"{self.__doc__} It ended at {ends}.")


class EventRefused(Invalid):
    """The broker does not take an event, whatever else is well."""

    code = "event_refused"


class Overtaken(Conflict):
    """Another process moved the relay's position meanwhile: this one begins anew from there."""

    code = "relay_overtaken"
