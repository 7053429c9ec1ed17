"""What can go wrong with consensus."""

from __future__ import annotations

from annotary.kernel.errors import AnnotaryError, Conflict, NotFound
from annotary.kernel.limits import MERGE_MEMORY_BYTES_MAX


class UnknownOutcome(NotFound):
    """There is no such task, or you may not see its outcome."""

    code = "unknown_task"


class NothingToRevert(Conflict):
    """The task has no current outcome: it is open again, or its answers wait to be merged."""

    code = "nothing_to_revert"
    title = "No current outcome"


class MergeStopped(AnnotaryError):
    """What the merging process was asked took too long or too much memory, and was stopped."""

    code = "merge_stopped"


def reason_of(error: Exception) -> str:
    """Return why the merging process could not do something, for people."""
    if isinstance(error, MemoryError):
        return f"This needs more than {MERGE_MEMORY_BYTES_MAX} bytes of memory."
    return str(error) if isinstance(error, AnnotaryError) else f"This failed: {error!r}"
