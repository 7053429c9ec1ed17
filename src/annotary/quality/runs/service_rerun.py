"""Finding a project's outcomes anew: where the answer or the class of its confidence changes, a new version
is written beside the old.
"""

from __future__ import annotations

from collections.abc import Sequence

from annotary.infra.postgres import Database
from annotary.quality import rules as consensus
from annotary.quality import store as consensus_store
from annotary.quality.live import store as live_store
from annotary.quality.live.classes import class_tool
from annotary.quality.merge_process import MergeProcess
from annotary.quality.runs import rules, store
from annotary.quality.runs.service_finding import Votes, Work
from annotary.quality.runs.service_revert import Tell
from annotary.quality.runs.values import Current, Run, Summary
from annotary.quality.service import write
from annotary.quality.values import NewOutcome


class Rerun:
    """One run over the outcomes of a project."""

    def __init__(
        self, database: Database, modality: str, run: Run, process: MergeProcess, tell: Tell
    ) -> None:
        self._database, self._run, self._tell = database, run, tell
        self.summary = Summary(method_used=consensus.MAJORITY)
        self._work = Work(database, modality, run, process, self.summary)

    async def do(self) -> Summary:
        """Do the run; raises RunBlocked where the aggregator finds nothing, MergeStopped past its time."""
        project_id = self._run.project_id
        found = await self._aggregated()
        total = int(await self._database.pool.fetchval(store.QUERIES.count_current, project_id))
        async for page in store.current_pages(self._database, project_id, found.tasks_per_page):
            await found.know(page)
            changed = [(one, await self._new(one, found)) for one in page if self._may_change(one)]
            await self._write([(one, new) for one, new in changed if new is not None])
            self.summary.looked_at += len(page)
            await self._tell(self.summary, total)
        return self.summary

    async def _aggregated(self) -> Votes:
        """Return what the aggregator says of the whole project."""
        row = await self._database.fetchrow(store.QUERIES.project, self._run.project_id)
        read = await live_store.definition(self._database, row["ontology_version_id"]) if row else None
        if read is None:
            return Votes(self._work)
        tool = class_tool(read.definition)
        if tool is not None:
            # Numbers take memory: imported where they are wanted.
            from annotary.quality.runs.service_classes import Classes

            return await Classes.of(self._work, read, tool)
        if rules.has_only_spans(read.definition) and self._run.aggregator != consensus.MAJORITY:
            from annotary.quality.runs.service_spans import Spans

            return await Spans.of(self._work)
        return Votes(self._work)

    def _may_change(self, one: Current) -> bool:
        if rules.is_reviewed(one.aggregator, one.accepted_by):
            self.summary.reviewed += 1
            return False
        if one.submission_ids != one.counted_ids:
            self.summary.moved += 1
            return False
        return True

    async def _new(self, one: Current, found: Votes) -> NewOutcome | None:
        """Return the next version of an outcome; None where it stays as it is."""
        new = await found.new(one)
        if new is None:
            return None
        if new.content_hash == one.content_hash and not rules.confidence_changes(
            one.confidence, new.confidence
        ):
            return None
        return new

    async def _write(self, changed: Sequence[tuple[Current, NewOutcome]]) -> None:
        """Write new versions of the outcomes that are still as they were read."""
        if not changed:
            return
        async with self._database.transaction() as uow:
            await consensus_store.hold_outcomes(uow)
            held = await store.still_current(uow, [one.id for one, _ in changed])
            kept = [(one, new) for one, new in changed if one.id in held]
            await write(uow, [new for _, new in kept], [new.task_id for _, new in kept])
        self.summary.moved += len(changed) - len(kept)
        for one, new in kept:
            if one.content_hash != new.content_hash:
                self.summary.answers += 1
            else:
                self.summary.confidences += 1
