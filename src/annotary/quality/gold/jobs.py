"""Gold in the background: answers are counted, gold is drawn, answers to gold judged, worn gold retired."""

from __future__ import annotations

import asyncio
import time
from uuid import UUID

from annotary.eventlog import Event
from annotary.eventlog.consumer import Consumer
from annotary.infra.postgres import Database, UnitOfWork
from annotary.kernel.limits import CONSUMER_POLL_SECONDS_MAX, CONSUMER_RESTED_SECONDS
from annotary.quality.gold import rules, service_upkeep, store
from annotary.quality.merge_process import MergeProcess
from annotary.quality.rounds import work_in_rounds
from annotary.quality.skill import store as skill
from annotary.quality.skill.jobs import look_once
from annotary.quality.skill.service import judge_once
from annotary.quality.skill.store import Asked, Counted
from annotary.quality.skill.values import Source

RECEIVED = "submission.received"
# A gold task that was given out and not answered is due again.
NOT_ANSWERED = ("task.released", "task.expired", "task.skipped")
UPKEEP_SECONDS = 5.0


async def count(uow: UnitOfWork, events: list[Event]) -> None:
    """Count answers, draw who is due gold, and have answers to gold tasks judged. Idempotent."""
    by_submission = {UUID(one.data["submission"]): one for one in events if one.type == RECEIVED}
    counted: list[Counted] = []
    asked: list[Asked] = []
    for row in await uow.fetch(store.QUERIES.answers_of, list(by_submission)):
        place = (row["project_id"], row["member_id"], row["organisation_id"])
        event = by_submission[row["id"]]
        due = row["seed"] is not None and rules.is_drawn(row["seed"], row["id"], row["rate"])
        counted.append(Counted(*place, event.sequence, True, row["id"] if due else None))
        if row["is_gold"]:
            source: Source = "qualification" if row["qualification"] else "gold"
            asked.append(
                Asked(
                    row["id"],
                    row["task_id"],
                    row["project_id"],
                    row["organisation_id"],
                    row["member_id"],
                    source,
                    "void" if row["is_doubted"] else "waiting",
                    row["committed_at"],
                )
            )
    await skill.ask_judgements(uow, asked)
    await skill.count_answers(uow, counted + await _due_again(uow, events))


async def _due_again(uow: UnitOfWork, events: list[Event]) -> list[Counted]:
    ended = [one for one in events if one.type in NOT_ANSWERED and one.actor_id is not None]
    rows = await uow.fetch(store.QUERIES.mixed_in, sorted({one.subject_id for one in ended})) if ended else []
    projects = {row["task_id"]: row["project_id"] for row in rows}
    return [
        Counted(
            projects[one.subject_id],
            one.actor_id,
            one.organisation_id,
            one.sequence,
            False,
            UUID(one.data["assignment"]),
        )
        for one in ended
        if one.subject_id in projects and one.actor_id is not None
    ]


def gold_consumer(database: Database) -> Consumer:
    """Return the consumer of a modality's own log that counts answers and draws gold."""
    return Consumer(
        name="gold",
        source=database,
        target=database,
        handle=count,
        types=(RECEIVED, *NOT_ANSWERED),
        rest_seconds=CONSUMER_RESTED_SECONDS,
    )


async def run_gold(database: Database, modality: str, stop: asyncio.Event) -> None:
    """Judge answers, look at annotators and keep gold until `stop`, outside of any consumer's transaction."""
    upkeep_at = 0.0

    async def work(process: MergeProcess) -> int:
        nonlocal upkeep_at
        done = await work_once(database, modality, process)
        if time.monotonic() >= upkeep_at:
            await keep_once(database)
            upkeep_at = time.monotonic() + UPKEEP_SECONDS
        return done

    await work_in_rounds("gold", modality, work, stop, CONSUMER_POLL_SECONDS_MAX)


async def work_once(database: Database, modality: str, process: MergeProcess) -> int:
    """Do one round of judging and looking; returns how much there was to do."""
    judged, gold = await judge_once(database, modality, process)
    if gold:
        await service_upkeep.doubt(database, gold)
    return judged + await look_once(database)


async def keep_once(database: Database) -> None:
    """Retire what was given out too often, and let in who waits at a gate that is gone."""
    await service_upkeep.retire_worn(database)
    async with database.connection() as uow:
        await skill.mark_ungated(uow)
