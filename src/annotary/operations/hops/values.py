"""The stamps of a label, the hops between them, and how both look outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple, get_args
from uuid import UUID

import msgspec

# The hand-offs that follow one another. Each is named by what has happened at its end.
PathStamp = Literal[
    "created",
    "eligible",
    "claimed",
    "first_input",
    "submitted",
    "group_opened",
    "flushed",
    "committed",
    "done",
    "consumed",
    "consensus",
    "accepted",
    "snapshotted",
]
# The hand-offs that nothing on the path waits for: each counts from the commit.
BesideStamp = Literal["appended", "relayed"]
Stamp = PathStamp | BesideStamp
PATH: tuple[PathStamp, ...] = get_args(PathStamp)
BESIDE: tuple[BesideStamp, ...] = get_args(BesideStamp)
# Which of them are counted when an answer has come in, and which when an outcome rests on it.
RECEIVED = PATH[: PATH.index("committed") + 1]
SETTLED = PATH[PATH.index("committed") : PATH.index("accepted") + 1]
# What is summed up: the hops, and the whole way from `created` to `accepted`.
HopName = PathStamp | BesideStamp | Literal["total"]
TOTAL: Literal["total"] = "total"
NAMES: tuple[HopName, ...] = (*PATH[1:], *BESIDE, TOTAL)
# Why a group was handed to the database: it was full; nothing was under way (the next turn of the loop);
# or the group before it had just ended, and this one had gathered meanwhile.
FlushedWhy = Literal["size", "turn", "pressure"]


class HopView(msgspec.Struct, frozen=True):
    """One hand-off: what had happened at `at`, and how long it took since the one before it.

    `moved_microseconds` is how far `at` was put forward: two clocks disagreed, and no hop is negative.
    """

    name: Stamp
    at: datetime
    microseconds: int
    why: FlushedWhy | None = None
    moved_microseconds: int = 0


class AbsentHop(msgspec.Struct, frozen=True):
    """A hand-off without a stamp, and why there is none."""

    name: Stamp
    reason: str


class SubmissionHops(msgspec.Struct, frozen=True):
    """Where the time of one label went: the hops on the path add up to the total, to the microsecond.

    `slowest` is the longest hop. Those `beside` the path count from the commit and are in no sum. A revision
    has no lease of its own: its way begins when it was submitted.
    """

    submission: str
    task: str
    project: str
    outcome: str | None
    supersedes: str | None
    trace: str | None
    began_at: datetime
    total_microseconds: int
    slowest: Stamp | None
    hops: Sequence[HopView]
    beside: Sequence[HopView]
    absent: Sequence[AbsentHop]


class SlowLabel(msgspec.Struct, frozen=True):
    """An exemplar: a label that took so long over a hop that ended in the minute `at`."""

    submission: str
    seconds: float
    at: datetime
    trace: str | None


class HopSummary(msgspec.Struct, frozen=True):
    """How long a hop took: quantiles of logarithmic buckets, each within 6 % of the true one.

    `share` is this hop's part of the time of all hops on the path. `whys` counts flushes by their reason.
    """

    name: HopName
    count: int
    p50_seconds: float
    p90_seconds: float
    p99_seconds: float
    mean_seconds: float
    share: float
    whys: dict[str, int]
    slowest: Sequence[SlowLabel]


class HopMoment(msgspec.Struct, frozen=True):
    """One hop over one step of time."""

    at: datetime
    name: HopName
    count: int
    p50_seconds: float
    p99_seconds: float


class HopsView(msgspec.Struct, frozen=True):
    """Where the time of a project's labels went between two times, a hop in a minute by when it ended.

    `hops` stand in their order on the way, those beside the path and the total last; a hop that nothing took
    is left out. `moments` are there when a step was asked for.
    """

    project: str
    since: datetime
    until: datetime
    hops: Sequence[HopSummary]
    moments: Sequence[HopMoment]


class Counted(NamedTuple):
    """Labels of one project whose hop ended in one minute (of 1970) and took as long as one bucket has it.

    The exemplar is the slowest of them.
    """

    project_id: UUID
    minute: int
    hop: HopName
    why: str
    bucket: int
    labels: int
    sum_microseconds: int
    slowest_microseconds: int
    submission_id: UUID
    trace_id: str | None
