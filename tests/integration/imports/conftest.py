"""A project with its dataset on the platform's tables, and jobs run on it as the worker runs them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from blake3 import blake3

from annotary.catalog import job_runs
from annotary.catalog.job_runs import BatchTerms, ImportRequest, JobContext, Work
from annotary.catalog.probe import probe_media
from annotary.catalog.rules import asset_key
from annotary.dispatch.release import Terms, open_batch
from annotary.formats.imports import import_items
from annotary.infra.objects import open_objects
from annotary.infra.postgres import Database, Row
from annotary.infra.settings import Settings
from annotary.kernel.clock import system_clock
from annotary.kernel.ids import new_id
from annotary.ontology.rules import content_hash, encode_definition, read_definition

CLASSES = {"tools": {"classification": {}}, "labels": [{"name": "good"}, {"name": "bad"}]}
SPANS = {"tools": {"spans": {}}, "labels": [{"name": "name"}]}
PREFERENCE = {"tools": {"preference": {}}, "labels": []}


class Site:
    """One organisation with a project and a dataset of one modality."""

    def __init__(self, context: JobContext) -> None:
        self.context = context
        self.platform, self.database = context.platform, context.database
        self.organisation, self.project, self.dataset = new_id(), new_id(), new_id()

    async def settle(self, definition: Mapping[str, Any]) -> None:
        """Write the rows that an import looks up."""
        read, version, ontology = read_definition(definition), new_id(), new_id()
        modality, execute = self.context.service, self.platform.execute
        await execute("INSERT INTO organisations (id, name) VALUES ($1, 'o')", self.organisation)
        await execute(
            "INSERT INTO ontology_versions (id, organisation_id, ontology_id, number, modality, definition,"
            " content_hash) VALUES ($1, $2, $3, 1, $4, $5, $6)",
            *(
                version,
                self.organisation,
                ontology,
                modality,
                encode_definition(read).decode(),
                content_hash(read),
            ),
        )
        await execute(
            "INSERT INTO projects (id, organisation_id, name, modality, ontology_id, ontology_version_id)"
            " VALUES ($1, $2, 'p', $3, $4, $5)",
            *(self.project, self.organisation, modality, ontology, version),
        )
        self.dataset = await self.add_dataset("d")

    async def add_dataset(self, name: str) -> UUID:
        dataset = new_id()
        await self.platform.execute(
            "INSERT INTO datasets (id, organisation_id, name, modality) VALUES ($1, $2, $3, $4)",
            *(dataset, self.organisation, name, self.context.service),
        )
        return dataset

    async def add_asset(self, data: bytes, media_type: str = "application/jsonl", facts: Any = None) -> str:
        """Store bytes as an asset, and return its hash."""
        digest = blake3(data).digest()
        await self.context.objects.put(asset_key(digest), data)
        await self.platform.execute(
            "INSERT INTO assets (organisation_id, hash, size_bytes, media_type, location, facts)"
            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            *(self.organisation, digest, len(data), media_type, asset_key(digest)),
            msgspec.json.encode(facts or {}).decode(),
        )
        return digest.hex()

    async def add_media(self, data: bytes, media_type: str) -> str:
        """Store an image or a video with what the probe finds in it."""
        facts = msgspec.to_builtins(await probe_media(data, media_type))
        return await self.add_asset(data, facts.pop("media_type"), facts)

    async def add_batch(self) -> UUID:
        """Open a batch of the project, as a manager does."""
        batch, now = new_id(), system_clock()
        terms = Terms(
            organisation_id=self.organisation,
            project_id=self.project,
            name="b",
            priority="normal",
            deadline=None,
            overlap=2,
            actor_id=None,
        )
        async with self.database.transaction() as uow:
            await open_batch(uow, batch, terms, now)
        return batch

    async def enqueue(self, data: bytes | str, *, format: str = "jsonl", **request: Any) -> UUID:
        """Ask for an import of a file (bytes, or an asset's hash) into the project; returns the job."""
        source = data if isinstance(data, str) else await self.add_asset(data)
        asked = {
            "format": format,
            "source": source,
            "dataset_id": self.dataset,
            "batch": BatchTerms(),
            **request,
        }
        return await self.ask("import", ImportRequest(**asked))

    async def ask(self, kind: str, request: Any) -> UUID:
        async with self.platform.transaction() as uow:
            return await job_runs.enqueue(
                uow,
                kind=kind,
                service=self.context.service,
                request=request,
                organisation_id=self.organisation,
                project_id=self.project,
                created_by=new_id(),
            )

    async def run(self, job: UUID, work: Work = import_items) -> Row:
        """Do one run of a job here, and return its row."""
        await job_runs.run(self.context, job.hex, work)
        return await self.job(job)

    async def imported(self, data: bytes | str, **request: Any) -> dict[str, Any]:
        """Import a file and return the result; the job must succeed."""
        row = await self.run(await self.enqueue(data, **request))
        assert row["state"] == "succeeded", row["error"]
        return dict(msgspec.json.decode(row["result"]))

    async def refused(self, data: bytes | str, **request: Any) -> dict[int, tuple[str | None, str]]:
        """Import a file and return what was refused, by line."""
        job = await self.enqueue(data, **request)
        row = await self.run(job)
        assert row["state"] == "succeeded", row["error"]
        rows = await self.platform.fetch("SELECT * FROM import_refusals WHERE job_id = $1", job)
        return {row["line"]: (row["path"], row["reason"]) for row in rows}

    async def job(self, job: UUID) -> Row:
        row = await self.platform.fetchrow("SELECT * FROM jobs WHERE id = $1", job)
        assert row
        return row

    async def items(self) -> list[Row]:
        return await self.platform.fetch("SELECT * FROM items ORDER BY id")

    async def tasks(self) -> list[Row]:
        """The tasks with what annotators see, in the order of their ids; every task has both halves."""
        both = "SELECT * FROM tasks t FULL JOIN task_items i ON i.task_id = t.id ORDER BY i.task_id"
        rows = await self.database.fetch(both)
        assert all(row["id"] and row["task_id"] for row in rows)
        return rows


@pytest.fixture
def make_site(
    database_url: str, connect: Callable[..., Awaitable[Database]], tmp_path: Path
) -> Callable[..., Awaitable[Site]]:
    """`await make_site("text", CLASSES)` is a fresh project in this test's database."""

    async def make(modality: str, definition: Mapping[str, Any]) -> Site:
        settings = Settings(data_dir=tmp_path, disk_free_bytes_min=0)
        context = JobContext(
            service=modality,
            settings=settings,
            platform=await connect(database_url, "platform"),
            database=await connect(database_url, modality),
            objects=open_objects(settings),
        )
        site = Site(context)
        await site.settle(definition)
        return site

    return make


def rows(*fields: Mapping[str, Any]) -> bytes:
    """Return rows as a file of JSONL."""
    return b"".join(msgspec.json.encode(row) + b"\n" for row in fields)


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 240.0) -> None:
    """Wait for a condition, looking again and again."""
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)
