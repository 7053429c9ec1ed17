"""What can go wrong with reviews, issues and audits."""

from __future__ import annotations

from annotary.dispatch import errors
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


class StaleFence(errors.StaleFence):
    """The review has another fencing token now: it was given to somebody else meanwhile."""


class LeaseExpired(errors.LeaseExpired):
    """The lease on the review is over: claim again."""


class NotLeased(errors.NotLeased):
    """The review is not leased: a verdict was given already, or it was given back."""

    title = "Review is not leased"


class ReviewWithdrawn(Conflict):
    """The outcome gave way while it was reviewed: the new one is reviewed instead. Claim again."""

    code = "review_withdrawn"
    title = "Review withdrawn"
