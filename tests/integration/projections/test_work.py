"""Random work through the services: its events add up to the tables, from nothing or from a moment on."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from annotary.dispatch.errors import WrongState
from annotary.dispatch.service_tasks import reassign
from annotary.infra.postgres import UnitOfWork
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import format_id
from annotary.quality.gold.errors import CannotBeGold, UnknownGold
from annotary.review.service_issues import comment, raise_issue, set_state
from annotary.review.values import NewComment, NewIssue
from integration.dispatch.test_state_machine import MEMBERS, Dispatch
from integration.dispatch.work import Work
from integration.gold.stage import Stage
from integration.projections.releasing import MANAGER, Rebuilding, release_tasks
from integration.projections.tables import REVIEW, WORK
from integration.review.test_state_machine import PEOPLE, Reviewing

SETTINGS = settings(
    max_examples=10,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class RebuiltWork(Rebuilding, Dispatch):
    """Leases and answers in every order."""

    tables = WORK

    @initialize()
    def start(self) -> None:
        super().start()
        self.begin()

    def teardown(self) -> None:
        if hasattr(self, "moments"):
            self.run(self.compare())
        super().teardown()

    @rule(who=st.lists(st.integers(0, MEMBERS - 1), min_size=1, max_size=6), count=st.integers(1, 3))
    def claim_together(self, who: list[int], count: int) -> None:
        async def together() -> list[Any]:
            return await asyncio.gather(*(self.work.claim(self.members[i], count) for i in who))

        given = zip(who, self.run(together()), strict=True)
        self._hold([(self.members[i], lease) for i, leases in given for lease in leases])

    async def _check(self) -> None:
        """The promises are another test's."""


class RebuiltReviews(Rebuilding, Reviewing):
    """Answers, verdicts, rework, revisions and issues in every order."""

    tables = WORK + REVIEW
    remarks = ("look here",)

    @initialize()
    def start(self) -> None:
        super().start()
        self.begin()

    @rule(which=st.integers(0, 3), state=st.sampled_from(["raised", "commented", "resolved", "open"]))
    def an_issue_is_kept(self, which: int, state: Any) -> None:
        task = format_id("task", self.tasks[which])

        async def act(uow: UnitOfWork) -> None:
            open_one = await uow.fetchval("SELECT id FROM issues WHERE task_id = $1", self.tasks[which])
            if state == "raised" or open_one is None:
                await raise_issue(uow, MANAGER, NewIssue(task=task, text="look"))
            elif state == "commented":
                await comment(uow, MANAGER, open_one, NewComment("yes"))
            else:
                await set_state(uow, MANAGER, open_one, state)

        self.as_manager(act)

    @rule(which=st.integers(0, 3), back=st.booleans())
    def a_task_is_gold_for_a_time(self, which: int, back: bool) -> None:
        stage = Stage(self.work)
        with contextlib.suppress(CannotBeGold, UnknownGold):
            if back:
                self.run(stage.act("return", self.tasks[which]))
            else:
                self.run(stage.gold(1, tasks=[self.tasks[which]]))

    @rule(which=st.integers(0, 3), whom=st.integers(0, PEOPLE - 1))
    def a_task_is_given_to_somebody(self, which: int, whom: int) -> None:
        # Who answered or skipped the task already is refused.
        with contextlib.suppress(WrongState, Invalid):
            member = self.people[whom].member_id
            self.as_manager(lambda uow: reassign(uow, MANAGER, self.tasks[which], member))

    def teardown(self) -> None:
        if hasattr(self, "moments"):
            self.run(self.compare())
            self.what_is_drawn_rarely()
        super().teardown()

    def what_is_drawn_rarely(self) -> None:
        for state in ("raised", "commented", "resolved", "open"):
            self.an_issue_is_kept(0, state)
        self.a_task_is_gold_for_a_time(1, False)
        self.a_task_is_gold_for_a_time(1, True)
        self.claim_together(list(range(PEOPLE)), 1)
        self.renew_or_release(0, "release")
        self.time_passes(601, True)

    async def finish(self) -> None:
        """The promises are another test's."""
        await self.compare()

    async def check(self) -> None:
        """The promises are another test's."""


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tasks come as the services release them."""
    monkeypatch.setattr(Work, "add_tasks", release_tasks)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("overlap", [1, 3])
def test_events_of_work_add_up_to_the_tables(database_url: str, released: None, overlap: int) -> None:
    with asyncio.Runner() as runner:
        fields = {"url": database_url, "runner": runner, "overlap": overlap}
        run_state_machine_as_test(type("Rebuilt", (RebuiltWork,), fields), settings=SETTINGS)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("levels", "rework_by"), [(1, "same"), (2, "another")])
def test_events_of_reviews_add_up_to_the_tables(
    database_url: str, released: None, levels: int, rework_by: str
) -> None:
    with asyncio.Runner() as runner:
        fields = {"url": database_url, "runner": runner, "levels": levels, "rework_by": rework_by}
        run_state_machine_as_test(type("Rebuilt", (RebuiltReviews,), fields), settings=SETTINGS)
