"""One run of a change: answers are read and carried ahead of their writing; each batch is one transaction,
which also moves the change's position.
"""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from blake3 import blake3

from annotary.dispatch.rework import reopen
from annotary.eventlog import Event, record
from annotary.infra.ahead import ahead
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.infra.yielding import in_yielding_thread
from annotary.migration import rules, store
from annotary.migration.service_pace import Pace
from annotary.migration.store import PARTS, QUERIES, Part
from annotary.migration.values import Carried, Change, Counts, Stored, Version
from annotary.quality.store import hold_outcomes
from annotary.serving.store import copy_suggestions, hold_items

Tell = Callable[[Counts], Awaitable[None]]


class Batch(NamedTuple):
    """Answers that were read, what is to become of each, behind which id the next ones lie, and the time
    it took.
    """

    rows: Sequence[Stored]
    carried: Sequence[Carried]
    last: UUID
    seconds: float = 0.0


class Runner:
    """Does what is left of a change."""

    def __init__(self, database: Database, change: Change, pace: Pace, tell: Tell) -> None:
        self._database, self._change, self._pace, self._tell = database, change, pace, tell
        self.counts = change.counts
        self._versions: Mapping[UUID, Version] = {}
        self._carriers: dict[tuple[UUID, bool], rules.Carrier] = {}

    async def do(self) -> Counts:
        """Go through all parts from where the change stands; raises ChangeStopped when it is no longer to."""
        change = self._change
        await self.prepare()
        for number in range(change.part, len(PARTS)):
            after = change.after if number == change.part else UUID(int=0)
            await self.do_part(number, after)
        return self.counts

    async def prepare(self) -> None:
        """Read the ontology's versions, which the rest goes by."""
        self._versions = await store.versions(self._database, self._change.ontology_version_id)

    async def follow(self, after: Sequence[UUID]) -> None:
        """Go through all parts once more, each behind an id, for what came late."""
        await self.prepare()
        for number, place in enumerate(after):
            await self.do_part(number, place)

    async def do_part(self, number: int, after: UUID) -> None:
        """Go through one part, behind an id."""
        batches = ahead(self.batches(PARTS[number], after))
        async with contextlib.aclosing(batches):
            async for batch in batches:
                await self._write(number, batch)
                await self._tell(self.counts)

    async def batches(self, part: Part, after: UUID) -> AsyncIterator[Batch]:
        """Yield the answers of a part behind an id, with what becomes of them."""
        began = time.monotonic()
        while rows := await self.read(part, after):
            after = rows[-1].id
            carried = await in_yielding_thread(self.carry, part, rows)
            yield Batch(rows, carried, after, time.monotonic() - began)
            began = time.monotonic()

    async def read(self, part: Part, after: UUID) -> list[Stored]:
        """Return the next answers that the change is about."""
        change = self._change
        sources = rules.sources(self._versions, change.ontology_version_id)
        return await store.page(
            self._database, part, change.project_id, after, sources, self._pace.batch_answers
        )

    def carry(self, part: Part, rows: Sequence[Stored]) -> list[Carried]:
        """Say what becomes of answers; takes long, so it is called in a thread."""
        is_draft = part.kind == "draft"
        return [
            self._carrier(one.ontology_version_id, is_draft).carry(one.answer, one.payload) for one in rows
        ]

    def _carrier(self, source: UUID, is_draft: bool) -> rules.Carrier:
        found = self._carriers.get((source, is_draft))
        if found is None:
            found = rules.bringing(self._versions, source, self.target, is_draft)
            self._carriers[source, is_draft] = found
        return found

    async def _write(self, number: int, batch: Batch) -> None:
        part, change = PARTS[number], self._change
        kept = [(row, one) for row, one in zip(batch.rows, batch.carried, strict=True) if one.reason]
        taken = [(row, one) for row, one in zip(batch.rows, batch.carried, strict=True) if not one.reason]
        async with self._pace.batch(batch.seconds) as uow:
            await self.hold(uow, part, batch.rows)
            written = await store.write(
                uow, part, change.id, [(row, one.encoded) for row, one in taken], self.version_after
            )
            await self.note(uow, part, kept)
            await self.follow_up(uow, part, taken, written)
            await self.tell_log(uow, part, written)
            counts = self.counted(batch.carried, taken, written)
            await store.move(uow, change, number, batch.last, counts)
        self.counts = counts

    @property
    def target(self) -> UUID:
        """The version that answers are brought to."""
        return self._change.ontology_version_id

    @property
    def version_after(self) -> UUID | None:
        """The version that changed answers are pinned to; None: their own."""
        return self._change.ontology_version_id

    async def hold(self, uow: UnitOfWork, part: Part, rows: Sequence[Stored]) -> None:
        """Keep others from reading what is about to change, and writing what follows from it."""
        if part.kind == "prediction":
            await hold_items(uow, sorted({row.task_id for row in rows}))
        else:
            await hold_outcomes(uow)

    async def follow_up(
        self, uow: UnitOfWork, part: Part, taken: Sequence[tuple[Stored, Carried]], written: Sequence[Row]
    ) -> None:
        """Do what follows from answers that changed: annotators are shown the predictions as they are now."""
        changed = [row.task_id for row, one in taken if one.encoded is not None]
        if part.kind == "prediction" and changed:
            await copy_suggestions(uow, changed)

    async def note(self, uow: UnitOfWork, part: Part, kept: Sequence[tuple[Stored, Carried]]) -> None:
        """Note the answers that are left as they are, and ask people about them where that is wanted."""
        if not kept:
            return
        change, ids = self._change, [row.id for row, _ in kept]
        reasons = [one.reason for _, one in kept]
        paths = ["\n".join(one.paths) for _, one in kept]
        tasks = [row.task_id for row, _ in kept]
        await uow.execute(QUERIES.note_unchanged, change.id, ids, tasks, reasons, part.kind, paths)
        if change.terms.ambiguous == "requeue" and part.kind == "submission":
            rows = await uow.fetch(QUERIES.unchanged_tasks, change.id, ids)
            why = f"The ontology changed: {rules.UNDECIDED}"
            reopened = await reopen(uow, sorted(row["task_id"] for row in rows), "same", why, None)
            await uow.execute(QUERIES.mark_requeued, change.id, reopened)
            self.counts.requeued += len(reopened)

    async def tell_log(self, uow: UnitOfWork, part: Part, written: Sequence[Row]) -> None:
        """Record the batch: its size, its first and last answer, and the hash over ids and content hashes."""
        if not written:
            return
        change, digest = self._change, blake3()
        pinned: dict[str, dict[str, str]] = defaultdict(dict)
        for row in written:
            digest.update(row["id"].bytes + row["content_hash"])
            pinned[str(row["ontology_version_id"])][str(row["id"])] = row["content_hash"].hex()
        data = {
            "change": change.id,
            "kind": change.kind,
            "of": part.kind,
            "answers": len(written),
            "first": written[0]["id"],
            "last": written[-1]["id"],
            "hash": digest.hexdigest(),
            "pinned": pinned,
        }
        await record(
            uow,
            Event(
                organisation_id=change.organisation_id,
                type="answers.changed",
                subject_id=change.project_id,
                data=data,
            ),
        )

    def counted(
        self,
        carried: Sequence[Carried],
        taken: Sequence[tuple[Stored, Carried]],
        written: Sequence[Row],
    ) -> Counts:
        """Return the counts after a batch."""
        before = self.counts
        ids = {row["id"] for row in written}
        done = [one for row, one in taken if row.id in ids]
        changed = sum(one.encoded is not None for one in done)
        undecided = sum(one.reason == rules.UNDECIDED for one in carried)
        return Counts(
            looked_at=before.looked_at + len(carried),
            changed=before.changed + changed,
            pinned=before.pinned + len(done) - changed,
            lossy=before.lossy + sum(one.lossy for one in done),
            ambiguous=before.ambiguous + undecided,
            invalid=before.invalid + len(carried) - len(taken) - undecided,
            moved=before.moved + len(taken) - len(done),
            requeued=before.requeued,
        )
