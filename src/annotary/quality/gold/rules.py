"""Which task can carry a known answer, who is due one, and when a known answer is to be doubted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar
from uuid import UUID

import msgspec
from blake3 import blake3

from annotary.kernel.errors import Invalid
from annotary.kernel.limits import GOLD_PER_REQUEST_MAX
from annotary.quality.gold.values import Carrier, Known, NewGoldSet
from annotary.quality.skill.rules import interval

# Who is good enough that a known answer is doubted when they disagree with it, and how many it takes.
GOOD_SKILL, GOOD_ANNOTATORS = 0.7, 5
DOUBTED_BELOW = 0.5
_RANGE = 1 << 64

S = TypeVar("S", bound=msgspec.Struct)

Fate = Literal["made", "corrected", "unchanged"]


def check_asked(asked: NewGoldSet) -> None:
    """Refuse a request that says both or neither way of making gold, or too much at once."""
    if asked.from_outcomes == bool(asked.gold):
        found = f"{len(asked.gold)} answers, from_outcomes {str(asked.from_outcomes).lower()}"
        raise Invalid(path="/gold", found=found, expected="either answers, or from_outcomes and tasks")
    count, path = (len(asked.tasks), "/tasks") if asked.from_outcomes else (len(asked.gold), "/gold")
    if asked.tasks and not asked.from_outcomes:
        raise Invalid(path="/tasks", found=asked.tasks[:3], expected="tasks only with from_outcomes")
    if not 1 <= count <= GOLD_PER_REQUEST_MAX:
        raise Invalid(path=path, found=count, expected=f"1 to {GOLD_PER_REQUEST_MAX}")


def why_not(carrier: Carrier) -> str | None:
    """Return why a task cannot carry a known answer; None when it can.

    A task that people are answering stays what it is: answers that were given must not become gold answers.
    """
    if carrier.stage != "annotate":
        return "it is a review; only tasks to annotate can be gold."
    if carrier.state == "cancelled":
        return "it is cancelled; choose another task."
    if carrier.state in ("open", "paused") and carrier.answered:
        return f"it has {carrier.answered} answers and is not done: wait until it is, or cancel it."
    return None


def fate(carrier: Carrier, known: Known) -> Fate:
    """Say what a known answer changes about its task."""
    if carrier.gold_state in (None, "returned"):
        return "made"
    same = (carrier.content_hash, carrier.qualification) == (known.content_hash, known.qualification)
    return "unchanged" if same else "corrected"


def is_drawn(seed: UUID, submission_id: UUID, rate: float) -> bool:
    """Say whether an answer earns its author a gold task: with chance `rate`, and always the same.

    The seed is kept from everybody; the ids alone say nothing.
    """
    digest = blake3(submission_id.bytes, key=seed.bytes + seed.bytes).digest(8)
    return int.from_bytes(digest, "big") < rate * _RANGE


def is_doubtful(scores: Sequence[float]) -> bool:
    """Say whether a known answer is to be doubted, by the scores of good annotators on it.

    It is when even the upper end of the 95 % interval of their mean score is below one half.
    """
    return len(scores) >= GOOD_ANNOTATORS and interval(scores)[2] < DOUBTED_BELOW


def round_numbers(counts: S) -> S:
    """Return counts as an annotator may see them: down to two digits, and to tens.

    An exact count of done tasks would stand still when the last answer was to a gold task.
    """
    exact: dict[str, int] = msgspec.structs.asdict(counts)
    return msgspec.structs.replace(counts, **{name: _round(count) for name, count in exact.items()})


def _round(count: int) -> int:
    step: int = 10 ** max(1, len(str(count)) - 2)
    return count // step * step
