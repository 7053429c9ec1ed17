"""What tasks are found by, kept up in the background: what the log tells of a task has it looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from uuid import UUID

from annotary.eventlog import Event
from annotary.eventlog.consumer import Consumer
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.ids import ids_of_runs
from annotary.kernel.limits import FACETS_REST_SECONDS, FACETS_TASKS_PER_STEP
from annotary.slices import store
from annotary.slices.store import QUERIES

RELEASED, CHANGED = "tasks.released", "answers.changed"
EVENT_TYPES = (
    *("submission.", "outcome.", "task.requeued", "gold.made", "gold.returned"),
    *("issue.raised", "issue.resolved", "issue.reopened", RELEASED, CHANGED),
)


def facets_consumer(platform: Database, database: Database) -> Consumer:
    """Return the consumer of a modality's own log that keeps what tasks are found by."""

    async def prepare(events: Sequence[Event]) -> None:
        """Do what is about many tasks, in steps that may be done again."""
        for event in events:
            if event.type == RELEASED:
                runs = [(UUID(first), count) for first, count in event.data["runs"]]
                for tasks in _steps(ids_of_runs(runs)):
                    async with database.transaction() as uow:
                        await store.add_tasks(uow, platform, tasks)
        for project in {event.data["project"] for event in events if event.type == CHANGED}:
            await refresh(database, UUID(project))

    async def follow(uow: UnitOfWork, events: Sequence[Event]) -> None:
        changed = {event.subject_id for event in events if event.type not in (RELEASED, CHANGED)}
        for tasks in _steps(sorted(changed)):
            await store.set_facets(uow, tasks)

    return Consumer(
        name="facets",
        source=database,
        target=database,
        handle=follow,
        types=EVENT_TYPES,
        rest_seconds=FACETS_REST_SECONDS,
        prepare=prepare,
    )


async def refresh(database: Database, project: UUID) -> None:
    """Look at all tasks of a project again, a step at a time."""
    after = UUID(int=0)
    while rows := await database.fetch(QUERIES.tasks_after, project, after, FACETS_TASKS_PER_STEP):
        tasks = [row["task_id"] for row in rows]
        async with database.transaction() as uow:
            await store.set_facets(uow, tasks)
        after = tasks[-1]


def _steps(tasks: Iterable[UUID]) -> Iterator[list[UUID]]:
    """Cut tasks into pieces of which one is held in memory."""
    rest = iter(tasks)
    while step := list(islice(rest, FACETS_TASKS_PER_STEP)):
        yield step
