"""What can go wrong with answers, besides the answer itself."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, NotFound


class UnknownSubmission(NotFound):
    """There is no such submission, or you may not see it."""

    code = "unknown_submission"


class UnknownDraft(NotFound):
    """There is no draft of yours for this task."""

    code = "unknown_draft"


class Superseded(Conflict):
    """This submission was revised already: revise the newest one."""

    code = "superseded"
