"""Taking a run back: what it replaced is put back as new versions, to the byte."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from annotary.infra.postgres import Database
from annotary.kernel.ids import new_id
from annotary.kernel.limits import RUN_TASKS_PER_PAGE_MAX
from annotary.quality.runs import rules, store
from annotary.quality.runs.values import Run, Summary
from annotary.quality.service import write
from annotary.quality.store import hold_outcomes

Tell = Callable[[Summary, int], Awaitable[None]]


async def revert(database: Database, run: Run, tell: Tell) -> Summary:
    """Put back the versions before the run that `run` reverts, where its outcomes are still current."""
    assert run.reverts is not None
    summary = Summary(method_used="revert")
    after: UUID | None = None
    while True:
        async with database.transaction() as uow:
            await hold_outcomes(uow)
            new_ids = [new_id() for _ in range(RUN_TASKS_PER_PAGE_MAX)]
            found = await store.made_by_run(uow, run.reverts, after, new_ids, run.id)
            await write(uow, [one.outcome for one in found], [one.outcome.task_id for one in found])
        if not found:
            return summary
        after = found[-1].outcome.task_id
        summary.looked_at += len(found)
        for one in found:
            if one.content_hash_before != one.outcome.content_hash:
                summary.answers += 1
            elif rules.confidence_changes(one.confidence_before, one.outcome.confidence):
                summary.confidences += 1
        await tell(summary, summary.looked_at)
