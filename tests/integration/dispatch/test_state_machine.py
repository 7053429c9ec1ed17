"""Claims, renewals, releases, skips, answers, expiries, repetitions, crashes: in any order promises hold."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from annotary.dispatch.errors import LeaseExpired, NotLeased, StaleFence
from annotary.dispatch.service import Dispatcher, expire_leases
from annotary.dispatch.service_tasks import change_tasks
from annotary.dispatch.values import Lease
from annotary.identity.values import Caller
from annotary.kernel.errors import KeyReused
from annotary.submissions.service import Intake
from integration.dispatch.work import NO, YES, Work, member

MEMBERS = 4
TASKS = 6
LEASE_SECONDS = 600
WHICH = st.integers(0, 9)  # the latest ones: most older ones have ended


class Held:
    """A lease as a client remembers it, whatever happened to it since."""

    def __init__(self, caller: Caller, lease: Lease, number: int) -> None:
        self.caller, self.lease, self.number = caller, lease, number
        self.key = f"key-{number}"
        self.expires_at = lease.expires_at
        self.acknowledged: Any = None


class Dispatch(RuleBasedStateMachine):
    """One project, a few members, few tasks, and everything that can happen to them."""

    url: str
    runner: asyncio.Runner
    overlap: int

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    @initialize()
    def start(self) -> None:
        self.work: Work = self.run(Work.start(self.url))
        self.tasks = self.run(self.work.add_tasks(TASKS, overlap=self.overlap))
        self.members = [member() for _ in range(MEMBERS)]
        self.held: list[Held] = []
        steps = self.run(self.work.rows("SELECT step FROM clock_steps"))
        self.clock_step = steps[0]["step"] if steps else timedelta(0)

    def now(self) -> datetime:
        """Return the database's time: it runs on this machine, and is stepped."""
        return datetime.now(UTC) + self.clock_step

    def teardown(self) -> None:
        if hasattr(self, "work"):
            self.run(self.work.close())

    def _hold(self, given: list[tuple[Caller, Lease]]) -> None:
        newest = {one.lease.task_id: one.lease.fence for one in self.held}
        for caller, lease in sorted(given, key=lambda pair: (pair[1].task_id, pair[1].fence)):
            assert lease.fence > newest.get(lease.task_id, 0), "fences of a task only grow"
            newest[lease.task_id] = lease.fence
            self.held.append(Held(caller, lease, len(self.held)))

    def _some(self, which: int) -> Held | None:
        return self.held[-1 - which % len(self.held)] if self.held else None

    @rule(who=st.lists(st.integers(0, MEMBERS - 1), min_size=1, max_size=6), count=st.integers(1, 3))
    def claim_together(self, who: list[int], count: int) -> None:
        async def together() -> list[list[Lease]]:
            return await asyncio.gather(*(self.work.claim(self.members[i], count) for i in who))

        closed = self.run(self.work.rows("SELECT id FROM tasks WHERE state <> 'open'"))
        given = list(zip(who, self.run(together()), strict=True))
        tasks = {lease.task_id for _, leases in given for lease in leases}
        assert not tasks & {row["id"] for row in closed}, "only open tasks are given out"
        self._hold([(self.members[i], lease) for i, leases in given for lease in leases])

    @rule(which=WHICH, answer=st.sampled_from([YES, NO]), twice=st.booleans(), following=st.integers(0, 2))
    def submit(self, which: int, answer: bytes, twice: bool, following: int) -> None:
        held = self._some(which)
        if held is None:
            return
        before = self.now()
        try:
            for _ in range(2 if twice else 1):
                taken = self.run(
                    self.work.submit(
                        held.caller, held.lease, answer=answer, key=held.key, claim_next=following
                    )
                )
                assert held.acknowledged in (None, taken.submission_id), "a repeated request has one effect"
                if held.acknowledged is None:
                    assert held.expires_at > before, "a lease that is over takes no answer"
                    self._hold([(held.caller, lease) for lease in taken.next])
                held.acknowledged = taken.submission_id
        except KeyReused:
            assert held.acknowledged is not None
        except (StaleFence, LeaseExpired, NotLeased):
            assert held.acknowledged is None, "what was acknowledged is never refused later"

    @rule(which=WHICH, behind=st.integers(1, 5))
    def submit_with_a_stale_fence(self, which: int, behind: int) -> None:
        held = self._some(which)
        if held is not None:
            with pytest.raises((StaleFence, LeaseExpired, NotLeased)):
                self.run(self.work.submit(held.caller, held.lease, fence=held.lease.fence - behind))

    @rule(which=WHICH, verb=st.sampled_from(["renew", "released", "skipped"]))
    def renew_or_end(self, which: int, verb: str) -> None:
        held = self._some(which)
        if held is None:
            return
        lease, dispatcher = held.lease, self.work.dispatcher
        try:
            before = self.now()
            if verb == "renew":
                _, held.expires_at = self.run(dispatcher.renew(held.caller, lease.assignment_id, lease.fence))
            else:
                self.run(dispatcher.end(held.caller, lease.assignment_id, lease.fence, verb))
            assert held.acknowledged is None
            assert verb == "renew" or held.expires_at > before
        except (StaleFence, LeaseExpired, NotLeased):
            pass

    @rule(seconds=st.sampled_from([1, LEASE_SECONDS // 2, LEASE_SECONDS + 1, -30]), sweep=st.booleans())
    def clock_steps(self, seconds: int, sweep: bool) -> None:
        self.run(self.work.step_clock(seconds))
        self.clock_step += timedelta(seconds=seconds)
        if sweep:
            self.run(expire_leases(self.work.database))

    @rule()
    def the_service_restarts(self) -> None:
        """What a process knows is lost: only the tables count."""
        self.work.dispatcher = Dispatcher(self.work.database, self.work.hot)
        self.work.intake = Intake("text", self.work.database, self.work.hot, self.work.dispatcher)

    @rule(action=st.sampled_from(["pause", "resume", "cancel", "requeue"]), which=st.integers(0, TASKS - 1))
    def manager_acts(self, action: str, which: int) -> None:
        async def act() -> None:
            async with self.work.database.transaction() as uow:
                await change_tasks(uow, self.members[0], action, [self.tasks[which]], "")
            self.work.dispatcher.work_came()

        self.run(act())

    @invariant()
    def nothing_is_broken(self) -> None:
        if hasattr(self, "work"):
            self.run(self._check())

    async def _check(self) -> None:
        counted = await self.work.rows(
            "SELECT t.id, t.overlap, t.leased, t.answered, t.state,"
            " count(a.id) FILTER (WHERE a.state = 'leased') AS live,"
            " count(a.id) FILTER (WHERE a.state = 'submitted') AS given"
            " FROM tasks t LEFT JOIN assignments a ON a.task_id = t.id WHERE t.project_id = $1 GROUP BY t.id",
            self.work.project,
        )
        for row in counted:
            assert (row["leased"], row["answered"]) == (row["live"], row["given"]), (
                "the counters tell the truth"
            )
            assert row["live"] + row["given"] <= row["overlap"], "never above the overlap"
            assert row["state"] != "done" or row["given"] == row["overlap"]
        acknowledged = {one.acknowledged for one in self.held if one.acknowledged}
        rows = await self.work.rows("SELECT id FROM submissions WHERE project_id = $1", self.work.project)
        assert {row["id"] for row in rows} == acknowledged, "nothing lost, nothing doubled"
        twice = await self.work.rows(
            "SELECT 1 FROM assignments WHERE project_id = $1 AND state IN ('leased', 'submitted', 'skipped')"
            " GROUP BY task_id, member_id HAVING count(*) > 1",
            self.work.project,
        )
        assert not twice, "nobody has a task twice"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("overlap", [1, 3])
def test_dispatch_keeps_its_promises(database_url: str, overlap: int) -> None:
    with asyncio.Runner() as runner:
        run_state_machine_as_test(
            type("Dispatch", (Dispatch,), {"url": database_url, "runner": runner, "overlap": overlap}),
            settings=settings(
                max_examples=12,
                stateful_step_count=40,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
