"""Who gets what next, as decisions: the order of tasks, fair shares of projects, where to go on looking."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from annotary.dispatch.values import BatchOrder, Lease, Priority, Wanted
from annotary.kernel.limits import (
    EMPTY_CLAIM_KEPT_SECONDS,
    EMPTY_CLAIMS_PER_SECOND_MAX,
    HINT_AGE_SECONDS_MAX,
    HINTS_MAX,
)
from annotary.projects.quality import QualitySettings

WAIT: Mapping[Priority, timedelta] = {
    "urgent": timedelta(0),
    "high": timedelta(hours=1),
    "normal": timedelta(days=1),
    "low": timedelta(days=7),
}


def order_key(released_at: datetime, priority: Priority, deadline: datetime | None) -> datetime:
    """Return the moment by which a task ought to be given out; tasks are given out in its order.

    It ages by itself: a low-priority task released a week ago stands level with an urgent one of now, so
    nothing starves, and no row is ever rewritten to make it older.
    """
    wanted = released_at + WAIT[priority]
    return wanted if deadline is None else min(deadline, wanted)


def order_of(asked: BatchOrder | None, quality: QualitySettings) -> BatchOrder:
    """Return the order of a batch's tasks: as asked, else shuffled where gold, which comes in no order, is
    mixed in and would stand out among tasks that come in one.
    """
    mixes_gold = quality.gold.first > 0 or quality.gold.rate > 0
    return asked or ("shuffled" if mixes_gold else "imported")


class FairShare:
    """Weighted fair share between projects, by stride scheduling (Waldspurger and Weihl, 1995).

    Every project has a pass value that grows by tasks / weight; the lowest goes first. A project that comes
    (back) starts at the present virtual time: being idle earns no credit.
    """

    def __init__(self) -> None:
        self._passes: dict[UUID, float] = {}
        self._virtual_time = 0.0

    def order(self, weights: Mapping[UUID, float]) -> list[UUID]:
        """Return the projects, the one that is most behind first."""
        for project in weights:
            self._passes[project] = max(self._passes.get(project, 0.0), self._virtual_time)
        return sorted(weights, key=lambda project: (self._passes[project], project))

    def charge(self, project: UUID, weight: float, tasks: int) -> None:
        """Count tasks given out of a project; negative to take back what was counted too much."""
        start = self._passes.get(project, self._virtual_time)
        if tasks > 0:
            self._virtual_time = max(self._virtual_time, start)
        self._passes[project] = start + tasks / weight

    def keep_only(self, projects: Sequence[UUID]) -> None:
        """Forget projects that are gone."""
        self._passes = {p: value for p, value in self._passes.items() if p in set(projects)}


class Hint(NamedTuple):
    """Where a member's last claim in a project stood, and when."""

    order_key: datetime
    task_id: UUID
    noted_at: float


class Hints:
    """Where each member's next claim in a project should begin to look.

    A member who has answered the first 100,000 tasks of a project with overlap would else pass over all of
    them at every claim. A hint is only a hint: when it finds too little the claim looks again from the start,
    and it is dropped after a few seconds, because a task may have come back to an earlier place.
    """

    def __init__(self, clock: Callable[[], float], age_seconds_max: float = HINT_AGE_SECONDS_MAX) -> None:
        self._clock = clock
        self._age = age_seconds_max
        self._hints: dict[tuple[UUID, UUID], Hint] = {}

    def get(self, member: UUID, project: UUID) -> Hint | None:
        """Return a hint that is fresh enough."""
        hint = self._hints.get((member, project))
        if hint is not None and self._clock() - hint.noted_at > self._age:
            del self._hints[member, project]
            return None
        return hint

    def note(self, member: UUID, leases: Sequence[Lease]) -> None:
        """Remember where the last of a claim's leases stood."""
        if len(self._hints) >= HINTS_MAX:
            self._hints.clear()
        for lease in leases:
            if lease.order_key is None:
                continue
            kept = self._hints.get((member, lease.project_id))
            since = kept.noted_at if kept else self._clock()
            self._hints[member, lease.project_id] = Hint(lease.order_key, lease.task_id, since)

    def forget(self, project: UUID | None = None) -> None:
        """Drop the hints of a project (all of them without one): tasks came back or were added."""
        if project is None:
            self._hints.clear()
            return
        for key in [key for key in self._hints if key[1] == project]:
            del self._hints[key]


class Eagerness:
    """Members who ask again and again although there is nothing: they need not be told so by the database.

    Whoever has come away empty `often` times within a second hears for `rest_seconds` what they heard last.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        often: int = EMPTY_CLAIMS_PER_SECOND_MAX,
        rest_seconds: float = EMPTY_CLAIM_KEPT_SECONDS,
    ) -> None:
        self._clock = clock
        self._often = often
        self._rest = rest_seconds
        self._empty: dict[tuple[UUID, UUID | None], tuple[float, int, float]] = {}

    def rests(self, member: UUID, project: UUID | None) -> bool:
        """Say whether what the member heard last is to be repeated."""
        known = self._empty.get((member, project))
        return known is not None and self._clock() < known[2]

    def note(self, member: UUID, project: UUID | None, given: int) -> None:
        """Count a claim that was served."""
        if given:
            self._empty.pop((member, project), None)
            return
        now = self._clock()
        since, count, until = self._empty.get((member, project), (now, 0, 0.0))
        if now - since > 1.0:
            since, count = now, 0
        if len(self._empty) >= HINTS_MAX:
            self._empty.clear()
        count += 1
        self._empty[member, project] = (since, count, now + self._rest if count >= self._often else until)

    def forget(self) -> None:
        """Tasks came: everybody is to be served again."""
        self._empty.clear()


class Candidates(NamedTuple):
    """The arguments of one group claim: one row a claim and project, in order of preference."""

    claims: list[int]
    members: list[UUID]
    counts: list[int]
    projects: list[UUID]
    after_keys: list[datetime | None]
    after_ids: list[UUID | None]
    claimed_with: list[UUID | None]


def candidates(wanted: Sequence[Wanted], hints: Hints) -> Candidates:
    """Lay out a group of claims for `claim_tasks`."""
    rows = Candidates([], [], [], [], [], [], [])
    for number, claim in enumerate(wanted):
        for project in claim.projects:
            hint = None if claim.fresh else hints.get(claim.member_id, project)
            rows.claims.append(number)
            rows.members.append(claim.member_id)
            rows.counts.append(claim.count)
            rows.projects.append(project)
            rows.after_keys.append(hint.order_key if hint else None)
            rows.after_ids.append(hint.task_id if hint else None)
            rows.claimed_with.append(claim.claimed_with)
    return rows


def rounds(wanted: Sequence[Wanted]) -> list[list[int]]:
    """Return the places of claims in groups that hold a member once at most, as `claim_tasks` wants them."""
    seen: dict[UUID, int] = {}
    groups: list[list[int]] = []
    for place, claim in enumerate(wanted):
        number = seen.get(claim.member_id, 0)
        seen[claim.member_id] = number + 1
        if number == len(groups):
            groups.append([])
        groups[number].append(place)
    return groups


def arranged(leases: list[Lease]) -> list[Lease]:
    """Return a claim's leases in the order of the reply: that of their tasks, unless one of them is gold.

    A gold task has no place of its own, so one put first or last would show. Then the random end of the
    assignments' ids decides, for all: the same again when the reply is repeated.
    """
    if all(lease.order_key is not None for lease in leases):
        return leases
    return sorted(leases, key=lambda lease: lease.assignment_id.bytes[::-1])
