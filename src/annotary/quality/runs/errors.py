"""What can go wrong with runs."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, NotFound


class UnknownRun(NotFound):
    """There is no such run, or you may not see it."""

    code = "unknown_run"


class RunBlocked(Conflict):
    """The aggregator found nothing."""

    code = "run_blocked"
