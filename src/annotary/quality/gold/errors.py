"""What can go wrong with known answers."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, NotFound


class UnknownGold(NotFound):
    """There is no such gold task, or you may not see it."""

    code = "unknown_gold"


class CannotBeGold(Conflict):
    """This task cannot become a gold task now."""

    code = "cannot_be_gold"


class WornOut(Conflict):
    """So many answers were given to this gold task that it cannot come back: choose another task."""

    code = "worn_out"


class NoFeedback(NotFound):
    """There is no feedback for this assignment: it is given in training projects, after an answer."""

    code = "no_feedback"
