"""What can go wrong with predictions."""

from __future__ import annotations

from annotary.kernel.errors import Conflict


class PredictionExists(Conflict):
    """This model version has predicted something else for this task already: send it as a new version."""

    code = "already_exists"
