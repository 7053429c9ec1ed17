"""One run of a correction: the answers that its filter chooses, or those that were given, one by one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.ids import format_id, parse_id
from annotary.migration.rules_corrections import Correction, Replacing, needle
from annotary.migration.service_pace import Pace
from annotary.migration.service_running import Batch, Runner, Tell
from annotary.migration.store import Part
from annotary.migration.values import Carried, Change, Filter, Stored, Terms

QUERIES = queries.load(__package__, "corrections.sql")
PAGES = {"submission": QUERIES.submissions_page, "outcome": QUERIES.outcomes_page}


class Correcting(Runner):
    """Does what is left of a correction."""

    def __init__(self, database: Database, change: Change, pace: Pace, tell: Tell) -> None:
        super().__init__(database, change, pace, tell)
        self._given = {one.id: one for one in change.terms.answers or ()}
        self._corrections: dict[UUID, Correction] = {}

    async def read(self, part: Part, after: UUID) -> list[Stored]:
        """Return the next answers that are chosen, whole marks aside."""
        change, limit = self._change, self._pace.batch_answers
        return await chosen_page(self._database, part, change.project_id, change.terms, after, limit)

    async def batches(self, part: Part, after: UUID) -> AsyncIterator[Batch]:
        """Yield the answers that the correction changes, or would."""
        async for batch in super().batches(part, after):
            both = [
                (row, one)
                for row, one in zip(batch.rows, batch.carried, strict=True)
                if one.encoded is not None or one.reason
            ]
            yield Batch([row for row, _ in both], [one for _, one in both], batch.last, batch.seconds)

    def carry(self, part: Part, rows: Sequence[Stored]) -> list[Carried]:
        """Say what becomes of answers."""
        terms = self._change.terms
        if terms.answers:
            return [
                Replacing(self._versions[row.ontology_version_id], self._given).replace(
                    format_id(part.kind, row.id), row.content_hash, row.answer, row.payload
                )
                for row in rows
            ]
        for version in {row.ontology_version_id for row in rows} - self._corrections.keys():
            chosen = terms.filter or Filter()
            self._corrections[version] = Correction(self._versions[version], chosen, terms.steps)
        return [self._corrections[row.ontology_version_id].carry(row.answer, row.payload) for row in rows]

    @property
    def version_after(self) -> UUID | None:
        """The version that changed answers are pinned to: their own."""
        return None

    async def follow_up(
        self, uow: UnitOfWork, part: Part, taken: Sequence[tuple[Stored, Carried]], written: Sequence[Row]
    ) -> None:
        """Have outcomes of several answers found anew."""
        if part.kind == "submission":
            await ask_merges(uow, [row.task_id for row, _ in taken])


async def ask_merges(uow: UnitOfWork, task_ids: Sequence[UUID]) -> None:
    """Have the outcomes of tasks that rest on several answers found anew."""
    if task_ids:
        await uow.execute(QUERIES.ask_merges, task_ids)


async def chosen_page(
    database: Database, part: Part, project_id: UUID, terms: Terms, after: UUID, limit: int
) -> list[Stored]:
    """Return the next answers of a part that a correction chooses; it knows submissions and outcomes."""
    if part.kind not in PAGES:
        return []
    if terms.answers:
        prefix = {"submission": "sub_", "outcome": "out_"}[part.kind]
        ids = [parse_id(part.kind, one.id) for one in terms.answers if one.id.startswith(prefix)]
        rows = await database.fetch(part.sql(QUERIES.answers_by_id), project_id, after, ids, limit)
        return [Stored(*row) for row in rows]
    chosen = terms.filter or Filter()
    rows = await database.fetch(
        PAGES[part.kind],
        *(project_id, after),
        [parse_id("member", one) for one in chosen.members] or None,
        *(chosen.since, chosen.until),
        [parse_id("batch", one) for one in chosen.batches] or None,
        *(chosen.model, chosen.model_version, needle(chosen), limit),
    )
    return [Stored(*row) for row in rows]
