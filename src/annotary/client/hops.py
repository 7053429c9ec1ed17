"""Where the time of labels went: hand-offs of one label, and how long they take in a project."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

import msgspec

from annotary.client.errors import NotFound
from annotary.client.transport import Transport
from annotary.client.values import Modality


class Hop(msgspec.Struct, frozen=True):
    """A hand-off: what had happened at `at`, and how long that took since the one before it."""

    name: str
    at: datetime
    microseconds: int
    why: str | None = None
    moved_microseconds: int = 0


class AbsentHop(msgspec.Struct, frozen=True):
    """A hand-off without a stamp, and why there is none."""

    name: str
    reason: str


class SubmissionHops(msgspec.Struct, frozen=True):
    """One label's way; the `hops` add up to the total, those `beside` it count from the commit."""

    submission: str
    task: str
    project: str
    began_at: datetime
    total_microseconds: int
    hops: list[Hop]
    beside: list[Hop]
    absent: list[AbsentHop]
    outcome: str | None = None
    supersedes: str | None = None
    trace: str | None = None
    slowest: str | None = None


class SlowLabel(msgspec.Struct, frozen=True):
    """A label that took so long over a hop."""

    submission: str
    seconds: float
    at: datetime
    trace: str | None = None


class HopTook(msgspec.Struct, frozen=True, kw_only=True):
    """How long a hop takes: its median and its tail, over so many labels."""

    name: str
    count: int
    p50_seconds: float
    p99_seconds: float


class HopSummary(HopTook, frozen=True, kw_only=True):
    """A hop over all of the time; `share` is its part of the time of all hops, `whys` are of flushes."""

    p90_seconds: float
    mean_seconds: float
    share: float
    whys: dict[str, int]
    slowest: list[SlowLabel]


class HopMoment(HopTook, frozen=True, kw_only=True):
    """A hop over one step of time."""

    at: datetime


class ProjectHops(msgspec.Struct, frozen=True):
    """Where the time of a project's labels went between two times."""

    project: str
    since: datetime
    until: datetime
    hops: list[HopSummary]
    moments: list[HopMoment]


class Hops:
    """`client.hops`: for managers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def of(self, submission: str, *, modality: Modality | None = None) -> SubmissionHops:
        """Return the hops of one label; without a `modality` each is asked for it."""
        *others, last = (modality,) if modality else get_args(Modality)
        for one in others:
            try:
                return self._of(one, submission)
            except NotFound:
                continue
        return self._of(last, submission)

    def _of(self, modality: Modality, submission: str) -> SubmissionHops:
        return self._transport.read(f"/v1/{modality}/submissions/{submission}/hops", SubmissionHops)

    def of_project(
        self,
        modality: Modality,
        project: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        step_minutes: int = 0,
    ) -> ProjectHops:
        """Return how long each hop took, by default over the last day, with the slowest labels."""
        params = {
            "project": project,
            "since": since.isoformat() if since else None,
            "until": until.isoformat() if until else None,
            "step_minutes": step_minutes,
        }
        return self._transport.read(f"/v1/{modality}/hops", ProjectHops, params)
