"""What can go wrong with looking at the record."""

from __future__ import annotations

from annotary.kernel.errors import Conflict


class StillRead(Conflict):
    """Something inside has yet to do what follows from this event: ask again in some seconds."""

    code = "still_read"


class CannotRedact(Conflict):
    """What this event says cannot be erased: it was already, or it is nothing but ids and hashes."""

    code = "cannot_redact"
