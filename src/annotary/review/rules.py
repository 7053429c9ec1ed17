"""What is to become of a task's reviews, who may not look, and what a verdict may say. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import UNSET

from annotary.kernel import limits
from annotary.kernel.errors import AnnotaryError, Invalid
from annotary.kernel.names import check_text
from annotary.ontology.pointers import value_at
from annotary.review.errors import LeaseExpired, NotLeased, ReviewWithdrawn, StaleFence
from annotary.review.values import Held, NewRemark, Place, Plan, Spot, Standing, VerdictRequest

_SPOTS = ({"x", "y"}, {"start", "end"}, {"frame"}, {"frame", "x", "y"})


def plan(standing: Standing) -> Plan:
    """Say which reviews to withdraw and which level to open, from where the task stands alone.

    A look at an outcome that has given way helps nobody. A proposed outcome waits for one level at a time:
    the next one of its round that has no verdict.
    """
    withdraw = [id for id, purpose, outcome in standing.live if not _holds(standing, purpose, outcome)]
    if standing.outcome_state != "proposed" or standing.levels_decided >= standing.levels:
        return Plan(withdraw, None)
    waiting = any(
        purpose == "stage" and outcome == standing.outcome_id for _, purpose, outcome in standing.live
    )
    return Plan(withdraw, None if waiting else standing.levels_decided + 1)


def _holds(standing: Standing, purpose: str, outcome: UUID) -> bool:
    if outcome != standing.outcome_id:
        return False
    return standing.outcome_state == ("proposed" if purpose == "stage" else "accepted")


def refusal(held: Held, member: UUID, fence: int) -> AnnotaryError | None:
    """Return why this member cannot act on a review with this fence, or None when they may."""
    if held.state == "withdrawn":
        return ReviewWithdrawn()
    if fence != held.fence:
        return StaleFence.of(fence, held.fence)
    if held.state == "leased" and held.is_over:
        return LeaseExpired()
    if held.state == "leased" and held.member_id == member:
        return None
    if held.state == "open":
        return LeaseExpired("The lease on the review has ended: claim again.")
    return NotLeased(f"The review is {held.state} already.")


def check_verdict(asked: VerdictRequest) -> None:
    """Raise Invalid where a verdict says too much or too little."""
    has_answer = asked.answer is not UNSET
    if has_answer != (asked.verdict == "amended"):
        expected = "an answer" if asked.verdict == "amended" else f"none with the verdict {asked.verdict}"
        raise Invalid(path="/answer", found="an answer" if has_answer else None, expected=expected)
    check_text(asked.comment, "/comment", limits.REVIEW_COMMENT_CHARACTERS_MAX, may_be_empty=True)
    if len(asked.issues) > limits.ISSUES_PER_VERDICT_MAX:
        expected = f"at most {limits.ISSUES_PER_VERDICT_MAX} issues"
        raise Invalid(path="/issues", found=len(asked.issues), expected=expected)


def check_remarks(remarks: Sequence[NewRemark], item: Mapping[str, Any] | None, answers: list[Any]) -> None:
    """Raise Invalid at the first remark with no text, or with a place that is not there.

    `answers` are those a pointer may point into: the one reviewed, and what it was amended to.
    """
    for number, remark in enumerate(remarks):
        check_text(remark.text, f"/issues/{number}/text", limits.ISSUE_TEXT_CHARACTERS_MAX)
        check_place(remark.place, f"/issues/{number}/place", item, answers)


def check_place(place: Place, path: str, item: Mapping[str, Any] | None, answers: list[Any]) -> None:
    """Raise Invalid where an issue is pinned to what is not there."""
    if isinstance(place, str):
        _check_pointer(place, path, answers)
    elif isinstance(place, Spot):
        _check_spot(place, path, item or {})


def _check_pointer(pointer: str, path: str, answers: list[Any]) -> None:
    check_text(pointer, path, limits.POINTER_CHARACTERS_MAX, may_be_empty=True)
    there = pointer == "" or (
        pointer.startswith("/") and any(value_at(answer, pointer, "") is not None for answer in answers)
    )
    if not there:
        expected = "a JSON pointer to something in the answer, such as /box/0"
        raise Invalid(path=path, found=pointer, expected=expected)


def _check_spot(spot: Spot, path: str, item: Mapping[str, Any]) -> None:
    given = {name for name in spot.__struct_fields__ if getattr(spot, name) is not None}
    if given not in _SPOTS:
        expected = "x and y, start and end, or a frame (with or without x and y)"
        raise Invalid(path=path, found=sorted(given), expected=expected)
    for name in ("x", "y"):
        value = getattr(spot, name)
        if value is not None and not math.isfinite(value):
            raise Invalid(path=f"{path}/{name}", found=value, expected="a finite number")
    if spot.start is not None and spot.end is not None:
        text = item.get("text")
        most = len(text) if isinstance(text, str) else spot.end
        if not 0 <= spot.start <= spot.end <= most:
            raise Invalid(
                path=path,
                found=[spot.start, spot.end],
                expected=f"0 <= start <= end <= {most}, in code points",
            )
    if spot.frame is not None and not 0 <= spot.frame < item.get("frame_count", spot.frame + 1):
        raise Invalid(path=f"{path}/frame", found=spot.frame, expected="a frame of the video")
