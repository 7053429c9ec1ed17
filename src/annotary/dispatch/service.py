"""Claiming, renewing, releasing, skipping: the use cases of a lease."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from blake3 import blake3

from annotary.dispatch import rules, store
from annotary.dispatch.errors import LeaseExpired, NotLeased, StaleFence, UnknownAssignment
from annotary.dispatch.values import Lease, Wanted
from annotary.identity.errors import UnknownProject
from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra import idempotency
from annotary.infra.grouping import Grouper
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.rows import sweep
from annotary.kernel.errors import AnnotaryError
from annotary.kernel.limits import (
    CLAIM_PROJECTS_MAX,
    COPY_WAIT_SECONDS_MAX,
    EXPIRY_SWEEP_ROWS_MAX,
    WAITER_POLL_SECONDS_MAX,
)


class Keyed(NamedTuple):
    """A claim with its Idempotency-Key, if it has one."""

    wanted: Wanted
    key: str | None = None
    request_hash: bytes = b""


class Project(NamedTuple):
    """What claiming needs to know of a project."""

    id: UUID
    organisation_id: UUID
    weight: float


class Dispatcher:
    """Gives out the tasks of one modality. Holds only what can be forgotten: hints, shares, projects."""

    def __init__(self, database: Database, hot: Database) -> None:
        self._database = database
        self._hot = hot
        self._claims: Grouper[Keyed, list[Lease]] = Grouper("claim", self._claim_group)
        self._projects: Mapping[UUID, Project] | None = None
        self._changed = asyncio.Event()
        self.hints = rules.Hints(time.monotonic)
        self.shares = rules.FairShare()
        self.eagerness = rules.Eagerness(time.monotonic)

    @property
    def took(self) -> deque[float]:
        """How many seconds the last claims waited for their tasks."""
        return self._claims.took

    def forget(self) -> None:
        """Projects or batches changed: read them again, and wake those who wait for work."""
        self._projects = None
        self.work_came()

    def work_came(self, project: UUID | None = None) -> None:
        """Tasks came back or were added."""
        self.hints.forget(project)
        self.eagerness.forget()
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def claim(
        self,
        caller: Caller,
        project: UUID | None,
        count: int,
        wait_milliseconds: int,
        keyed: tuple[str, bytes] | None,
        idle: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext,
    ) -> list[Lease]:
        """Lease up to `count` tasks to the caller, waiting for the first one if there is none now.

        `idle` is held while there is nothing to do but wait.
        """
        deadline = time.monotonic() + wait_milliseconds / 1000
        pause = 0.1
        while True:
            changed = self._changed
            leases = await self._claim_once(caller, project, count, keyed)
            left = deadline - time.monotonic()
            if leases or left <= 0:
                return leases
            with idle():
                await _first(changed, min(left, pause))
            pause = min(pause * 2, WAITER_POLL_SECONDS_MAX)

    async def _claim_once(
        self, caller: Caller, project: UUID | None, count: int, keyed: tuple[str, bytes] | None
    ) -> list[Lease]:
        projects = await self._projects_for(caller, project)
        if not projects or self.eagerness.rests(caller.member_id, project):
            return []
        key, digest = keyed or (None, b"")
        with_request = request_id(caller.member_id, key) if key else None
        wanted = Wanted(caller.member_id, tuple(projects), count, with_request)
        leases = await self._claims.ask(Keyed(wanted, key, digest))
        if len(leases) < count and any(self.hints.get(caller.member_id, one) for one in projects):
            # The hint may have led past a task that came back: look once more from the start.
            fresh = Wanted(caller.member_id, tuple(projects), count - len(leases), with_request, fresh=True)
            leases = [*leases, *await self._claims.ask(Keyed(fresh))]
        self.eagerness.note(caller.member_id, project, len(leases))
        return leases

    async def _projects_for(self, caller: Caller, project: UUID | None) -> list[UUID]:
        active = await self._active_projects()
        if project is not None:
            await self._check_access(caller, project)
            return [project] if project in active else []
        everything = caller.role >= Role.MANAGER
        weights = {
            one.id: one.weight
            for one in active.values()
            if one.organisation_id == caller.organisation_id and (everything or one.id in caller.projects)
        }
        return self.shares.order(weights)[:CLAIM_PROJECTS_MAX]

    async def _check_access(self, caller: Caller, project: UUID) -> None:
        known = (await self._active_projects()).get(project)
        if known is not None:
            access_project(caller, project, known.organisation_id, Role.ANNOTATOR)
            return
        row = await project_copy(self._database, project)
        access_project(caller, project, row["organisation_id"], Role.ANNOTATOR)

    async def _active_projects(self) -> Mapping[UUID, Project]:
        if self._projects is None:
            rows = await self._database.fetch(store.QUERIES.active_projects)
            self._projects = {
                row["id"]: Project(row["id"], row["organisation_id"], row["weight"]) for row in rows
            }
            self.shares.keep_only(list(self._projects))
        return self._projects

    async def _claim_group(self, group: list[Keyed]) -> Sequence[list[Lease] | AnnotaryError]:
        if not any(one.key for one in group):
            async with self._hot.connection() as connection:
                return await self.serve(connection, [one.wanted for one in group])
        async with self._hot.transaction() as uow:
            taken = await _take_keys(uow, group)
            served = iter(
                await self.serve(uow, [one.wanted for one, new in zip(group, taken, strict=True) if new])
            )
            answers = [next(served) if new else None for new in taken]
            # A claim that found nothing had no effect: its key stays free, so that it may find something yet.
            await store.free_keys(
                uow,
                [
                    (one.wanted.member_id, one.key)
                    for one, answer in zip(group, answers, strict=True)
                    if one.key and answer == []
                ],
            )
        return [
            await self._repeated(one) if answer is None else answer
            for one, answer in zip(group, answers, strict=True)
        ]

    async def serve(self, uow: UnitOfWork, wanted: Sequence[Wanted]) -> list[list[Lease]]:
        """Serve a group of claims with one statement, in the unit of work of the caller."""
        if not wanted:
            return []
        leases: list[list[Lease]] = [[] for _ in wanted]
        for places in rules.rounds(wanted):
            members = [wanted[place] for place in places]
            given_now = await store.claim_group(uow, rules.candidates(members, self.hints), len(members))
            for place, given in zip(places, given_now, strict=True):
                leases[place] = rules.arranged(given)
        projects = self._projects or {}
        for claim, given in zip(wanted, leases, strict=True):
            self.hints.note(claim.member_id, given)
            for lease in given:
                known = projects.get(lease.project_id)
                self.shares.charge(lease.project_id, known.weight if known else 1.0, 1)
        return leases

    async def _repeated(self, one: Keyed) -> list[Lease] | AnnotaryError:
        """Answer a repeated claim as the first one was."""
        assert one.key is not None and one.wanted.claimed_with is not None
        try:
            kept = await idempotency.kept_reply(self._database, one.wanted.member_id, one.key)
            if kept is None:
                return []
            idempotency.checked(kept, one.key, one.request_hash)
        except AnnotaryError as error:
            return error
        leases = await store.leases_claimed_with(
            self._database, one.wanted.claimed_with, one.wanted.member_id
        )
        return rules.arranged(leases)

    async def held(self, caller: Caller, assignment: UUID) -> Lease:
        """Return a lease that the caller holds, as the claim gave it."""
        lease = await store.live_lease(self._database, assignment, caller.member_id)
        if lease is not None:
            return lease
        row = await store.assignment(self._database, assignment)
        if row is None or row["member_id"] != caller.member_id:
            raise UnknownAssignment
        raise refusal(row["state"], row["fence"], row["fence"], row["is_over"])

    async def renew(self, caller: Caller, assignment: UUID, fence: int) -> tuple[int, datetime]:
        """Put the end of a lease off by the project's lease time; returns the fence and the new end."""
        row = await store.renew(self._database, assignment, caller.member_id, fence)
        if row is None:
            raise await why_not(self._database, assignment, caller.member_id, fence)
        return row["fence"], row["expires_at"]

    async def end(
        self, caller: Caller, assignment: UUID, fence: int, state: str, reason: str | None = None
    ) -> None:
        """Give a leased task back (`released`) or pass it over for good (`skipped`)."""
        project = await store.end_lease(self._database, assignment, caller.member_id, fence, state, reason)
        if project is None:
            raise await why_not(self._database, assignment, caller.member_id, fence)
        self.work_came(project)


def request_id(member: UUID, key: str) -> UUID:
    """Return the name of a keyed request: leases claimed with it can be found again."""
    return UUID(bytes=blake3(member.bytes + key.encode()).digest(16))


async def _take_keys(uow: UnitOfWork, group: Sequence[Keyed]) -> list[bool]:
    """Take the group's keys; a second claim with the same key in one group is a repetition like any other."""
    keyed = {(one.wanted.member_id, one.key): one for one in group if one.key}
    free = await store.take_keys(
        uow,
        [
            (member, key, one.request_hash, one.wanted.claimed_with)
            for (member, key), one in sorted(keyed.items())
            if key and one.wanted.claimed_with
        ],
    )
    answers = []
    for one in group:
        entry = (one.wanted.member_id, one.key or "")
        answers.append(one.key is None or entry in free)
        free.discard(entry)
    return answers


async def why_not(database: Database, assignment: UUID, member: UUID, fence: int) -> AnnotaryError:
    """Return why an assignment cannot be acted on by this member with this fence."""
    row = await store.assignment(database, assignment)
    if row is None or row["member_id"] != member:
        return UnknownAssignment()
    return refusal(row["state"], row["fence"], fence, row["is_over"])


def refusal(state: str, current_fence: int, fence: int, is_over: bool) -> AnnotaryError:
    """Say what is wrong with the use of a lease."""
    if fence != current_fence:
        return StaleFence.of(fence, current_fence)
    if state == "expired" or (state == "leased" and is_over):
        return LeaseExpired()
    if state == "revoked":
        return StaleFence("A manager took this lease back. The answer was kept as your draft.")
    return NotLeased(f"The assignment is {state} already.")


async def project_copy(database: Database, project: UUID) -> Row:
    """Return a project, waiting a moment for a new one's copy to arrive here."""
    deadline = time.monotonic() + COPY_WAIT_SECONDS_MAX
    while True:
        row = await database.fetchrow(store.QUERIES.project, project)
        if row is not None:
            return row
        if time.monotonic() > deadline:
            raise UnknownProject()
        await asyncio.sleep(0.05)


async def expire_leases(database: Database) -> int:
    """End every lease that is over by the database's clock; returns how many."""
    return await sweep(lambda: store.expire_leases(database, EXPIRY_SWEEP_ROWS_MAX), EXPIRY_SWEEP_ROWS_MAX)


async def _first(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, at most so long."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
