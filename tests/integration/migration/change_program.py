"""Does the job of a change in small batches, saying so after each: something to be killed.

Arguments: the URL of the database, the job's id, how many answers a batch has.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from annotary.catalog import job_runs
from annotary.catalog.job_runs import JobContext
from annotary.infra.objects import open_objects
from annotary.infra.postgres import Database
from annotary.infra.settings import Settings
from annotary.migration import service_pace, store
from annotary.migration.jobs import change_answers

move = store.move


async def say_moved(*arguments: object) -> None:
    await move(*arguments)  # type: ignore[arg-type]
    print("batch", flush=True)


async def main(url: str, job_id: str, batch_answers: int) -> None:
    service_pace.CHANGE_BATCH_ANSWERS_MAX = batch_answers  # type: ignore[misc]
    store.move = say_moved  # type: ignore[assignment]
    settings = Settings(data_dir=Path(tempfile.mkdtemp()), database_urls={"text": url})
    context = JobContext(
        service="text",
        settings=settings,
        platform=await Database.connect(url, "platform", connections_max=2),
        database=await Database.connect(url, "text", connections_max=4),
        objects=open_objects(settings),
    )
    await job_runs.run(context, job_id, change_answers)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
