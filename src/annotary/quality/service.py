"""Consensus: what is done so that every done task has the outcome its counted answers make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from annotary import eventlog
from annotary.eventlog import Event
from annotary.infra.postgres import UnitOfWork
from annotary.kernel.ids import new_id
from annotary.quality import rules, store
from annotary.quality.values import Decision, MergeResult, NewOutcome, Standing


async def settle(uow: UnitOfWork, task_ids: Sequence[UUID]) -> None:
    """Make these tasks' outcomes true to where the tasks stand now; differing answers wait for a merge."""
    by_decision: dict[Decision, list[Standing]] = {"accept": [], "merge": [], "withdraw": [], "leave": []}
    for standing in await store.standings(uow, task_ids):
        by_decision[rules.decide(standing)].append(standing)
    await store.drop_merges(
        uow, [s.task_id for key in ("accept", "withdraw", "leave") for s in by_decision[key]]
    )
    await _withdraw(uow, [s.task_id for s in by_decision["withdraw"]], {})
    await store.ask_merges(uow, by_decision["merge"])
    accepted = by_decision["accept"]
    revised = [s.task_id for s in accepted if s.outcome_submission_ids is not None]
    await _accept(uow, [rules.agreed(s, new_id()) for s in accepted], revised)


async def finish_merges(uow: UnitOfWork, results: Sequence[MergeResult]) -> None:
    """Write what merges came to; the result of one that was asked for again meanwhile is dropped."""
    held = await store.hold_merges(uow, [result.due for result in results])
    results = [result for result in results if result.due.task_id in held]
    tasks = {
        ended: [r.due.task_id for r in results if r.ended == ended] for ended in ("merged", "again", "moot")
    }
    blocked = {result.due.task_id: result for result in results if result.ended == "blocked"}
    await store.drop_merges(uow, tasks["merged"] + tasks["moot"])
    await store.retry_merges(uow, tasks["again"])
    await _accept(uow, [result.outcome for result in results if result.outcome], tasks["merged"])
    if blocked:
        await _block(uow, blocked)


async def _block(uow: UnitOfWork, blocked: Mapping[UUID, MergeResult]) -> None:
    reasons = {task_id: result.reason for task_id, result in blocked.items()}
    await store.block_merges(uow, reasons)
    await _withdraw(uow, list(blocked), reasons)
    facts = [
        Event(
            organisation_id=result.organisation_id,
            type="consensus.blocked",
            subject_id=task_id,
            data={"reason": result.reason},
        )
        for task_id, result in blocked.items()
        if result.organisation_id
    ]
    await eventlog.record(uow, *facts)


async def _accept(uow: UnitOfWork, outcomes: Sequence[NewOutcome], may_have_one: Sequence[UUID]) -> None:
    """Write outcomes and their events; `may_have_one` are the tasks whose current outcome has to give way."""
    if not outcomes:
        return
    revised = await store.supersede(uow, may_have_one)
    versions = await store.add_outcomes(uow, outcomes)
    await eventlog.record(
        uow,
        *(
            Event(
                organisation_id=outcome.organisation_id,
                type="outcome.revised" if outcome.task_id in revised else "outcome.accepted",
                subject_id=outcome.task_id,
                data={
                    "outcome": outcome.id,
                    "version": versions[outcome.task_id],
                    "content_hash": outcome.content_hash.hex(),
                    "ontology_version": outcome.ontology_version_id,
                    "aggregator": outcome.aggregator,
                    "confidence": outcome.confidence,
                    "submissions": outcome.submission_ids,
                },
            )
            for outcome in outcomes
        ),
    )


async def _withdraw(uow: UnitOfWork, task_ids: Sequence[UUID], reasons: Mapping[UUID, str]) -> None:
    rows = await store.withdraw(uow, task_ids)
    if rows:
        await eventlog.record(
            uow,
            *(
                Event(
                    organisation_id=row["organisation_id"],
                    type="outcome.withdrawn",
                    subject_id=row["task_id"],
                    data={
                        "outcome": row["id"],
                        "version": row["version"],
                        "reason": reasons.get(row["task_id"], "the task was opened again"),
                    },
                )
                for row in rows
            ),
        )
