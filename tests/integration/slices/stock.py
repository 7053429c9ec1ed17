"""A random project as the services leave it, and the same in Python: what a filter must find there."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import msgspec

from annotary.eventlog import Event, record
from annotary.eventlog.consumer import consume_once
from annotary.infra.postgres import Database
from annotary.kernel.ids import format_id, new_id, numbered_runs
from annotary.slices.jobs import facets_consumer

LABELS = ("good", "bad", "ugly")
WORDS = ("apple", "apricot", "Pear", "plum", "Quince", "fig")
STATES = ("open", "paused", "done", "cancelled")
encode = msgspec.json.Encoder().encode


@dataclass
class Thing:
    """A task as it should be found."""

    task: UUID
    unique_id: str
    text: str
    dataset: UUID
    metadata: dict[str, Any] | None
    batch: UUID
    state: str = "open"
    said: set[str] = field(default_factory=set)
    members: set[UUID] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    confidence: float | None = None
    agreement: float | None = None
    issues: int = 0


class Stock:
    """Fills a project of texts with tasks, answers, outcomes and issues, and says which a filter finds."""

    def __init__(self, seed: Any, platform: Database, project: UUID, seed_number: int) -> None:
        self.seed, self.platform, self.project = seed, platform, project
        self.draw = random.Random(seed_number)
        self.things: list[Thing] = []
        self.datasets, self.batches, self.members = ([uuid4() for _ in range(3)] for _ in range(3))

    async def fill(self, count: int) -> None:
        """Add tasks, release them, and have some answered."""
        texts = [" ".join(self.draw.choices(WORDS, k=self.draw.randint(1, 4))) for _ in range(count)]
        tasks = await self.seed.tasks(self.project, [{"text": text} for text in texts], overlap=3)
        for at, (task, text) in enumerate(zip(tasks, texts, strict=True)):
            said = self.draw.choice(
                [None, {"site": self.draw.choice("ab")}, {"shelf": self.draw.randint(1, 3)}]
            )
            batch, dataset = self.draw.choice(self.batches), self.draw.choice(self.datasets)
            self.things.append(Thing(task, f"row-{at}", text, dataset, said, batch))
        await self._write()
        await self.release(tasks)
        for thing in self.things:
            await self._work(thing)

    async def _write(self) -> None:
        for thing in self.things:
            await self.seed.database.execute(
                "UPDATE tasks SET batch_id = $2 WHERE id = $1", thing.task, thing.batch
            )
            await self.platform.execute(
                "INSERT INTO items (id, organisation_id, dataset_id, unique_id, payload, metadata,"
                " content_hash, created_at) VALUES ($1, $2, $3, $4, '{}', $5, $6, now())",
                await self.seed.database.pool.fetchval(
                    "SELECT item_id FROM task_items WHERE task_id = $1", thing.task
                ),
                *(self.seed.organisation, thing.dataset, thing.unique_id),
                *(encode(thing.metadata).decode() if thing.metadata else None, b"h" * 32),
            )

    async def release(self, tasks: Sequence[UUID]) -> None:
        """Tell that tasks came in."""
        data = {
            "project": str(self.project),
            "job": str(new_id()),
            "chunk": 0,
            "tasks": len(tasks),
            "first": str(tasks[0]),
            "last": str(tasks[-1]),
            "state": "open",
            "overlap": 3,
            "runs": [[str(first), length] for first, length in numbered_runs([one.bytes for one in tasks])],
        }
        event = Event(
            organisation_id=self.seed.organisation,
            type="tasks.released",
            subject_id=self.batches[0],
            data=data,
        )
        async with self.seed.database.transaction() as uow:
            await record(uow, event)

    async def _work(self, thing: Thing) -> None:
        database, draw = self.seed.database, self.draw
        for member in draw.sample(self.members, draw.choice((0, 0, 1, 3))):
            label = draw.choice(LABELS)
            await self.seed.answer(thing.task, {"classification": [{"label": label}]}, member=member)
            thing.said.add(label)
            thing.members.add(member)
        thing.state = draw.choice(STATES)
        await database.execute("UPDATE tasks SET state = $2 WHERE id = $1", thing.task, thing.state)
        if thing.said:
            await self._agree(thing)
        if draw.random() < 0.3:
            thing.issues = 1
            await database.execute(
                "INSERT INTO issues (id, task_id, project_id, organisation_id, text, raised_by, raised_at)"
                " VALUES ($1, $2, $3, $4, 'why?', $1, now())",
                *(new_id(), thing.task, self.project, self.seed.organisation),
            )
        # One event of a task is enough: what it is found by is read from the tables.
        await self.seed.tell("issue.resolved" if thing.issues else "submission.discounted", thing.task)

    async def _agree(self, thing: Thing) -> None:
        label = self.draw.choice(sorted(thing.said))
        thing.labels, thing.confidence = {label}, self.draw.randint(0, 10) / 10
        thing.agreement = self.draw.choice([None, 0.2, 0.9])
        await self.seed.database.execute(
            "INSERT INTO outcomes (id, task_id, project_id, organisation_id, version, answer, content_hash,"
            " ontology_version_id, aggregator, confidence, agreement, submission_ids)"
            " VALUES ($1, $2, $3, $4, 1, $5, $6, $1, 'majority', $7, $8, '{}')",
            *(new_id(), thing.task, self.project, self.seed.organisation),
            encode({"classification": [{"label": label}]}).decode(),
            *(b"h" * 32, thing.confidence, thing.agreement),
        )

    async def follow(self) -> None:
        """Let the consumer catch up."""
        while await consume_once(facets_consumer(self.platform, self.seed.database)):
            pass

    def filter(self) -> dict[str, Any]:
        """Return a random filter, as the API takes it."""
        draw = self.draw
        share = sorted((draw.randint(0, 10) / 10, draw.randint(0, 10) / 10))
        every: dict[str, Any] = {
            "states": draw.sample(STATES, 2),
            "batches": [format_id("batch", one) for one in draw.sample(self.batches, 2)],
            "datasets": [format_id("dataset", draw.choice(self.datasets))],
            "labels": draw.sample(LABELS, 2),
            "answered": [draw.choice(LABELS)],
            "annotators": [format_id("member", draw.choice(self.members))],
            "agreement": [0.5, 1],
            "confidence": share,
            "issues": draw.random() < 0.5,
            "gold": False,
            "unique_id": f"row-{draw.randint(0, 9)}",
            "words": draw.choice(("ap", "APPLE", "pear fig", "qui")),
            "metadata": draw.choice(({"site": "a"}, {"shelf": "2"})),
        }
        return {name: every[name] for name in draw.sample(sorted(every), draw.randint(0, 3))}

    def finds(self, thing: Thing, asked: dict[str, Any]) -> bool:
        """Say whether a filter finds a task, field by field, without a database."""
        words = [word.lower() for word in thing.text.split()]
        told = {
            "states": lambda want: thing.state in want,
            "batches": lambda want: format_id("batch", thing.batch) in want,
            "datasets": lambda want: format_id("dataset", thing.dataset) in want,
            "labels": lambda want: bool(thing.labels & set(want)),
            "answered": lambda want: bool(thing.said & set(want)),
            "annotators": lambda want: any(format_id("member", one) in want for one in thing.members),
            "agreement": lambda want: thing.agreement is not None and want[0] <= thing.agreement <= want[1],
            "confidence": lambda want: (
                thing.confidence is not None and want[0] <= thing.confidence <= want[1]
            ),
            "issues": lambda want: (thing.issues > 0) == want,
            "gold": lambda want: not want,
            "unique_id": thing.unique_id.startswith,
            "words": lambda want: all(any(w.startswith(one) for w in words) for one in want.lower().split()),
            "metadata": lambda want: (
                thing.metadata is not None
                and all(str(thing.metadata.get(key)) == value for key, value in want.items())
            ),
        }
        return all(told[name](value) for name, value in asked.items())
