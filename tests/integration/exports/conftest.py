"""Export jobs, run as the worker runs them, on seeded outcomes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import pytest

from annotary.catalog import job_runs
from annotary.catalog.job_runs import JobContext
from annotary.eventlog.consumer import consume_once
from annotary.formats.jobs import export_outcomes
from annotary.infra.objects import open_objects
from annotary.infra.postgres import Database
from annotary.infra.settings import Settings
from annotary.kernel.ids import new_id
from annotary.quality.jobs import consensus_consumer, merge_once
from annotary.quality.merge_process import MergeProcess


class Exported(NamedTuple):
    """A job as it ended, and the bytes of its object (none where there is none)."""

    job: dict[str, Any]
    body: bytes


class Exports:
    """Makes and runs export jobs of one modality."""

    def __init__(self, seed: Any, platform: Database, folder: Path) -> None:
        self.seed = seed
        self.folder = folder
        settings = Settings(data_dir=folder)
        self.context = JobContext(
            service=seed.database.schema,
            settings=settings,
            platform=platform,
            database=seed.database,
            objects=open_objects(settings),
        )

    async def settle(self) -> None:
        """Let consensus and merges catch up."""
        while await consume_once(consensus_consumer(self.seed.database)):
            pass
        process = MergeProcess()
        try:
            while await merge_once(self.seed.database, self.seed.database.schema, process):
                pass
        finally:
            await process.stop()

    async def ask(self, project: UUID, **request: Any) -> UUID:
        """Write the row of an export job."""
        job = new_id()
        await self.context.platform.execute(
            "INSERT INTO jobs (id, organisation_id, project_id, kind, service, request)"
            " VALUES ($1, $2, $3, 'export', $4, $5)",
            *(
                job,
                self.seed.organisation,
                project,
                self.context.service,
                msgspec.json.encode(request).decode(),
            ),
        )
        return job

    async def run(self, project: UUID, **request: Any) -> Exported:
        """Run an export to its end."""
        job = await self.ask(project, **request)
        await job_runs.run(self.context, job.hex, export_outcomes)
        return await self.ended(job)

    async def ended(self, job: UUID) -> Exported:
        """Return a job and what it wrote."""
        row = await self.context.platform.fetchrow("SELECT * FROM jobs WHERE id = $1", job)
        assert row
        found = {
            **row,
            **{name: msgspec.json.decode(row[name] or "null") for name in ("result", "error", "progress")},
        }
        result = found["result"]
        return Exported(found, await self.context.objects.read(result["object"]) if result else b"")

    def files(self) -> list[Path]:
        """Return every file in the object store's folder, half-written ones too."""
        return [path for path in (self.folder / "objects").rglob("*") if path.is_file()]


@pytest.fixture
def make_exports(
    make_seed: Callable[[str], Awaitable[Any]],
    connect: Callable[..., Awaitable[Database]],
    database_url: str,
    tmp_path: Path,
) -> Callable[[str], Awaitable[Exports]]:
    """`await make_exports("text")` has a seed, a platform and an object store of its own."""

    async def make(modality: str) -> Exports:
        return Exports(await make_seed(modality), await connect(database_url, "platform"), tmp_path)

    return make
