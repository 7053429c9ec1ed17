"""What can go wrong with consensus."""

from __future__ import annotations

from annotary.kernel.errors import AnnotaryError, NotFound


class UnknownOutcome(NotFound):
    """There is no such task, or you may not see its outcome."""

    code = "unknown_task"


class MergeStopped(AnnotaryError):
    """What the merging process was asked took too long or too much memory, and was stopped."""

    code = "merge_stopped"
