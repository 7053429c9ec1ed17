"""What can go wrong with annotators and their skill."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, NotFound


class UnknownAnnotator(NotFound):
    """There is no such annotator on the project, or you may not see them."""

    code = "unknown_annotator"


class AlreadyPaused(Conflict):
    """The annotator is paused already: resume them first to pause them for another reason."""

    code = "already_paused"


class NotPaused(Conflict):
    """The annotator is not paused: nothing was resumed."""

    code = "not_paused"
