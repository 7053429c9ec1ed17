"""Consensus: what is done so that every done task has the outcome its counted answers make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec.structs import replace

from annotary import eventlog
from annotary.eventlog import Event, fact
from annotary.infra.postgres import UnitOfWork
from annotary.kernel.ids import new_id
from annotary.quality import rules, store
from annotary.quality.live.service import LiveModels
from annotary.quality.overlap.service import extend
from annotary.quality.service_live import Judged, candidate, judged, outcome_of
from annotary.quality.values import Decision, MergeResult, NewOutcome, Standing, Terms


async def settle(uow: UnitOfWork, task_ids: Sequence[UUID], live: LiveModels) -> None:
    """Make these tasks' outcomes true to where the tasks stand now.

    The answers are told to the live models. A finished task of a batch with a target may be asked once more
    instead; one whose answers have to be combined waits for a merge.
    """
    terms = await store.terms(uow, task_ids)
    models = {project_id: await live.project(one) for project_id, one in terms.items()}
    classed = [project_id for project_id, model in models.items() if model is not None]
    await store.hold_outcomes(uow)
    standings = await store.standings(uow, task_ids, classed)
    judgements = judged(standings, models)
    by_decision: dict[Decision, list[Standing]] = {"accept": [], "merge": [], "withdraw": [], "leave": []}
    for standing in standings:
        by_decision[_decide(standing, judgements.get(standing.task_id))].append(standing)
    ready = by_decision["accept"] + by_decision["merge"]
    extended = await extend(uow, [one for one in (candidate(s, judgements) for s in ready) if one])
    waiting = {s.task_id: s for s in by_decision["merge"] if s.task_id not in extended}
    await store.drop_merges(uow, [s.task_id for s in standings if s.task_id not in waiting])
    await _withdraw(uow, [s.task_id for s in by_decision["withdraw"]], {})
    await store.ask_merges(uow, list(waiting.values()))
    accepted = [s for s in by_decision["accept"] if s.task_id not in extended]
    outcomes = [_outcome(s, judgements.get(s.task_id), terms[s.project_id]) for s in accepted]
    await write(uow, outcomes, [s.task_id for s in accepted if s.outcome_submission_ids is not None])


async def finish_merges(uow: UnitOfWork, results: Sequence[MergeResult]) -> None:
    """Write what merges came to; the result of one that was asked for again meanwhile is dropped."""
    await store.hold_outcomes(uow)
    held = await store.hold_merges(uow, [result.due for result in results])
    results = [result for result in results if result.due.task_id in held]
    extended = await extend(uow, [result.candidate for result in results if result.candidate])
    tasks = {
        ended: [r.due.task_id for r in results if r.ended == ended] for ended in ("merged", "again", "moot")
    }
    blocked = {result.due.task_id: result for result in results if result.ended == "blocked"}
    await store.drop_merges(uow, tasks["merged"] + tasks["moot"])
    await store.retry_merges(uow, tasks["again"])
    outcomes = [
        replace(r.outcome, consumed_at=r.due.asked_at)
        for r in results
        if r.outcome and r.due.task_id not in extended
    ]
    await write(uow, outcomes, [outcome.task_id for outcome in outcomes])
    if blocked:
        await _block(uow, blocked)


async def write(uow: UnitOfWork, outcomes: Sequence[NewOutcome], may_have_one: Sequence[UUID]) -> None:
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
                type=_event_type(outcome, outcome.task_id in revised),
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


def _decide(standing: Standing, judgement: Judged | None) -> Decision:
    decision = rules.decide(standing)
    if decision in ("accept", "merge") and judgement is not None:
        return "merge" if judgement.copied is None else "accept"
    return decision


def _outcome(standing: Standing, judgement: Judged | None, terms: Terms) -> NewOutcome:
    state = rules.new_state(standing.task_id, terms.quality)
    if judgement is None:
        return rules.agreed(standing, new_id(), state)
    return outcome_of(standing, judgement, new_id(), state)


def _event_type(outcome: NewOutcome, is_revised: bool) -> str:
    if outcome.state == "proposed":
        return "outcome.proposed"
    return "outcome.revised" if is_revised else "outcome.accepted"


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


async def _withdraw(uow: UnitOfWork, task_ids: Sequence[UUID], reasons: Mapping[UUID, str]) -> None:
    rows = await store.withdraw(uow, task_ids)
    if rows:
        await eventlog.record(
            uow,
            *(
                fact(
                    "outcome.withdrawn",
                    row,
                    None,
                    {
                        "outcome": row["id"],
                        "version": row["version"],
                        "reason": reasons.get(row["task_id"], "the task was opened again"),
                    },
                    "task_id",
                )
                for row in rows
            ),
        )
