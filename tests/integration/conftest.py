"""Work as the services leave it: projects, tasks, and answers that count, written straight to the tables."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest
import pytest_asyncio
from litestar.testing import AsyncTestClient

from annotary.eventlog import Event, record
from annotary.eventlog.registry import check_event, event_type
from annotary.identity.rules import new_token, token_hash
from annotary.infra.postgres import Database
from annotary.infra.settings import SERVICES, Settings
from annotary.kernel.ids import new_id
from annotary.modalities.answers import compile_ontology
from annotary.ontology.rules import content_hash, encode_definition, read_definition
from integration.facts import fact_about

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CLASSES = {
    "tools": {"classification": {}},
    "labels": [{"name": "good"}, {"name": "bad"}, {"name": "ugly"}],
}
encode = msgspec.json.Encoder().encode


class Seed:
    """Writes rows of one organisation to a modality's tables."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.organisation = new_id()
        self.versions: dict[UUID, tuple[Any, bytes]] = {}

    async def version(
        self, definition: Mapping[str, Any], ontology: UUID | None = None, number: int = 1
    ) -> UUID:
        """Add an ontology version."""
        read = read_definition(definition)
        version = new_id()
        self.versions[version] = (read, content_hash(read))
        await self.database.execute(
            "INSERT INTO ontology_versions (id, organisation_id, ontology_id, number, modality, definition,"
            " content_hash) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            *(version, self.organisation, ontology or new_id(), number, self.database.schema),
            *(encode_definition(read).decode(), content_hash(read)),
        )
        return version

    async def project(self, definition: Mapping[str, Any] = CLASSES) -> UUID:
        """Add a project with an ontology version of its own."""
        version, project = await self.version(definition), new_id()
        await self.database.execute(
            "INSERT INTO projects (id, organisation_id, name, modality, ontology_id, ontology_version_id)"
            " SELECT $1, $2, $3, $4, ontology_id, id FROM ontology_versions WHERE id = $5",
            *(project, self.organisation, f"project {project.hex}", self.database.schema, version),
        )
        return project

    async def tasks(
        self, project: UUID, payloads: Sequence[Mapping[str, Any]], overlap: int = 1
    ) -> list[UUID]:
        """Add open tasks, one a payload, in the order of their ids; `unique_id` is row-<n>."""
        ids = sorted(new_id() for _ in payloads)
        await self.database.pool.executemany(
            "INSERT INTO tasks (id, project_id, batch_id, organisation_id, overlap, order_key)"
            " VALUES ($1, $2, $2, $3, $4, $5)",
            [(task, project, self.organisation, overlap, NOW) for task in ids],
        )
        await self.database.pool.executemany(
            "INSERT INTO task_items (task_id, project_id, item_id, unique_id, payload, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            [
                (task, project, new_id(), f"row-{number}", encode(payload).decode(), NOW)
                for number, (task, payload) in enumerate(zip(ids, payloads, strict=True))
            ],
        )
        return ids

    async def answer(
        self,
        task: UUID,
        answer: Mapping[str, Any],
        *,
        member: UUID | None = None,
        version: UUID | None = None,
    ) -> UUID:
        """Add one person's submission, canonical as the service stores it; returns the assignment."""
        place = await self.database.fetchrow(
            "SELECT i.project_id, p.ontology_version_id"
            " FROM task_items i JOIN projects p ON p.id = i.project_id WHERE i.task_id = $1",
            task,
        )
        assert place
        pinned, assignment = version or place["ontology_version_id"], new_id()
        await self.database.execute(
            "INSERT INTO assignments (id, task_id, project_id, organisation_id, member_id, fence,"
            " ontology_version_id, instructions_version, claimed_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, 1, $6, 0, $7, $7)",
            *(assignment, task, place["project_id"], self.organisation, member or new_id(), pinned, NOW),
        )
        await self.submit(assignment, answer)
        await self.database.execute("UPDATE tasks SET answered = answered + 1 WHERE id = $1", task)
        return assignment

    async def submit(self, assignment: UUID, answer: Mapping[str, Any]) -> UUID:
        """Add a submission (the first, or a revision) to an assignment; returns it."""
        row = await self.database.fetchrow(
            "SELECT a.*, i.payload FROM assignments a JOIN task_items i USING (task_id) WHERE a.id = $1",
            assignment,
        )
        assert row
        definition, digest = self.versions[row["ontology_version_id"]]
        validator = compile_ontology(self.database.schema, definition, digest)
        canonical = validator.validate(encode(answer), msgspec.json.decode(row["payload"]))
        submission = new_id()
        await self.database.execute(
            "INSERT INTO submissions (id, assignment_id, task_id, project_id, organisation_id, member_id,"
            " ontology_version_id, instructions_version, answer, content_hash, seconds, supersedes,"
            " received_at, committed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, 1, $10, $11, $11)",
            *(submission, assignment, row["task_id"], row["project_id"], self.organisation, row["member_id"]),
            *(
                row["ontology_version_id"],
                canonical.encoded.decode(),
                canonical.content_hash,
                row["submission_id"],
                NOW,
            ),
        )
        await self.database.execute(
            "UPDATE assignments SET state = 'submitted', submission_id = $2, ended_at = $3 WHERE id = $1",
            *(assignment, submission, NOW),
        )
        return submission

    async def hire(self, role: str, *, project: UUID | None = None) -> dict[str, str]:
        """Add a member (with this role on one project, if given); returns request headers."""
        member, token = new_id(), new_token()
        await self.database.execute(
            "INSERT INTO organisations (id, name) VALUES ($1, 'Org') ON CONFLICT DO NOTHING",
            self.organisation,
        )
        await self.database.execute(
            "INSERT INTO members (id, organisation_id, name, role) VALUES ($1, $2, $3, $4)",
            *(member, self.organisation, role, "annotator" if project else role),
        )
        if project:
            await self.database.execute(
                "INSERT INTO project_members (project_id, member_id, organisation_id, role)"
                " VALUES ($1, $2, $3, $4)",
                *(project, member, self.organisation, role),
            )
        await self.database.execute(
            "INSERT INTO tokens (id, organisation_id, member_id, name, hash) VALUES ($1, $2, $3, 't', $4)",
            *(new_id(), self.organisation, member, token_hash(token.encode())),
        )
        return {"Authorization": f"Bearer {token}"}

    async def tell(self, type: str, *tasks: UUID) -> None:
        """Record an event about each task."""
        async with self.database.transaction() as uow:
            await record(uow, *(fact_about(self.organisation, type, task) for task in tasks))

    async def done(self, *tasks: UUID) -> None:
        """Finish tasks, as the last submission does."""
        await self.database.execute("UPDATE tasks SET state = 'done' WHERE id = ANY($1)", tasks)
        await self.tell("task.done", *tasks)


@pytest.fixture
def database_url(database_url: str) -> Iterator[str]:
    """A fresh migrated database for one test, whose events are held against the registry at its end."""
    yield database_url
    asyncio.run(_check_events(database_url))


@pytest.fixture(scope="module")
def module_database_url(module_database_url: str) -> Iterator[str]:
    """A migrated database that the tests of one module share, held against the registry at its end."""
    yield module_database_url
    asyncio.run(_check_events(module_database_url))


async def _check_events(url: str) -> None:
    """Raise what is wrong with any event in any service's log."""
    connection = await asyncpg.connect(url)
    try:
        for service in SERVICES:
            rows = await connection.fetch(
                f"SELECT organisation_id, type, schema_version, subject_id, data FROM {service}.events"
            )
            for row in rows:
                event = Event(**(dict(row) | {"data": msgspec.json.decode(row["data"])}))
                # What was erased by an owner's order is no longer what its type declares: docs/event-log.md.
                if event.data.get("redacted") is not True:
                    check_event(event)
                assert service in event_type(event.type, event.schema_version).services, (service, event.type)
    finally:
        await connection.close()


@pytest.fixture
def make_seed(
    database_url: str, connect: Callable[..., Awaitable[Database]]
) -> Callable[[str], Awaitable[Seed]]:
    """`await make_seed("text")` writes to the tables of text, in this test's database."""

    async def make(modality: str) -> Seed:
        return Seed(await connect(database_url, modality))

    return make


@pytest_asyncio.fixture
async def make_client(
    database_url: str, tmp_path: Path
) -> AsyncIterator[Callable[[str], Awaitable[AsyncTestClient[Any]]]]:
    """`await make_client("text")` talks to the service of text, over this test's database."""
    from annotary.services.modality import modality_application

    settings = Settings(
        data_dir=tmp_path, database_urls=dict.fromkeys(SERVICES, database_url), signing_key=b"k" * 32
    )
    async with contextlib.AsyncExitStack() as opened:

        async def make(modality: str) -> AsyncTestClient[Any]:
            application = modality_application(modality, settings).app
            return await opened.enter_async_context(AsyncTestClient(app=application))  # type: ignore[arg-type]

        yield make
