"""Finished tasks of batches with a target: asked again, or left to consensus; and what that saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from annotary import eventlog
from annotary.dispatch.errors import UnknownBatch
from annotary.eventlog import Event
from annotary.identity.rules import access_project
from annotary.identity.values import Caller, Role
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.ids import format_id
from annotary.projects.overlap import OverlapTarget
from annotary.quality.overlap import rules, store
from annotary.quality.overlap.values import Candidate, OverlapReport


async def extend(uow: UnitOfWork, candidates: Sequence[Candidate]) -> set[UUID]:
    """Ask again where that is worth its price; returns the tasks that are open again."""
    if not candidates:
        return set()
    possible = await store.can_be_asked(uow, [one.task_id for one in candidates])
    batches = await store.batches_so_far(uow, sorted({one.batch_id for one in candidates}))
    chosen: dict[UUID, tuple[Candidate, float]] = {}
    for one in candidates:
        gain = _gain(one) if one.task_id in possible else 0.0
        again = rules.ask_again(one.target, batches[one.batch_id], one.asked, gain)
        rules.noted(batches[one.batch_id], one.asked, gain, again)
        if again:
            chosen[one.task_id] = (one, gain)
    rows = await store.extend(uow, list(chosen), [one.overlap for one, _ in chosen.values()])
    await store.note_batches(uow, list(batches.values()))
    await _tell(uow, rows, chosen)
    return {row["id"] for row in rows}


async def read_overlap(database: Database, caller: Caller, batch_id: UUID) -> OverlapReport:
    """Return what a batch's tasks were asked, and what a fixed overlap would have asked. For managers."""
    async with database.connection() as uow:
        batch = await uow.fetchrow(store.QUERIES.batch, batch_id)
        if batch is None:
            raise UnknownBatch()
        access_project(caller, batch["project_id"], batch["organisation_id"], Role.MANAGER)
        rows = await uow.fetch(store.QUERIES.report, batch["project_id"], batch_id)
    target = msgspec.json.decode(batch["target"], type=OverlapTarget) if batch["target"] else None
    finished = [row for row in rows if row["finished"]]
    done = sum(row["tasks"] for row in finished)
    outcomes = sum(row["outcomes"] for row in finished)
    used = sum(row["answered"] * row["tasks"] for row in finished)
    fixed = done * (target.overlap_max if target else batch["overlap"])
    return OverlapReport(
        batch=format_id("batch", batch_id),
        target=target,
        tasks=sum(row["tasks"] for row in rows),
        finished=done,
        outcomes=outcomes,
        labels_used=used,
        labels_fixed=fixed,
        saved=fixed - used,
        saved_share=(fixed - used) / fixed if fixed else 0.0,
        tasks_by_overlap={str(row["answered"]): row["tasks"] for row in sorted(finished, key=_answered)},
        expected_accuracy=sum(row["confidence_sum"] or 0 for row in finished) / outcomes
        if outcomes
        else None,
    )


def _answered(row: Any) -> int:
    return int(row["answered"])


def _gain(one: Candidate) -> float:
    if one.matrix is None:
        # A merge says only how sure it is: what is missing is all that could be gained.
        return 1 - one.asked.confidence
    from annotary.quality.overlap.gain import gain_of_one_more

    return gain_of_one_more(one.asked.posterior, one.matrix, one.target.overlap_max - one.asked.answers)


async def _tell(uow: UnitOfWork, rows: Sequence[Any], chosen: Mapping[UUID, tuple[Candidate, float]]) -> None:
    facts = [
        Event(
            organisation_id=row["organisation_id"],
            type="task.extended",
            subject_id=row["id"],
            data={
                "overlap": row["overlap"],
                "state": row["state"],
                "confidence": round(chosen[row["id"]][0].asked.confidence, 6),
                "gain": round(chosen[row["id"]][1], 6),
            },
        )
        for row in rows
    ]
    if facts:
        await eventlog.record(uow, *facts)
