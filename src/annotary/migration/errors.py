"""What can go wrong with changes of stored answers."""

from __future__ import annotations

from annotary.kernel.errors import Conflict, NotFound


class UnknownChange(NotFound):
    """There is no such change of answers, or you may not see it."""

    code = "unknown_change"


class ChangeUnderWay(Conflict):
    """Another change of this project's answers is under way: wait for it, or cancel it first."""

    code = "change_under_way"


class NotPossibleNow(Conflict):
    """The change is not in a state for this."""

    code = "not_possible_now"


class ChangeStopped(Conflict):
    """The change was paused or cancelled, or another run of it has begun: this run writes no more."""

    code = "change_stopped"


class NoSteps(Conflict):
    """No steps lead from one version to the other: publish a version that says its steps."""

    code = "no_steps"
