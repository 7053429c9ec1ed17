"""What can go wrong when the log is followed from outside."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, Malformed, RateLimited, Unavailable


class WrongCursor(Malformed):
    """cursor: send back one that this service gave, unchanged, or `end` for what comes from now on."""

    code = "wrong_cursor"


class CursorLost(Conflict):
    """The log was restored from a backup since this cursor was given: begin again with `since`."""

    code = "cursor_lost"
    title = "The place is not in the log any more"


class TooManyStreams(RateLimited):
    """As many streams as a member may have open at once: close one, or ask with `wait_ms` instead."""

    code = "too_many_streams"


class StreamsFull(Unavailable):
    """As many streams are open as this service serves: ask with `wait_ms` instead, or later."""

    code = "streams_full"
