"""Answers, reviews, rework, revisions, audits, expiries, crashes of leases: in any order promises hold."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from annotary.dispatch.errors import LeaseExpired as TaskLeaseExpired
from annotary.dispatch.errors import NotLeased as TaskNotLeased
from annotary.dispatch.errors import StaleFence as TaskStaleFence
from annotary.dispatch.service import expire_leases
from annotary.dispatch.service_tasks import change_tasks
from annotary.eventlog.consumer import consume_once
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Row
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id, new_id
from annotary.quality.consistency import service as consistency
from annotary.quality.consistency.values import CheckRequest, Finding, Wanted
from annotary.review import service
from annotary.review.errors import LeaseExpired, NotLeased, ReviewWithdrawn, StaleFence
from annotary.review.jobs import reviews_consumer
from annotary.review.service_audits import start_audit
from annotary.review.values import NewAudit
from annotary.submissions.errors import Superseded
from annotary.submissions.service_drafts import revise
from annotary.submissions.values import RevisionRequest
from integration.dispatch.work import member
from integration.review.desk import LABELS, Desk, answer_of

PEOPLE, TASKS = 5, 4
WHO, WHICH = st.integers(0, PEOPLE - 1), st.integers(0, 5)
LABEL = st.sampled_from(LABELS)
VERDICT = st.sampled_from(["amended", "rejected", "accepted"])
STALE = st.integers(0, 5).map(lambda number: number == 5)
REFUSED = (LeaseExpired, NotLeased, ReviewWithdrawn, StaleFence)


class Reviewing(RuleBasedStateMachine):
    """A few people who answer and review each other's work, and everything that can happen to it."""

    url: str
    runner: asyncio.Runner
    levels: int
    rework_by: str
    # What every verdict raises as issues.
    remarks: tuple[str, ...] = ()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    @initialize()
    def start(self) -> None:
        self.desk: Desk = self.run(Desk.start(self.url, self.levels, self.rework_by))
        self.work = self.desk.work
        self.tasks = self.run(self.work.add_tasks(TASKS))
        self.people: list[Caller] = [self.run(self.desk.hire()) for _ in range(PEOPLE)]
        self.manager = member(Role.OWNER)
        self.leases: list[tuple[Caller, Any]] = []
        self.submissions: list[tuple[Caller, Any]] = []
        self.held: list[tuple[Caller, Row]] = []
        steps = self.run(self.work.rows("SELECT step FROM clock_steps"))
        self.clock_step = steps[0]["step"] if steps else timedelta(0)
        for who in range(PEOPLE):
            self.answer(who, "yes", True)
        self.run(self.desk.follow())

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.run(self.finish())
            self.run(self.work.close())

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_step

    @rule(who=WHO, label=LABEL, at_once=st.booleans())
    def someone_answers(self, who: int, label: str, at_once: bool) -> None:
        self.answer(who, label, at_once)

    def answer(self, who: int, label: str, at_once: bool) -> None:
        for lease in self.run(self.work.claim(self.people[who], 1)):
            self.leases.append((self.people[who], lease))
        while at_once and self.leases:
            self.submit(label)

    def submit(self, label: str) -> None:
        caller, lease = self.leases.pop()
        try:
            taken = self.run(self.work.submit(caller, lease, answer=answer_of(label)))
            self.submissions.append((caller, taken.submission_id))
        except (TaskStaleFence, TaskLeaseExpired, TaskNotLeased):
            pass

    @rule(which=WHICH, label=LABEL)
    def revise(self, which: int, label: str) -> None:
        if not self.submissions:
            return
        place = which % len(self.submissions)
        caller, submission = self.submissions[place]

        async def act() -> None:
            async with self.work.database.transaction() as uow:
                asked = RevisionRequest(answer=answer_raw(label), seconds=1.0)
                new = await revise(uow, self.work.intake, caller, submission, asked)
            self.submissions[place] = (caller, new)

        with contextlib.suppress(Superseded):
            self.run(act())

    @rule(which=st.integers(0, TASKS - 1))
    def manager_requeues(self, which: int) -> None:
        async def act() -> None:
            async with self.work.database.transaction() as uow:
                await change_tasks(uow, self.manager, "requeue", [self.tasks[which]], "")

        self.run(act())
        self.work.dispatcher.work_came()

    @rule(both=st.booleans())
    def consumers_follow(self, both: bool) -> None:
        self.run(self.desk.follow() if both else self.desk.consensus())

    @rule()
    def review_follows(self) -> None:
        self.run(consume_once(reviews_consumer(self.work.database)))

    @rule(size=st.integers(1, TASKS))
    def audit(self, size: int) -> None:
        async def act() -> None:
            async with self.work.database.transaction() as uow:
                asked = NewAudit(project=format_id("project", self.work.project), size=size)
                view = await start_audit(uow, self.manager, asked)
                assert view.size == min(size, view.population)

        self.run(act())

    @rule(which=st.integers(0, TASKS - 1), wanted=st.sampled_from(["review", "requeue"]))
    def a_contradiction_is_found(self, which: int, wanted: Wanted) -> None:
        async def act() -> None:
            outcome = await self.desk.outcome(self.tasks[which])
            if outcome is None or outcome["state"] != "accepted":
                return
            found = Finding(
                kind="identical", task_id=outcome["task_id"], outcome_id=outcome["id"], score=1.0, reason="!"
            )
            asked = CheckRequest(kinds=["identical"], wanted=wanted, similarity=0.8, score_min=0.0)
            project = await consistency.project_checked(self.work.database, self.work.project)
            async with self.work.database.transaction() as uow:
                await consistency.keep(uow, new_id(), project, asked, [found], None)

        self.run(act())

    @rule(who=st.lists(WHO, min_size=1, max_size=4), count=st.integers(1, 3))
    def claim_reviews(self, who: list[int], count: int) -> None:
        self.claim_together(who, count)

    def claim_together(self, who: list[int], count: int) -> None:
        async def together() -> list[list[Row]]:
            return await asyncio.gather(*(self.desk.claim(self.people[i], count) for i in who))

        for i, rows in zip(who, self.run(together()), strict=True):
            for row in rows:
                authors = self.run(self.authors(row["task_id"]))
                assert self.people[i].member_id not in authors, "nobody is given their own work"
                self.held.append((self.people[i], row))

    async def authors(self, task: Any) -> set[Any]:
        rows = await self.work.rows("SELECT member_id FROM submissions WHERE task_id = $1", task)
        return {row["member_id"] for row in rows}

    @rule(who=WHO, verdict=VERDICT)
    def claim_and_decide(self, who: int, verdict: str) -> None:
        before = len(self.held)
        self.claim_together([who], 1)
        if len(self.held) > before:
            self.give(0, verdict, stale=False)

    @rule(which=WHICH, verdict=VERDICT, stale=STALE)
    def decide(self, which: int, verdict: str, stale: bool) -> None:
        if self.held:
            self.give(which, verdict, stale)

    def give(self, which: int, verdict: str, stale: bool) -> None:
        caller, review = self.held[-1 - which % len(self.held)]
        fence = review["fence"] - 1 if stale else review["fence"]
        row, before = self.row_of(review), self.now()
        answer = None
        if verdict == "amended":
            answer = answer_of(LABELS[b"yes" in review["answer"].encode()])
        try:
            given = self.desk.decide(caller, review, verdict, answer, fence=fence, issues=self.remarks)
            taken = self.run(given)
        except REFUSED:
            live = row["state"] == "leased" and row["fence"] == fence and row["expires_at"] > self.now()
            current = self.run(self.is_current(review))
            assert not live or (not current and row["purpose"] != "audit"), "a live lease takes a verdict"
            return
        except Invalid:
            raise AssertionError("these verdicts are well-formed") from None
        assert not stale and row["state"] == "leased" and row["member_id"] == caller.member_id
        assert row["expires_at"] > before, "a lease that is over takes no verdict"
        assert taken.review.verdict == verdict and (taken.review.diff is None) == (verdict != "amended")
        assert self.row_of(review)["state"] == "decided"

    async def is_current(self, review: Row) -> bool:
        rows = await self.work.rows(
            "SELECT 1 FROM outcomes WHERE id = $1 AND superseded_at IS NULL", review["outcome_id"]
        )
        return bool(rows)

    def row_of(self, review: Row) -> Row:
        return self.run(self.work.rows("SELECT * FROM reviews WHERE id = $1", review["id"]))[0]

    @rule(which=WHICH, verb=st.sampled_from(["renew", "release"]))
    def renew_or_release(self, which: int, verb: str) -> None:
        if not self.held:
            return
        caller, review = self.held[-1 - which % len(self.held)]

        async def act() -> None:
            async with self.work.database.transaction() as uow:
                await getattr(service, verb)(uow, caller, review["id"], review["fence"])

        with contextlib.suppress(*REFUSED):
            self.run(act())

    @rule(seconds=st.sampled_from([1, 300, 601]), sweep=st.booleans())
    def time_passes(self, seconds: int, sweep: bool) -> None:
        self.run(self.work.step_clock(seconds))
        self.clock_step += timedelta(seconds=seconds)
        if sweep:
            self.run(service.expire_reviews(self.work.database))
            self.run(expire_leases(self.work.database))

    @rule()
    def everything_is_told_again(self) -> None:
        """As after a restored backup."""
        self.run(self.work.database.execute("UPDATE consumers SET transaction_id = '0', sequence = 0"))

    async def finish(self) -> None:
        """With enough reviewers who accept, everything answered is accepted, and nothing is left over."""
        await self.work.step_clock(601)
        self.clock_step += timedelta(seconds=601)
        await service.expire_reviews(self.work.database)
        await self.desk.follow()
        for _ in range(self.levels + 1):
            fresh = await self.desk.hire()
            while rows := await self.desk.claim(fresh, 10):
                for row in rows:
                    await self.desk.decide(fresh, row, "accepted")
        await self.desk.follow()
        done = await self.work.rows(
            "SELECT t.id, o.state FROM tasks t"
            " LEFT JOIN outcomes o ON o.task_id = t.id AND o.superseded_at IS NULL"
            " WHERE t.project_id = $1 AND t.state = 'done'",
            self.work.project,
        )
        assert all(row["state"] == "accepted" for row in done), done
        left = await self.work.rows(
            "SELECT 1 FROM reviews r WHERE r.project_id = $1 AND state IN ('open', 'leased')"
            " AND r.purpose = 'stage'",
            self.work.project,
        )
        assert not left, "no look at anything is left open"

    @invariant()
    def promises_hold(self) -> None:
        if hasattr(self, "desk"):
            self.run(self.check())

    async def check(self) -> None:
        project = self.work.project
        own = await self.work.rows(
            "SELECT 1 FROM reviews r JOIN outcomes o ON o.id = r.outcome_id"
            " JOIN submissions s ON s.id = ANY(o.submission_ids) AND s.member_id = r.member_id"
            " WHERE r.project_id = $1 AND r.state = 'decided'",
            project,
        )
        assert not own, "nobody judges their own work"
        twice = await self.work.rows(
            "SELECT 1 FROM reviews WHERE project_id = $1 AND state = 'decided' AND purpose = 'stage'"
            " GROUP BY round_id, level HAVING count(*) > 1",
            project,
        )
        assert not twice, "never two verdicts on one level"
        again = await self.work.rows(
            "SELECT 1 FROM reviews WHERE project_id = $1 AND state IN ('leased', 'decided')"
            " GROUP BY round_id, member_id HAVING count(*) > 1",
            project,
        )
        assert not again, "nobody looks twice in one round, nor at an amendment of their own"
        skipped = await self.work.rows(
            "SELECT o.id, looks.levels FROM outcomes o CROSS JOIN LATERAL ("
            " SELECT coalesce((SELECT a.round_id FROM reviews a WHERE a.amended_to = o.id), o.id) AS id)"
            " AS round"
            " CROSS JOIN LATERAL (SELECT array_agg(level ORDER BY level) AS levels FROM reviews r"
            " WHERE r.round_id = round.id AND r.purpose = 'stage' AND r.verdict IN ('accepted', 'amended'))"
            " AS looks"
            " WHERE o.project_id = $1 AND o.state = 'accepted'"
            " AND looks.levels IS DISTINCT FROM $2::smallint[]",
            project,
            list(range(1, self.levels + 1)),
        )
        assert not skipped, "nothing is accepted without all its levels"
        parked = await self.work.rows("SELECT reason FROM parked_events")
        assert not parked, parked[:1]


def answer_raw(label: str) -> Any:
    import msgspec

    return msgspec.Raw(answer_of(label))


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("levels", "rework_by"), [(1, "same"), (2, "another")])
def test_review_keeps_its_promises(database_url: str, levels: int, rework_by: str) -> None:
    with asyncio.Runner() as runner:
        fields = {"url": database_url, "runner": runner, "levels": levels, "rework_by": rework_by}
        run_state_machine_as_test(
            type("Reviewing", (Reviewing,), fields),
            settings=settings(
                max_examples=20,
                stateful_step_count=50,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
