"""What can go wrong with reviews, issues and audits."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, NotFound


class UnknownReview(NotFound):
    """There is no such review, or you may not see it."""

    code = "unknown_review"


class UnknownIssue(NotFound):
    """There is no such issue, or you may not see it."""

    code = "unknown_issue"


class UnknownAudit(NotFound):
    """There is no such audit, or you may not see it."""

    code = "unknown_audit"


class UnknownTask(NotFound):
    """There is no such task, or you may not see it."""

    code = "unknown_task"


class StaleFence(Conflict):
    """The review has another fencing token now: it was given to somebody else meanwhile."""

    code = "stale_fence"
    title = "Stale lease"


class LeaseExpired(Conflict):
    """The lease on the review is over: claim again."""

    code = "lease_expired"
    title = "Lease expired"


class NotLeased(Conflict):
    """The review is not leased: a verdict was given already, or it was given back."""

    code = "not_leased"
    title = "Review is not leased"


class ReviewWithdrawn(Conflict):
    """The outcome gave way while it was reviewed: the new one is reviewed instead. Claim again."""

    code = "review_withdrawn"
    title = "Review withdrawn"
