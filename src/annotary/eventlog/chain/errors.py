"""What can go wrong with the proof over the log."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, Malformed, NotFound


class UnknownEvent(NotFound):
    """There is no event with this number in this log."""

    code = "unknown_event"


class NotSealed(Conflict):
    """The event is not in a sealed segment yet: ask again in some seconds."""

    code = "not_sealed"


class BadKey(Malformed):
    """What should be an Ed25519 key is none."""

    code = "bad_key"
