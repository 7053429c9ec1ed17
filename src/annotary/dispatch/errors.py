"""What can go wrong with leases, tasks and batches."""

from __future__ import annotations

from typing import Self

from annotary.kernel.errors import Conflict, NotFound


class UnknownAssignment(NotFound):
    """There is no such assignment of yours."""

    code = "unknown_assignment"


class UnknownTask(NotFound):
    """There is no such task, or you may not see it."""

    code = "unknown_task"


class UnknownBatch(NotFound):
    """There is no such batch, or you may not see it."""

    code = "unknown_batch"


class StaleFence(Conflict):
    """The lease has another fencing token now. The answer was kept as your draft."""

    code = "stale_fence"
    title = "Stale lease"

    @classmethod
    def of(cls, sent: int, current: int) -> Self:
        """Return the refusal of one fence where the lease has another."""
        return cls(f"Sent fence {sent}, but the lease has fence {current}. {cls.__doc__}")


class LeaseExpired(Conflict):
    """The lease is over. The answer was kept as your draft: claim again."""

    code = "lease_expired"
    title = "Lease expired"


class NotLeased(Conflict):
    """The assignment has already ended."""

    code = "not_leased"
    title = "Assignment has ended"


class WrongState(Conflict):
    """This cannot be done in the present state."""

    code = "wrong_state"
