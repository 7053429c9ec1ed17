"""A project's agreement: what is kept of a task, what it adds to the sums, and how measures look outside."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from annotary.quality.agreement.messages import By, Compared

BYS: tuple[By, ...] = ("none", "label", "pair", "batch", "week")
ALPHAS = ("alpha_nominal", "alpha_jaccard", "alpha_ordinal", "alpha_interval")
MEASURES = (
    *ALPHAS,
    "fleiss_kappa",
    "cohen_kappa",
    "percent_agreement",
    "specific_agreement",
    "mean_agreement",
    "idf1",
    "hota",
)


class ComparedTask(msgspec.Struct, frozen=True):
    """What is kept of a compared task. The answers are in the order of `member_ids`."""

    task_id: UUID
    project_id: UUID
    batch_id: UUID
    week: date
    member_ids: list[UUID]
    compared: Compared


class SumKey(NamedTuple):
    """A row of `agreement_sums`, without its project's numbers."""

    project_id: UUID
    tool: str
    measure: str
    label: str
    week: date
    batch_id: UUID
    bucket: int
    size: int
    first: str = ""
    second: str = ""


class PairKey(NamedTuple):
    """A row of `agreement_pairs`, without its numbers."""

    project_id: UUID
    tool: str
    measure: str
    label: str
    one: UUID
    other: UUID
    first: str = ""
    second: str = ""


class Numbers(NamedTuple):
    """How many pairs (of two annotators: tasks), the sum of their scores in millionths, and of squares."""

    number: int = 0
    total: int = 0
    squares: int = 0

    def plus(self, other: Numbers, sign: int = 1) -> Numbers:
        """Return these numbers with others added, or taken out."""
        return Numbers(
            self.number + sign * other.number,
            self.total + sign * other.total,
            self.squares + sign * other.squares,
        )


class Sums(NamedTuple):
    """What tasks add to the tables."""

    sums: dict[SumKey, Numbers]
    pairs: dict[PairKey, Numbers]


class MeasureView(msgspec.Struct, frozen=True):
    """A measure with its 95 % interval; null where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


class AnnotatorName(msgspec.Struct, frozen=True):
    """An annotator."""

    member: str
    name: str | None


class AgreementGroup(msgspec.Struct, frozen=True):
    """How far answers with one tool agree, in one group.

    `label`, `annotators`, `batch` and `week` (its Monday, UTC) say which, as it was asked for; `tasks` is how
    many tasks it rests on.
    """

    tool: str
    label: str | None
    annotators: list[AnnotatorName] | None
    batch: str | None
    week: date | None
    tasks: int
    measures: dict[str, MeasureView]


class AgreementView(msgspec.Struct, frozen=True):
    """How far the annotators of a project agree.

    `waiting` tasks have changed and are not in the numbers yet; `failed` ones could not be compared.
    `groups_total` is more than there are groups where only the first are shown.
    """

    project: str
    by: By
    groups: list[AgreementGroup]
    groups_total: int
    waiting: int
    failed: int
