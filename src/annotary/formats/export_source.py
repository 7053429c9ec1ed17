"""The outcomes of a project, by the chunk: short transactions that hold back neither vacuum nor claims."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from typing import Any
from uuid import UUID

from annotary.catalog.job_runs import JobContext
from annotary.formats.export_values import Chunk, Counts, ExportProject
from annotary.infra import queries
from annotary.infra.postgres import Row
from annotary.kernel.clock import system_clock
from annotary.kernel.errors import NotFound
from annotary.kernel.limits import EXPORT_CHUNK_SECONDS_WANTED, EXPORT_CHUNK_TASKS_MAX, EXPORT_ROWS_AHEAD_MAX

QUERIES = queries.load(__package__, "export.sql")
FIRST_CHUNK_TASKS = 200
CHUNK_TIMEOUT_SECONDS = 600.0
FIRST_ID = UUID(int=0)
# Neither stands in JSON unescaped, so that no line is ever quoted.
QUOTE, DELIMITER = "\x01", "\x02"

Write = Callable[[bytes], Coroutine[Any, Any, None]]
Progress = Callable[[Counts], Awaitable[None]]


class Source:
    """The current outcomes of one project, in the order of their tasks."""

    def __init__(self, context: JobContext, project: ExportProject, progress: Progress) -> None:
        self.project = project
        self._context = context
        self._progress = progress
        self.counts = Counts()
        self._began_at = system_clock()

    @classmethod
    async def open(cls, context: JobContext, project_id: UUID, progress: Progress) -> Source:
        """Look the project up; raises NotFound."""
        row = await context.database.fetchrow(QUERIES.export_project, project_id)
        if row is None:
            raise NotFound("There is no such project here: it may have been deleted.")
        return cls(context, ExportProject(**row), progress)

    async def total(self) -> int:
        """Return how many tasks have an outcome now."""
        row = await self._context.database.fetchrow(QUERIES.count_outcomes, self.project.project_id)
        assert row is not None
        return int(row[0])

    async def note_made(self, job_id: UUID) -> None:
        """Note that all is written: a label's way ends with the first export that carried it."""
        await self._context.database.execute(
            QUERIES.note_export, job_id, self.project.project_id, self._began_at
        )

    async def chunks(self) -> AsyncGenerator[Chunk]:
        """Yield chunks of tasks, as many as a fraction of a second takes; tells of progress after each.

        The next chunk is looked up while one is written. Close it (`contextlib.aclosing`) to stop early.
        """
        wanted = FIRST_CHUNK_TASKS
        coming = asyncio.create_task(self._next(FIRST_ID, wanted))
        try:
            while (chunk := await coming) is not None:
                coming = asyncio.create_task(self._next(chunk.last, wanted))
                started = time.monotonic()
                yield chunk
                self.counts.looked_at += chunk.tasks
                await self._progress(self.counts)
                scale = EXPORT_CHUNK_SECONDS_WANTED / max(time.monotonic() - started, 0.001)
                wanted = max(1, min(EXPORT_CHUNK_TASKS_MAX, int(chunk.tasks * min(4.0, scale)) + 1))
        finally:
            coming.cancel()
            await asyncio.wait({coming})

    async def lines(self, query: str, chunk: Chunk, write: Write, *more: object) -> int:
        """Write the lines that a query composes for a chunk; returns how many there were."""
        async with self._context.database.connection() as connection:
            tag = await connection.copy_from_query(
                query,
                *(self.project.project_id, chunk.after, chunk.last, chunk.deleted, *more),
                output=write,
                format="csv",
                quote=QUOTE,
                escape=QUOTE,
                delimiter=DELIMITER,
                timeout=CHUNK_TIMEOUT_SECONDS,
            )
        return int(tag.rpartition(" ")[2])

    async def rows(self, chunk: Chunk) -> AsyncGenerator[Row]:
        """Yield the outcomes of a chunk with their items, a few at a time."""
        async with self._context.database.transaction() as uow:
            arguments = (self.project.project_id, chunk.after, chunk.last, chunk.deleted)
            async for row in uow.cursor(QUERIES.outcome_rows, *arguments, prefetch=EXPORT_ROWS_AHEAD_MAX):
                yield row

    async def deleted_in(self, chunk: Chunk) -> int:
        """Return how many of a chunk's tasks are about deleted items."""
        if not chunk.deleted:
            return 0
        row = await self._context.database.fetchrow(
            QUERIES.count_deleted, self.project.project_id, chunk.after, chunk.last, chunk.deleted
        )
        return int(row[0]) if row else 0

    async def _next(self, after: UUID, wanted: int) -> Chunk | None:
        found = await self._context.database.fetchrow(
            QUERIES.next_chunk, self.project.project_id, after, wanted
        )
        if found is None or not found["tasks"]:
            return None
        deleted = await self._context.platform.fetch(
            QUERIES.deleted_items, found["first_item"], found["last_item"]
        )
        return Chunk(
            after=after, last=found["last_task"], tasks=found["tasks"], deleted=[row["id"] for row in deleted]
        )
