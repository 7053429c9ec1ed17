"""Taking a change back: what it replaced is put back, to the byte; what came after it goes the steps back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.yielding import in_yielding_thread
from annotary.migration import store
from annotary.migration.service_correcting import ask_merges
from annotary.migration.service_pace import Pace
from annotary.migration.service_running import Runner, Tell
from annotary.migration.store import PARTS, QUERIES, Part
from annotary.migration.values import Carried, Change, Stored
from annotary.quality.store import hold_outcomes
from annotary.serving.store import copy_suggestions, hold_items


class Rollback(Runner):
    """Does what is left of taking a change back."""

    def __init__(self, database: Database, change: Change, pace: Pace, tell: Tell) -> None:
        super().__init__(database, change, pace, tell)
        assert change.reverts is not None
        self._reverts = change.reverts
        self._to = change.terms.to

    async def do_part(self, number: int, after: UUID) -> None:
        """Go through one part, behind an id."""
        while True:
            last = await self._restore(number, after)
            if last is None:
                return
            after = last
            await self._tell(self.counts)

    async def _restore(self, number: int, after: UUID) -> UUID | None:
        """Put the next answers back in one transaction; returns the last of them."""
        part, change = PARTS[number], self._change
        # A correction has no version of its own: what was made after it is no concern of taking it back.
        made_under = None if self._to is None else change.ontology_version_id
        async with self._pace.batch() as uow:
            await hold_outcomes(uow)
            rows = await uow.fetch(
                part.sql(QUERIES.restore_page),
                *(change.project_id, after, self._pace.batch_answers),
                *(self._reverts, made_under, change.id),
            )
            if not rows:
                return None
            back = [row for row in rows if row["content_hash"] is not None]
            left = [row["id"] for row in rows if row["content_hash"] is None]
            taken, kept, written = await self._left(uow, part, left)
            await self._follow(uow, part, [row["task_id"] for row in back], taken)
            await self.note(uow, part, kept)
            await self.tell_log(uow, part, sorted([*back, *written], key=lambda row: row["id"]))
            changed = sum(row["changed"] for row in back)
            counts = self.counted([one for _, one in [*taken, *kept]], taken, written)
            counts.looked_at += len(rows) - len(taken) - len(kept)
            counts.changed += changed
            counts.pinned += len(back) - changed
            counts.moved += len(left) - len(taken) - len(kept)
            await store.move(uow, change, number, rows[-1]["id"], counts)
        self.counts = counts
        return UUID(int=rows[-1]["id"].int)

    async def _left(
        self, uow: UnitOfWork, part: Part, ids: Sequence[UUID]
    ) -> tuple[list[tuple[Stored, Carried]], list[tuple[Stored, Carried]], Sequence[Row]]:
        """Bring answers that were made after the change back by the inverse steps, as far as these go."""
        if not ids or self._to is None:
            return [], [], []
        found = await uow.fetch(part.sql(QUERIES.answers_of), ids, self._change.ontology_version_id)
        rows = [Stored(*row) for row in found]
        carried = await in_yielding_thread(self.carry, part, rows)
        both = list(zip(rows, carried, strict=True))
        taken = [(row, one) for row, one in both if not one.reason]
        new = [(row, one.encoded) for row, one in taken]
        written = await store.write(uow, part, self._change.id, new, self._to)
        return taken, [(row, one) for row, one in both if one.reason], written

    @property
    def target(self) -> UUID:
        """The version that answers made since are brought back to."""
        assert self._to is not None
        return self._to

    async def _follow(
        self, uow: UnitOfWork, part: Part, back: Sequence[UUID], taken: Sequence[tuple[Stored, Carried]]
    ) -> None:
        """Show predictions as they are now, and have outcomes of several answers found anew."""
        tasks = sorted({*back, *(row.task_id for row, _ in taken)})
        if part.kind == "submission" and self._to is None:
            await ask_merges(uow, tasks)
        if part.kind == "prediction" and tasks:
            await hold_items(uow, tasks)
            await copy_suggestions(uow, tasks)
