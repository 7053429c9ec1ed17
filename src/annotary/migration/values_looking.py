"""What a change of answers would do, before it is done."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from annotary.migration.values import AnswerKind, Counts


class Sample(msgspec.Struct, frozen=True):
    """An answer before and after a change (`after` None: it would be left as it is, for the `reason`)."""

    kind: AnswerKind
    id: str
    task: str
    before: msgspec.Raw
    after: msgspec.Raw | None
    reason: str = ""
    paths: Sequence[str] = ()


class Looked(msgspec.Struct, frozen=True):
    """What a change would do: counts by kind of answer, samples, and `labels`: marks by tool/label of the
    answers that it touches.

    `total` answers are there; where `complete` is false only the oldest were looked at, as the counts say.
    """

    total: int
    complete: bool
    counts: dict[str, Counts]
    labels: dict[str, int]
    samples: list[Sample]

    @property
    def looked_at(self) -> int:
        """How many answers were looked at."""
        return sum(one.looked_at for one in self.counts.values())

    @property
    def touched(self) -> int:
        """How many of the answers looked at would be others, or could not be."""
        return sum(one.changed + one.ambiguous + one.invalid for one in self.counts.values())
