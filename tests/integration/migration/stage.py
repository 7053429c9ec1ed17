"""A project of texts whose ontology changes, answers of all kinds, and changes done as the worker does."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec

from annotary.catalog import job_runs
from annotary.catalog.job_runs import JobContext
from annotary.infra.objects import open_objects
from annotary.infra.postgres import Database
from annotary.infra.settings import Settings
from annotary.kernel.ids import format_id, new_id, parse_id
from annotary.migration.jobs import change_answers, follow_changes, runner_of
from annotary.migration.service_pace import Pace
from annotary.migration.service_reading import hash_of
from annotary.migration.store import change_of
from annotary.migration.values import Counts
from annotary.modalities.answers import compile_ontology
from annotary.ontology.rules import read_definition
from annotary.ontology.steps.apply import to_definition
from annotary.ontology.steps.reading import read_steps
from annotary.ontology.values import Attribute, Definition, Label
from integration.conftest import NOW, Seed

SPANS: dict[str, Any] = {
    "tools": {"spans": {}, "classification": {}},
    "labels": [
        {"name": "person", "attributes": [{"name": "role", "kind": "text"}]},
        {"name": "company"},
        {"name": "agency"},
        {"name": "place", "attributes": [{"name": "sure", "kind": "boolean"}]},
        {"name": "other"},
    ],
}
STEPS: list[dict[str, Any]] = [
    {"step": "rename_label", "label": "person", "to": "human"},
    {"step": "merge_labels", "labels": ["agency"], "into": "company"},
    {
        "step": "add_attribute",
        "label": "place",
        "attribute": {"name": "country", "kind": "text"},
        "fill": "unknown",
    },
]
TEXT = "Ada of Acme met Bo of the Agency in Paris and went on to Rome."


class Stage:
    """One project of texts on an ontology that changes by steps."""

    def __init__(self, seed: Seed, context: JobContext, client: httpx.AsyncClient) -> None:
        self.seed, self.context, self.client = seed, context, client
        self.database = seed.database
        self.ontology = new_id()
        self.definitions: dict[UUID, Definition] = {}
        self.version = self.project = UUID(int=0)
        self.headers: dict[str, str] = {}

    async def open(self, definition: Mapping[str, Any] = SPANS) -> None:
        """Make the project with its first version, and a manager."""
        self.version = await self.seed.version(definition, self.ontology)
        self.definitions[self.version] = read_definition(definition)
        self.project = new_id()
        await self.database.execute(
            "INSERT INTO projects (id, organisation_id, name, modality, ontology_id, ontology_version_id)"
            " VALUES ($1, $2, 'p', $3, $4, $5)",
            *(self.project, self.seed.organisation, self.database.schema, self.ontology, self.version),
        )
        self.headers = await self.seed.hire("manager")

    async def publish(self, steps: Sequence[Mapping[str, Any]], follows: UUID | None = None) -> UUID:
        """Add the version that the steps lead to, and have the project work with it."""
        follows = follows or self.version
        definition = to_definition(self.definitions[follows], read_steps(steps))
        encoded = msgspec.json.decode(msgspec.json.encode(definition))
        self.version = await self.seed.version(encoded, self.ontology, len(self.definitions) + 1)
        self.definitions[self.version] = definition
        await self.database.execute(
            "UPDATE ontology_versions SET follows = $2, steps = $3 WHERE id = $1",
            *(self.version, follows, msgspec.json.encode(steps).decode()),
        )
        await self.use(self.version)
        return self.version

    async def use(self, version: UUID) -> None:
        """Have the project work with a version."""
        self.version = version
        await self.database.execute(
            "UPDATE projects SET ontology_version_id = $2 WHERE id = $1", self.project, version
        )

    async def tasks(self, count: int) -> list[UUID]:
        """Add open tasks."""
        tasks = await self.seed.tasks(self.project, [{"text": TEXT}] * count)
        await self.database.execute(
            "UPDATE task_items SET unique_id = task_id::text WHERE task_id = ANY($1)", tasks
        )
        return tasks

    async def answers(self, count: int, chance: random.Random) -> list[UUID]:
        """Answer new tasks, each with an outcome and a prediction, some with a draft or gold."""
        tasks = await self.tasks(count)
        for number, task in enumerate(tasks):
            assignment = await self.seed.answer(task, self.made_up(chance))
            await self.kinds_of(task, assignment, number)
        return tasks

    async def kinds_of(self, task: UUID, assignment: UUID, number: int) -> None:
        """Write the other kinds of answers beside a submission, with its bytes."""
        await self.database.execute(
            "INSERT INTO outcomes (id, task_id, project_id, organisation_id, version, answer, content_hash,"
            " ontology_version_id, aggregator, confidence, submission_ids)"
            " SELECT $2, task_id, project_id, organisation_id, 1, answer, content_hash, ontology_version_id,"
            " 'single', 1, ARRAY[id] FROM submissions WHERE assignment_id = $1",
            *(assignment, new_id()),
        )
        await self.database.execute(
            "INSERT INTO predictions (id, task_id, project_id, organisation_id, ontology_version_id, model,"
            " model_version, answer, content_hash) SELECT $2, task_id, project_id, organisation_id,"
            " ontology_version_id, 'm', '1', answer, content_hash FROM submissions WHERE assignment_id = $1",
            *(assignment, new_id()),
        )
        if number % 5 == 0:
            await self.database.execute(
                "INSERT INTO drafts (task_id, member_id, assignment_id, project_id, ontology_version_id,"
                " answer) SELECT task_id, member_id, assignment_id, project_id, ontology_version_id, answer"
                " FROM submissions WHERE assignment_id = $1",
                assignment,
            )
        if number % 7 == 0:
            await self.database.execute(
                "INSERT INTO gold_tasks (task_id, project_id, organisation_id, source, answer, content_hash,"
                " ontology_version_id, state_before, overlap_before, assignments_before, exposed_before,"
                " created_at, changed_at) SELECT task_id, project_id, organisation_id, 'manager', answer,"
                " content_hash, ontology_version_id, 'open', 1, '{}', 0, $2, $2"
                " FROM submissions WHERE assignment_id = $1",
                *(assignment, NOW),
            )

    def made_up(self, chance: random.Random, version: UUID | None = None) -> dict[str, Any]:
        """Return a valid answer under a version, at random."""
        definition = self.definitions[version or self.version]
        labels = [label for label in definition.labels if not getattr(label, "retired", False)]
        if not labels:
            return {"cannot_assess": True}
        spans = []
        for start in range(0, 50, 10):
            if chance.random() < 0.4:
                continue
            mark = _mark(chance.choice(labels), chance)
            mark |= {"start": start, "end": start + chance.randint(1, 9)}
            spans.append(mark)
        answer: dict[str, Any] = {"spans": spans} if spans else {}
        return answer | {"classification": [_mark(chance.choice(labels), chance)]}

    async def ask(self, path: str, body: Mapping[str, Any] | None = None, status: int = 202) -> Any:
        """POST as the manager."""
        reply = await self.client.post(f"/v1/text{path}", json=body or {}, headers=self.headers)
        assert reply.status_code == status, reply.text
        return reply.json()

    async def migrate(self, **more: Any) -> dict[str, Any]:
        """Have the answers brought to the project's version, and do it."""
        asked = await self.ask("/migrations", {"project": format_id("project", self.project), **more})
        return await self.do(asked)

    async def take_back(self, change: str) -> dict[str, Any]:
        """Have a change taken back, and do it."""
        return await self.do(await self.ask(f"/changes/{change}/rollback"))

    async def do(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Do the job of a change; returns the change as it is then."""
        await job_runs.run(self.context, parse_id("job", asked["job"]).hex, change_answers)
        return await self.read(asked["id"])

    async def draft(self, assignment: UUID, answer: Mapping[str, Any]) -> None:
        """Keep a draft under an assignment, as the service does."""
        await self.database.execute(
            "INSERT INTO drafts (task_id, member_id, assignment_id, project_id, ontology_version_id, answer)"
            " SELECT task_id, member_id, id, project_id, ontology_version_id, $2"
            " FROM assignments WHERE id = $1"
            " ON CONFLICT (task_id, member_id) DO UPDATE SET answer = EXCLUDED.answer,"
            " ontology_version_id = EXCLUDED.ontology_version_id",
            *(assignment, msgspec.json.encode(answer).decode()),
        )

    async def originals(self) -> dict[UUID, str]:
        """Return what changed answers were before the first change that wrote other bytes."""
        rows = await self.database.fetch(
            "SELECT DISTINCT ON (subject_id) subject_id, answer FROM answer_versions"
            " WHERE answer IS NOT NULL ORDER BY subject_id, change_id"
        )
        return {row["subject_id"]: row["answer"] for row in rows}

    async def do_until(self, asked: Mapping[str, Any], batches: int) -> None:
        """Do some batches of a change, each of a few answers, then stop as a killed worker does."""
        row = await self.database.fetchrow(
            "UPDATE answer_changes SET state = 'running', run = run + 1, started_at = now() WHERE id = $1"
            " RETURNING *",
            parse_id("change", asked["id"]),
        )
        pace, done = Pace(self.database), 0
        pace.batch_answers = 3

        async def tell(counts: Counts) -> None:
            nonlocal done
            done += 1
            if done == batches:
                raise InterruptedError

        with contextlib.suppress(InterruptedError):
            await runner_of(self.database, change_of(row), pace, tell).do()

    async def lease(self, task: UUID) -> UUID:
        """Give a task out under the project's version; returns the assignment."""
        assignment = new_id()
        await self.database.execute(
            "INSERT INTO assignments (id, task_id, project_id, organisation_id, member_id, fence,"
            " ontology_version_id, instructions_version, claimed_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, 1, $6, 0, $7, $7::timestamptz + interval '1 hour')",
            *(assignment, task, self.project, self.seed.organisation, new_id(), self.version, NOW),
        )
        return assignment

    async def read(self, change: str) -> dict[str, Any]:
        """Return a change."""
        reply = await self.client.get(f"/v1/text/changes/{change}", headers=self.headers)
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found

    async def follow(self) -> None:
        """Let the sweep take what came late."""
        await follow_changes(self.database)

    async def hash(self) -> bytes:
        """Return the hash of the whole set."""
        return (await hash_of(self.database, self.project))[1]

    async def stored(self) -> dict[tuple[str, UUID], tuple[str, UUID]]:
        """Return every stored answer with its version, by kind and id."""
        found = {}
        for kind, key in KEYS.items():
            for row in await self.database.fetch(f"SELECT * FROM {kind} WHERE project_id = $1", self.project):
                found[kind, row[key]] = (row["answer"], row["ontology_version_id"])
        return found

    async def invalid(self) -> list[str]:
        """Return what is wrong with stored answers, each under its own version. Drafts need not be valid."""
        wrong = []
        for (kind, key), (answer, version) in (await self.stored()).items():
            if kind == "drafts":
                continue
            read, digest = self.seed.versions[version]
            try:
                canonical = compile_ontology("text", read, digest).validate(answer.encode(), {"text": TEXT})
            except Exception as error:
                wrong.append(f"{kind} {key}: {error}")
                continue
            if canonical.encoded.decode() != answer:
                wrong.append(f"{kind} {key}: {answer} is not canonical")
        return wrong


KEYS = {"submissions": "id", "outcomes": "id", "gold_tasks": "task_id", "predictions": "id", "drafts": "id"}


def _mark(label: Label, chance: random.Random) -> dict[str, Any]:
    """Return a mark of a label with the attributes it must have, and some of the others."""
    given = [one for one in label.attributes if one.required or chance.random() < 0.6]
    attributes = {one.name: _value(one, chance) for one in given}
    return {"label": label.name} | ({"attributes": attributes} if attributes else {})


def _value(attribute: Attribute, chance: random.Random) -> Any:
    if attribute.kind == "boolean":
        return chance.random() < 0.5
    if attribute.kind == "number":
        return float(chance.randint(0, 9))
    if attribute.kind == "choice":
        return [chance.choice(attribute.choices)] if attribute.multiple else chance.choice(attribute.choices)
    return chance.choice(["a", "b", "c"])


async def made(
    seed: Seed,
    connect: Callable[..., Awaitable[Database]],
    url: str,
    folder: Path,
    client: httpx.AsyncClient,
) -> Stage:
    """Return a stage over a test's database."""
    settings = Settings(data_dir=folder, database_urls={"text": url})
    context = JobContext(
        service="text",
        settings=settings,
        platform=await connect(url, "platform"),
        database=seed.database,
        objects=open_objects(settings),
    )
    stage = Stage(seed, context, client)
    await stage.open()
    return stage
