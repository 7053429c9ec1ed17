"""Whatever order work and consensus come in, in the end outcomes say what the counted answers say."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from annotary.eventlog.consumer import consume_once
from annotary.kernel.ids import new_id
from annotary.quality.jobs import consensus_consumer, merge_once
from annotary.quality.merge_process import MergeProcess

CLASSES = {
    "tools": {"classification": {}},
    "labels": [{"name": "good"}, {"name": "bad"}, {"name": "ugly"}],
}
SEVERAL = {**CLASSES, "tools": {"classification": {"multiple": True}}}
TASKS, OVERLAP, STEPS = 6, 3, 150
LABELS = ("good", "bad", "ugly")


class Work:
    """Random work on a few tasks, with consensus let loose in between."""

    def __init__(self, seed: Any, chance: random.Random, tasks: list[Any], process: MergeProcess) -> None:
        self.seed, self.chance, self.tasks, self.process = seed, chance, tasks, process
        self.held: dict[Any, list[Any]] = {task: [] for task in tasks}
        self.consumer = consensus_consumer(seed.database)

    async def step(self) -> None:
        task = self.chance.choice(self.tasks)
        held = self.held[task]
        act = self.chance.choice(
            [self.answer, self.answer, self.revise, self.requeue, self.consume, self.merge]
        )
        if act == self.answer and len(held) == OVERLAP:
            return
        if act in (self.revise, self.requeue) and not held:
            return
        await act(task)

    async def answer(self, task: Any) -> None:
        self.held[task].append(await self.seed.answer(task, self.label()))
        if len(self.held[task]) == OVERLAP:
            await self.seed.done(task)

    async def revise(self, task: Any) -> None:
        await self.seed.submit(self.chance.choice(self.held[task]), self.label())
        await self.seed.tell("submission.revised", task)

    async def requeue(self, task: Any) -> None:
        await self.seed.database.execute("UPDATE assignments SET state = 'revoked' WHERE task_id = $1", task)
        await self.seed.database.execute("UPDATE tasks SET state = 'open', answered = 0 WHERE id = $1", task)
        await self.seed.tell("task.requeued", task)
        self.held[task] = []

    async def consume(self, _: Any) -> None:
        await consume_once(self.consumer)

    async def merge(self, _: Any) -> None:
        await merge_once(self.seed.database, "text", self.process)

    def label(self) -> dict[str, Any]:
        return {"classification": [{"label": self.chance.choice(LABELS)}]}

    async def rewind(self) -> None:
        """Deliver everything again, as after a restored backup."""
        await self.seed.database.execute("UPDATE consumers SET transaction_id = '0', sequence = 0")


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("definition", [SEVERAL, CLASSES], ids=["merged", "live"])
async def test_outcomes_follow_the_answers(
    make_seed: Callable[[str], Awaitable[Any]], number: int, definition: dict[str, Any]
) -> None:
    seed, chance, process = await make_seed("text"), random.Random(number), MergeProcess()
    payloads = [{"text": str(new_id())} for _ in range(TASKS)]
    tasks = await seed.tasks(await seed.project(definition), payloads, OVERLAP)
    work = Work(seed, chance, tasks, process)
    try:
        for _ in range(STEPS):
            await work.step()
        versions = None
        for _ in range(2):
            while await consume_once(work.consumer):
                pass
            while await merge_once(seed.database, "text", process):
                pass
            await check(seed, work, is_live=definition is CLASSES)
            found = await seed.database.fetch("SELECT * FROM outcomes ORDER BY id")
            assert versions in (None, found), "what was delivered again had an effect"
            versions = found
            await work.rewind()
    finally:
        await process.stop()


async def check(seed: Any, work: Work, is_live: bool) -> None:
    done = {task for task, held in work.held.items() if len(held) == OVERLAP}
    rows = await seed.database.fetch("SELECT * FROM outcomes WHERE superseded_at IS NULL")
    assert {row["task_id"] for row in rows} == done and all(row["state"] == "accepted" for row in rows)
    for row in rows:
        counted = await seed.database.fetch(
            "SELECT s.id, s.answer FROM assignments a JOIN submissions s ON s.id = a.submission_id"
            " WHERE a.task_id = $1 AND a.state = 'submitted' ORDER BY s.id",
            row["task_id"],
        )
        assert row["submission_ids"] == [one["id"] for one in counted]
        votes = [msgspec.json.decode(one["answer"])["classification"][0]["label"] for one in counted]
        most = max(LABELS, key=lambda label: (votes.count(label), -LABELS.index(label)))
        if is_live:
            # Whom the model believes is its own affair, unless all say the same.
            (chosen,) = msgspec.json.decode(row["answer"])["classification"]
            assert chosen["label"] in votes and row["aggregator"] == "live"
            assert row["confidence"] > (0.5 if votes.count(most) == OVERLAP else 1 / len(LABELS))
        else:
            assert msgspec.json.decode(row["answer"]) == {"classification": [{"label": most}]}
            shares = [votes.count(label) / OVERLAP for label in set(votes) - {most}]
            sure = [votes.count(most) / OVERLAP, *(1 - share for share in shares)]
            assert row["confidence"] == pytest.approx(sum(sure) / len(sure))
    versions = await seed.database.fetch(
        "SELECT task_id, array_agg(version ORDER BY version) AS v FROM outcomes GROUP BY 1"
    )
    assert all(row["v"] == list(range(1, len(row["v"]) + 1)) for row in versions)
    assert await seed.database.pool.fetchval("SELECT count(*) FROM merges") == 0
    assert await seed.database.pool.fetchval("SELECT count(*) FROM parked_events") == 0
