"""What can go wrong with predictions."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, NotFound


class UnknownTask(NotFound):
    """There is no such task, or you may not see it."""

    code = "unknown_task"


class PredictionExists(Conflict):
    """This model version has predicted something else for this task already: send it as a new version."""

    code = "already_exists"
