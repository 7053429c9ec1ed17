"""Whether a task is asked again, given the batch's target and how far the batch is; pure."""

from __future__ import annotations

import math

from annotary.projects.overlap import OverlapTarget
from annotary.quality.overlap.values import GAIN_BINS, Asked, BatchSoFar


def ask_again(target: OverlapTarget, batch: BatchSoFar, task: Asked, gain: float) -> bool:
    """Say whether one more answer is worth its price. The decision is noted by `noted`.

    `confidence`: until the task is as sure as the target. `accuracy`: until the batch is on average, where
    the surer tasks make up for those that no answer makes sure. `budget`: while answers are left, where the
    gain is greatest.
    """
    if task.answers >= target.overlap_max or gain <= target.price:
        return False
    if target.kind == "budget":
        return _worth_its_share(int(target.value), batch, gain)
    if task.confidence >= target.value:
        return False
    if target.kind == "confidence":
        return True
    expected = (batch.confidence_sum + task.confidence) / (batch.decided + 1)
    return expected < target.value


def noted(batch: BatchSoFar, task: Asked, gain: float, again: bool) -> None:
    """Count a decision."""
    batch.gains = batch.gains or [0] * GAIN_BINS
    batch.gains[gain_bin(gain)] += 1
    if again:
        batch.extended += 1
    else:
        batch.decided += 1
        batch.confidence_sum += task.confidence


def gain_bin(gain: float) -> int:
    """Return the bin of a gain; the greatest gains are in bin 0."""
    return GAIN_BINS - 1 if gain <= 0 else min(GAIN_BINS - 1, max(0, math.ceil(-2 * math.log2(gain)) - 1))


def _worth_its_share(budget: int, batch: BatchSoFar, gain: float) -> bool:
    """Say whether a gain is among those that the answers left can pay for, judged by the gains seen so far.

    With r answers left for each task that is not decided, and asking again with chance q at every decision, a
    task is asked q / (1 - q) more times on average: q = r / (1 + r) spends what is left, no more and no less.
    """
    left = budget - batch.tasks * batch.overlap - batch.extended
    if left < 1:
        return False
    open_tasks = max(1, batch.tasks - batch.decided)
    rate = left / open_tasks
    share = rate / (1 + rate)
    gains = list(batch.gains or [0] * GAIN_BINS)
    place = gain_bin(gain)
    gains[place] += 1
    decisions = sum(gains)
    greater = sum(gains[:place])
    if greater + gains[place] <= share * decisions:
        return True
    # At the border itself there is a share left for some of the equals: keep to the pace.
    return greater < share * decisions and batch.extended < share * decisions
