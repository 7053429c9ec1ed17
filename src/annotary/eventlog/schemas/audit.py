"""Events of the record itself; every service writes its own."""

from __future__ import annotations

from annotary.eventlog.schemas.declaring import MODALITIES, PLATFORM, Data, Hash, Number, event


@event("event.redacted", "organisation", (*PLATFORM, *MODALITIES))
class EventRedacted(Data):
    """An owner had what an event said erased, for a reason that is kept; signed by the key of the log."""

    sequence: Number
    leaf: Hash
    leaf_after: Hash
    reason: str
    key: str
    signature: str
