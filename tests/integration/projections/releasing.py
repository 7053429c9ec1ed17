"""Work that begins as it does in the services, so that its log is whole; and what managers do to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from annotary.dispatch.erasure import erase
from annotary.dispatch.jobs import batches_consumer
from annotary.dispatch.release import Chunk, Terms, open_batch, release
from annotary.dispatch.release_rows import NewTask
from annotary.dispatch.rework import reopen
from annotary.dispatch.service_batches import change_batch
from annotary.dispatch.service_tasks import change_tasks
from annotary.dispatch.values import BatchChange
from annotary.eventlog.consumer import consume_once
from annotary.eventlog.values import Position
from annotary.identity.values import Role
from annotary.infra.postgres import UnitOfWork
from annotary.kernel.ids import new_id, numbered_ids
from integration.dispatch.work import ORGANISATION, Work, member
from integration.facts import fact_about
from integration.projections.state import State
from integration.projections.tables import hold_against_tables, read_log, read_state

MANAGER = member(Role.OWNER)
OTHERS = st.integers(0, 5)


async def release_tasks(
    work: Work, count: int, *, overlap: int = 1, project: UUID | None = None, priority: str = "normal"
) -> list[UUID]:
    """Open a batch and release texts into it: two chunks, gaps in their numbers; returns the tasks."""
    batch, id_of = new_id(), numbered_ids(new_id())
    terms: dict[str, Any] = {"organisation_id": ORGANISATION, "project_id": project or work.project}
    terms |= {"name": "b", "priority": priority, "deadline": None, "overlap": overlap, "actor_id": None}
    numbers = [number * (1 + number // 3) for number in range(count)]
    tasks = [NewTask(id_of(n), new_id().bytes, f"{batch.hex}-{n}", b'{"text":"hello"}') for n in numbers]
    async with work.database.transaction() as uow:
        await open_batch(uow, batch, Terms(**terms), datetime.now(UTC))
    half, job = (count + 1) // 2, new_id()
    for number, part in enumerate((tasks[:half], tasks[half:])):
        async with work.database.transaction() as uow:
            await release(uow, Chunk(batch, job, number, None), part, datetime.now(UTC))
    return [UUID(bytes=task.id) for task in tasks]


class Rebuilding:
    """What a state machine over the work of a modality needs to hold its log against its tables."""

    work: Work
    tasks: list[UUID]
    tables: tuple[str, ...]
    moments: list[tuple[State, Position]]
    run: Any

    def begin(self) -> None:
        """Remember the tables and where the log stands: other examples were here before."""
        self.moments = []
        self.remember()

    def remember(self) -> None:
        async def now() -> Any:
            state = await read_state(self.work.database, self.tables)
            return state, (await read_log(self.work.database))[1]

        self.moments.append(self.run(now()))

    async def compare(self) -> None:
        """Hold what each remembered state and the events after it add up to against the tables."""
        for state, position in self.moments:
            later, _ = await read_log(self.work.database, position)
            await hold_against_tables(self.work.database, self.tables, state, later)
        every, _ = await read_log(self.work.database)
        for events in (every, every[::-1]):
            await hold_against_tables(self.work.database, self.tables, State(), events)

    def as_manager(self, act: Any) -> None:
        async def acted() -> None:
            async with self.work.database.transaction() as uow:
                await act(uow)
            self.work.dispatcher.work_came()

        self.run(acted())

    @rule()
    def a_moment_is_remembered(self) -> None:
        if len(self.moments) < 3:
            self.remember()

    @rule(action=st.sampled_from(["pause", "resume", "cancel", "requeue"]), which=OTHERS)
    def tasks_are_managed(self, action: str, which: int) -> None:
        task = self.tasks[which % len(self.tasks)]
        self.as_manager(lambda uow: change_tasks(uow, MANAGER, action, [task], "by a manager"))

    @rule(which=OTHERS, rework_by=st.sampled_from(["same", "another"]))
    def work_is_asked_again(self, which: int, rework_by: Any) -> None:
        task = self.tasks[which % len(self.tasks)]
        self.as_manager(lambda uow: reopen(uow, [task], rework_by, "again", None))

    @rule(state=st.sampled_from(["open", "paused"]), follow=st.booleans())
    def the_batch_is_changed(self, state: Any, follow: bool) -> None:
        async def act(uow: UnitOfWork) -> None:
            batch = await uow.fetchval("SELECT batch_id FROM tasks WHERE id = $1", self.tasks[0])
            await change_batch(uow, MANAGER, batch, BatchChange(state=state, priority="high"), None)

        self.as_manager(act)
        while follow and self.run(consume_once(batches_consumer(self.work.database))):
            pass

    @rule(which=OTHERS)
    def an_item_is_deleted(self, which: int) -> None:
        async def act(uow: UnitOfWork) -> None:
            task = self.tasks[which % len(self.tasks)]
            item = await uow.fetchrow("SELECT item_id, unique_id FROM task_items WHERE task_id = $1", task)
            assert item
            told = {"unique_id": item["unique_id"]}
            await erase(uow, [fact_about(ORGANISATION, "item.deleted", item["item_id"], **told)])

        if which == 0:
            self.as_manager(act)
