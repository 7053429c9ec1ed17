"""Dynamic overlap, as it is asked for: until when the tasks of a batch are answered again; pure."""

from __future__ import annotations

from typing import Literal

import msgspec

from annotary.kernel.errors import Invalid
from annotary.kernel.limits import OVERLAP_BUDGET_ANSWERS_MAX, OVERLAP_MAX


class OverlapTarget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Until when a batch's tasks are asked again; `value` is a share of right answers, or a number of them.

    `confidence`: each outcome is so sure. `accuracy`: the batch is on average. `budget`: so many answers are
    spent, where they add most.

    No task is asked more than `overlap_max` times, nor for less than `price`: the gain in expected accuracy
    that one more answer has to bring.
    """

    kind: Literal["confidence", "accuracy", "budget"]
    value: float
    overlap_max: int
    price: float = 0.0


def check_target(target: OverlapTarget, overlap: int, tasks: int, path: str = "/target") -> None:
    """Raise Invalid for a target that cannot be followed; `tasks` are as many as are known by now."""
    if not overlap <= target.overlap_max <= OVERLAP_MAX:
        expected = f"{overlap} (the least) to {OVERLAP_MAX} answers"
        raise Invalid(path=f"{path}/overlap_max", found=target.overlap_max, expected=expected)
    if not 0 <= target.price < 1:
        raise Invalid(path=f"{path}/price", found=target.price, expected="a gain in accuracy, 0 to below 1")
    if target.kind != "budget":
        if not 0 < target.value < 1:
            raise Invalid(path=f"{path}/value", found=target.value, expected="a share between 0 and 1")
        return
    if not max(1, tasks * overlap) <= target.value <= OVERLAP_BUDGET_ANSWERS_MAX or target.value % 1:
        expected = f"a whole number of answers, {max(1, tasks * overlap)} or more: {overlap} for each task"
        raise Invalid(path=f"{path}/value", found=target.value, expected=expected)
