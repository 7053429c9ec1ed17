"""How a project's pace looks outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

Step = Literal["hour", "day"]


class PaceCounts(msgspec.Struct, frozen=True, kw_only=True):
    """First answers, second thoughts, those that count no more, and the seconds worked on all of them."""

    labels: int
    revisions: int
    discounted: int
    worked_seconds: float


class PaceMoment(PaceCounts, frozen=True, kw_only=True):
    """What somebody did in one step of time; without `member` it is what all who are not in `people` did."""

    at: datetime
    member: str | None


class PacePerson(PaceCounts, frozen=True, kw_only=True):
    """What somebody did in all of the time."""

    member: str
    name: str


class PaceView(msgspec.Struct, frozen=True, kw_only=True):
    """How many answers came in between two times, by hours or days (UTC) and by person.

    `people` are those who gave the most answers, at most PACE_PEOPLE_MAX of `people_total`; steps in which
    nobody answered are left out. `first_at` and `last_at` are the first and last hour in which anybody did.
    """

    project: str
    since: datetime
    until: datetime
    step: Step
    people: Sequence[PacePerson]
    people_total: int
    moments: Sequence[PaceMoment]
    first_at: datetime | None
    last_at: datetime | None


class PaceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer behind a mark of a chart; `counts` is whether it still does."""

    submission: str
    task: str
    unique_id: str
    member: str
    name: str
    at: datetime
    seconds: float
    counts: bool
