"""Comparing a project's outcomes with each other and with what models say: for the worker's check alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from annotary.infra.postgres import Database
from annotary.kernel.limits import COMPARED_TASKS_MAX, COMPARED_TEXT_PAIRS_MAX, CONTRADICTIONS_KEPT_MAX
from annotary.quality.consistency import reporting, store
from annotary.quality.consistency.gathering import Gathered
from annotary.quality.consistency.values import CheckRequest, Finding

Progress = Callable[[int], Awaitable[None]]
FIRST = UUID(int=0)


async def find(
    database: Database, project: UUID, request: CheckRequest, progress: Progress
) -> tuple[list[Finding], int]:
    """Compare a project's accepted outcomes; returns what contradicts, the most suspicious first, and how
    many were compared. Nothing is written; the comparing is done beside the event loop.
    """
    seen = Gathered(request.kinds)
    after = FIRST
    while len(seen) < COMPARED_TASKS_MAX and (page := await store.page_to_compare(database, project, after)):
        after = page[-1].task_id
        await asyncio.to_thread(seen.look, page)
        await progress(len(seen))
    found = list(seen.found)
    if "identical" in request.kinds:
        suspects = (await asyncio.to_thread(seen.identical))[:CONTRADICTIONS_KEPT_MAX]
        places = {place for suspect in suspects for place in (suspect.place, suspect.others[0])}
        tasks = await store.compared(database, sorted(seen.ids(place)[0] for place in places))
        found += reporting.identical(suspects, seen, tasks)
    if "near_duplicate" in request.kinds:
        pairs = await asyncio.to_thread(seen.nearly_equal, COMPARED_TEXT_PAIRS_MAX)
        tasks = await store.compared(database, sorted({seen.ids(one)[0] for pair in pairs for one in pair}))
        found += await asyncio.to_thread(
            lambda: list(reporting.near_duplicates(pairs, seen, tasks, request.similarity))
        )
    if "label_error" in request.kinds:
        found += await asyncio.to_thread(lambda: list(reporting.label_errors(seen)))
    found = [one for one in found if one.score >= request.score_min]
    return sorted(found, key=lambda one: (-one.score, one.kind, one.task_id.bytes)), len(seen)
