"""Crowds of made annotators, written to the tables at once, and consensus on them as the worker makes it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from annotary.catalog import job_runs
from annotary.catalog.job_runs import JobContext
from annotary.eventlog.consumer import consume_once
from annotary.infra.objects import open_objects
from annotary.infra.postgres import Database
from annotary.infra.settings import Settings
from annotary.kernel.ids import new_id
from annotary.modalities.answers import compile_ontology
from annotary.quality.jobs import consensus_consumer, merge_once
from annotary.quality.live.service import LiveModels
from annotary.quality.merge_process import MergeProcess
from annotary.quality.runs.jobs import consensus_run
from integration.conftest import NOW

LABELS = ("good", "bad", "ugly")


class Said(NamedTuple):
    """One annotator's class for one task, by number."""

    task: int
    member: int
    label: str


def made_crowd(
    chance: random.Random,
    tasks: int,
    overlap: int,
    accuracies: Sequence[float],
    labels: Sequence[str] = LABELS,
) -> tuple[list[str], list[Said]]:
    """Return true classes, and what annotators of these accuracies say, in a random order."""
    truth = [chance.choice(labels) for _ in range(tasks)]
    said = []
    for task, right in enumerate(truth):
        for member in chance.sample(range(len(accuracies)), overlap):
            others = [label for label in labels if label != right]
            is_right = chance.random() < accuracies[member]
            said.append(Said(task, member, right if is_right else chance.choice(others)))
    chance.shuffle(said)
    return truth, said


class Crowd:
    """A project with a crowd: `members` and `tasks` by number."""

    def __init__(self, seed: Any, project: UUID, tasks: Sequence[UUID], members: Sequence[UUID]) -> None:
        self.seed, self.project, self.tasks, self.members = seed, project, tasks, members
        self.live = LiveModels(seed.database)
        self.consumer = consensus_consumer(seed.database, self.live)

    async def say(self, said: Iterable[Said], *, done: bool = True) -> None:
        """Write answers that count, in this order, and finish the tasks that have all they ask for."""
        row = await self.seed.database.fetchrow("SELECT * FROM projects WHERE id = $1", self.project)
        definition, digest = self.seed.versions[row["ontology_version_id"]]
        validator = compile_ontology(self.seed.database.schema, definition, digest)
        answers = {}
        assignments, submissions, tasks = [], [], []
        for one in said:
            if one.label not in answers:
                raw = msgspec.json.encode({"classification": [{"label": one.label}]})
                answers[one.label] = validator.validate(raw, {"text": "x"})
            answer, assignment, submission = answers[one.label], new_id(), new_id()
            whose = (self.tasks[one.task], self.project, self.seed.organisation, self.members[one.member])
            assignments.append((assignment, *whose, row["ontology_version_id"], submission, NOW))
            content = (answer.encoded.decode(), answer.content_hash)
            submissions.append((submission, assignment, *whose, row["ontology_version_id"], *content, NOW))
            tasks.append((self.tasks[one.task],))
        await _write(self.seed.database, assignments, submissions, tasks)
        if done:
            finished = await self.seed.database.fetch(
                "SELECT id FROM tasks WHERE project_id = $1 AND answered >= overlap AND state = 'open'",
                self.project,
            )
            await self.seed.done(*(row["id"] for row in finished))
        await self.seed.tell("submission.received", *dict.fromkeys(task for (task,) in tasks))

    async def settle(self) -> None:
        """Let consensus and merges catch up."""
        while await consume_once(self.consumer):
            pass
        process = MergeProcess()
        try:
            while await merge_once(self.seed.database, self.seed.database.schema, process, self.live):
                pass
        finally:
            await process.stop()

    async def outcomes(self) -> dict[UUID, Mapping[str, Any]]:
        """Return the current outcomes by task."""
        rows = await self.seed.database.fetch(
            "SELECT * FROM outcomes WHERE project_id = $1 AND superseded_at IS NULL", self.project
        )
        return {row["task_id"]: dict(row) for row in rows}

    async def labels(self) -> list[str]:
        """Return the class of each task's outcome, in the order of the tasks; empty without one."""
        found = await self.outcomes()
        answers = [msgspec.json.decode(found[task]["answer"]) if task in found else {} for task in self.tasks]
        return [(answer.get("classification") or [{"label": ""}])[0]["label"] for answer in answers]


async def make_crowd(seed: Any, tasks: int, overlap: int, members: int, **more: Any) -> Crowd:
    """Return a project with open tasks and members, without answers."""
    project = await seed.project(**more)
    ids = await seed.tasks(project, [{"text": str(number)} for number in range(tasks)], overlap)
    return Crowd(seed, project, ids, [new_id() for _ in range(members)])


class Runs:
    """Runs over outcomes, done as the worker does them."""

    def __init__(self, seed: Any, platform: Database, folder: Path) -> None:
        settings = Settings(data_dir=folder)
        self.seed = seed
        self.context = JobContext(
            service=seed.database.schema,
            settings=settings,
            platform=platform,
            database=seed.database,
            objects=open_objects(settings),
        )

    async def ask(
        self, project: UUID, aggregator: str = "auto", reverts: UUID | None = None
    ) -> tuple[UUID, UUID]:
        """Write a run and its job; returns both ids."""
        run, job = new_id(), new_id()
        request = msgspec.json.encode({"run_id": run}).decode()
        await self.context.platform.execute(
            "INSERT INTO jobs (id, organisation_id, project_id, kind, service, request)"
            " VALUES ($1, $2, $3, 'consensus', $4, $5)",
            *(job, self.seed.organisation, project, self.context.service, request),
        )
        await self.seed.database.execute(
            "INSERT INTO consensus_runs (id, project_id, organisation_id, job_id, aggregator, reverts,"
            " created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, now())",
            *(run, project, self.seed.organisation, job, aggregator, reverts, new_id()),
        )
        return run, job

    async def work(self, job: UUID) -> dict[str, Any]:
        """Do one run of a job; returns its result."""
        await job_runs.run(self.context, job.hex, consensus_run)
        row = await self.context.platform.fetchrow("SELECT * FROM jobs WHERE id = $1", job)
        assert row and row["state"] == "succeeded", row and (row["state"], row["error"])
        return dict(msgspec.json.decode(row["result"]))

    async def run(
        self, project: UUID, aggregator: str = "auto", reverts: UUID | None = None
    ) -> tuple[UUID, Any]:
        """Do a run to its end; returns its id and result."""
        run, job = await self.ask(project, aggregator, reverts)
        return run, await self.work(job)


async def _write(database: Database, assignments: Any, submissions: Any, tasks: Any) -> None:
    await database.pool.executemany(
        "INSERT INTO submissions (id, assignment_id, task_id, project_id, organisation_id, member_id,"
        " ontology_version_id, instructions_version, answer, content_hash, seconds, received_at,"
        " committed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, 1, $10, $10)",
        submissions,
    )
    await database.pool.executemany(
        "INSERT INTO assignments (id, task_id, project_id, organisation_id, member_id, fence, state,"
        " ontology_version_id, submission_id, instructions_version, claimed_at, expires_at, ended_at)"
        " VALUES ($1, $2, $3, $4, $5, 1, 'submitted', $6, $7, 0, $8, $8, $8)",
        assignments,
    )
    await database.pool.executemany("UPDATE tasks SET answered = answered + 1 WHERE id = $1", tasks)


async def add_batch(crowd: Crowd, target: Mapping[str, Any] | None, overlap: int = 2) -> None:
    """Put the crowd's tasks into a batch with a target, and its members on the project."""
    database, organisation = crowd.seed.database, crowd.seed.organisation
    await database.execute(
        "INSERT INTO batches (id, organisation_id, project_id, name, overlap, target, order_key, tasks_total)"
        " VALUES ($1, $2, $1, 'b', $3, $4, $5, $6)",
        *(crowd.project, organisation, overlap),
        *(None if target is None else msgspec.json.encode(target).decode(), NOW, len(crowd.tasks)),
    )
    rows = [(member, organisation, crowd.project) for member in crowd.members]
    await database.pool.executemany(
        "WITH joined AS (INSERT INTO members (id, organisation_id, name, role)"
        " VALUES ($1, $2, 'm', 'annotator'))"
        " INSERT INTO project_members (project_id, member_id, organisation_id, role)"
        " VALUES ($3, $1, $2, 'annotator')",
        rows,
    )


async def answer_until_settled(
    crowd: Crowd, truth: Sequence[str], accuracies: Sequence[float], number: int
) -> int:
    """Let members answer open tasks and consensus decide until no task is open; returns the answers given."""
    chance, given = random.Random(number), 0
    while True:
        rows = await crowd.seed.database.fetch(
            "SELECT t.id, t.overlap - t.answered AS wanted, array(SELECT member_id FROM assignments a"
            " WHERE a.task_id = t.id) AS had FROM tasks t WHERE t.project_id = $1 AND t.state = 'open'",
            crowd.project,
        )
        said = []
        for row in rows:
            task = crowd.tasks.index(row["id"])
            free = [n for n, member in enumerate(crowd.members) if member not in row["had"]]
            for member in chance.sample(free, row["wanted"]):
                others = [label for label in LABELS if label != truth[task]]
                right = chance.random() < accuracies[member]
                said.append(Said(task, member, truth[task] if right else chance.choice(others)))
        if not said:
            return given
        given += len(said)
        await crowd.say(said)
        await crowd.settle()
