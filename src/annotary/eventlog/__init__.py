"""Facts, written in the transaction of the change, and the consumers that follow them."""

from annotary.eventlog.store import fact, record
from annotary.eventlog.values import Event

__all__ = ["Event", "fact", "record"]
