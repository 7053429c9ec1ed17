"""Random work on a few tasks, and its agreement: as it is kept, and counted anew from the answers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from annotary.eventlog.consumer import consume_once
from annotary.kernel.ids import new_id
from annotary.modalities.answers import compile_ontology
from annotary.quality.agreement import rules
from annotary.quality.agreement.comparing import compare_task
from annotary.quality.agreement.jobs import agreement_consumer
from annotary.quality.agreement.messages import AnsweredTask
from annotary.quality.agreement.service import compare_once
from annotary.quality.agreement.values_project import ComparedTask, Numbers
from annotary.quality.merge_process import MergeProcess

COUNTED = """
SELECT t.id, t.project_id, t.batch_id, i.payload, array_agg(a.member_id ORDER BY s.id) AS members,
    array_agg(s.answer::text ORDER BY s.id) AS answers, max(s.committed_at)::date AS day
FROM tasks t JOIN task_items i ON i.task_id = t.id
JOIN assignments a ON a.task_id = t.id AND a.state = 'submitted' JOIN submissions s ON s.id = a.submission_id
WHERE t.state <> 'gold' GROUP BY t.id, i.payload::text, i.task_id HAVING count(*) > 1
"""


class Crowd:
    """People who answer, revise and lose answers, with comparisons let loose in between."""

    def __init__(
        self, seed: Any, tasks: Sequence[UUID], people: Sequence[UUID], answers: Sequence[Any]
    ) -> None:
        self.seed, self.tasks, self.people, self.answers = seed, list(tasks), list(people), answers
        self.held: dict[UUID, dict[UUID, UUID]] = {task: {} for task in tasks}
        self.not_asked_again: set[tuple[UUID, UUID]] = set()
        self.consumer = agreement_consumer(seed.database)
        self.process = MergeProcess()

    async def step(self, chance: random.Random) -> None:
        """Do something that can happen to a task."""
        task = chance.choice(self.tasks)
        act = chance.choice(
            (self.answer, self.answer, self.answer, self.change, self.look, self.requeue, self.take)
        )
        await act(task, chance)

    async def answer(self, task: UUID, chance: random.Random) -> None:
        """Let somebody who has not answer a task; the last one of all ends it."""
        held = self.held[task]
        free = [who for who in self.people if who not in held and (task, who) not in self.not_asked_again]
        if not free:
            return
        who = chance.choice(free)
        self.held[task][who] = await self.seed.answer(task, chance.choice(self.answers), member=who)
        await self.seed.tell("submission.received", task)
        if len(free) == 1:
            await self.seed.done(task)

    async def change(self, task: UUID, chance: random.Random) -> None:
        """Let somebody revise."""
        if self.held[task]:
            assignment = chance.choice(list(self.held[task].values()))
            await self.seed.submit(assignment, chance.choice(self.answers))
            await self.seed.tell("submission.revised", task)

    async def requeue(self, task: UUID, chance: random.Random) -> None:
        """Ask for all answers again, in few cases."""
        if chance.random() < 0.3:
            await self.empty(task)

    async def empty(self, task: UUID) -> None:
        """Let none of a task's answers count."""
        await self._end(list(self.held[task].values()), "revoked")
        self.held[task] = {}
        await self.seed.tell("task.requeued", task)

    async def take(self, task: UUID, chance: random.Random) -> None:
        """Take one answer back, as that of somebody who was paused."""
        if self.held[task]:
            who = chance.choice(list(self.held[task]))
            state = chance.choice(("set_aside", "revoked"))
            if state == "set_aside":
                self.not_asked_again.add((task, who))
            await self._end([self.held[task].pop(who)], state)
            await self.seed.tell("task.requeued", task)

    async def look(self, task: UUID, chance: random.Random) -> None:
        """Let the background do some of its work."""
        await consume_once(self.consumer)
        if chance.random() < 0.5:
            await compare_once(self.seed.database, self.seed.database.schema, self.process)

    async def catch_up(self) -> None:
        """Let the background do all there is to do."""
        while await consume_once(self.consumer):
            pass
        while await compare_once(self.seed.database, self.seed.database.schema, self.process):
            pass

    async def rewind(self) -> None:
        """Have everything delivered again, as after a restored backup."""
        await self.seed.database.execute("UPDATE consumers SET transaction_id = '0', sequence = 0")

    async def _end(self, assignments: list[UUID], state: str) -> None:
        await self.seed.database.execute(
            "WITH ended AS (UPDATE assignments SET state = $2 WHERE id = ANY($1) RETURNING task_id)"
            " UPDATE tasks t SET answered = t.answered - e.number, state = 'open'"
            " FROM (SELECT task_id, count(*) AS number FROM ended GROUP BY 1) AS e WHERE t.id = e.task_id",
            *(assignments, state),
        )


async def kept(seed: Any) -> tuple[dict[Any, Numbers], dict[Any, Numbers]]:
    """Return the sums as the tables have them."""
    sums = await seed.database.fetch(
        "SELECT project_id, tool, measure, label, week, batch_id, bucket, size, first, second, pairs, total"
        " FROM agreement_sums"
    )
    pairs = await seed.database.fetch(
        "SELECT project_id, tool, measure, label, one, other, first, second, tasks, total, squares"
        " FROM agreement_pairs"
    )
    return (
        {tuple(row)[:10]: Numbers(row["pairs"], row["total"]) for row in sums},
        {tuple(row)[:8]: Numbers(row["tasks"], row["total"], int(row["squares"])) for row in pairs},
    )


async def counted(seed: Any, version: UUID) -> tuple[dict[Any, Numbers], dict[Any, Numbers]]:
    """Return the sums counted anew from the answers that count now."""
    validator = compile_ontology(seed.database.schema, *seed.versions[version])
    tasks = []
    for row in await seed.database.fetch(COUNTED):
        answers = [answer.encode() for answer in row["answers"]]
        compared = compare_task(validator, AnsweredTask(row["payload"].encode(), answers))
        week = monday(row["day"])
        tasks.append(
            ComparedTask(row["id"], row["project_id"], row["batch_id"], week, row["members"], compared)
        )
    found = rules.difference(tasks, [])
    sums = {tuple(key): Numbers(one.number, one.total) for key, one in found.sums.items()}
    return sums, {tuple(key): one for key, one in found.pairs.items()}


def monday(day: Any) -> Any:
    """Return the Monday of a day's week."""
    return day.fromordinal(day.toordinal() - day.weekday())


async def hired(seed: Any, count: int) -> list[UUID]:
    """Add members with names."""
    members = [new_id() for _ in range(count)]
    for number, member in enumerate(members):
        await seed.database.execute(
            "INSERT INTO members (id, organisation_id, name, role) VALUES ($1, $2, $3, 'annotator')",
            *(member, seed.organisation, f"annotator {number}"),
        )
    return members
