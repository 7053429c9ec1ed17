"""The tables of judged answers, skills, how annotators stand, and pauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from annotary.infra import queries
from annotary.infra.postgres import Database, Row, UnitOfWork
from annotary.kernel.limits import (
    ANNOTATORS_PER_ROUND_MAX,
    GOLD_WAITING_MAX,
    JUDGEMENT_BYTES_PER_ROUND_MAX,
    JUDGEMENTS_PER_ROUND_MAX,
)
from annotary.quality.skill import rules
from annotary.quality.skill.values import DueAnnotator, Estimate, Judged, LabelSkill, Source

QUERIES = queries.load(__package__)
JUDGING = queries.load(__package__, "judging.sql")
PAUSES = queries.load(__package__, "pauses.sql")
# How many of an annotator's newest judged answers speak for them: against known ones, against consensus.
KNOWN_WINDOW, AGREED_WINDOW = 100, 400
_encode = msgspec.json.Encoder().encode
_labels = msgspec.json.Decoder(dict[str, float]).decode


class Counted(NamedTuple):
    """What an event of this sequence says: an annotator answered, is due gold because of `cause`, or both."""

    project_id: UUID
    member_id: UUID
    organisation_id: UUID
    sequence: int
    is_answer: bool
    cause: UUID | None


class Asked(NamedTuple):
    """An answer to a gold task to be judged: `waiting`, or `void` while the known answer is doubted."""

    submission_id: UUID
    task_id: UUID
    project_id: UUID
    organisation_id: UUID
    member_id: UUID
    source: Source
    state: str
    answered_at: datetime


class Finished(NamedTuple):
    """What a judgement came to: `judged`, `failed` for a reason, or `waiting` for another try."""

    submission_id: UUID
    asked_in: int
    state: str
    score: float | None = None
    labels: str | None = None
    reason: str | None = None


class Held(NamedTuple):
    """An annotator who is held: the counts that the log gave so far."""

    organisation_id: UUID
    answers: int
    gold_due: int


async def count_answers(uow: UnitOfWork, counted: Sequence[Counted]) -> None:
    """Count what events say of annotators; an event that was counted before changes nothing."""
    if counted:
        await uow.execute(QUERIES.count_answers, *map(list, zip(*counted, strict=True)), GOLD_WAITING_MAX)


async def mark_due(uow: UnitOfWork, rows: Sequence[Row], seconds: float = 0.0) -> None:
    """Ask that the annotators named in rows be looked at, after so many seconds at the latest."""
    if rows:
        named = sorted({(row["project_id"], row["member_id"], row["organisation_id"]) for row in rows})
        projects, members, organisations = zip(*named, strict=True)
        await uow.execute(QUERIES.mark_due, projects, members, organisations, [seconds] * len(named))


async def due_annotators(database: Database) -> list[DueAnnotator]:
    """Return the annotators to look at next."""
    rows = await database.fetch(QUERIES.due_annotators, ANNOTATORS_PER_ROUND_MAX)
    return [DueAnnotator(*row) for row in rows]


async def hold_annotator(uow: UnitOfWork, project_id: UUID, member_id: UUID) -> Held | None:
    """Hold an annotator until the transaction ends; None where there is no such project."""
    row = await uow.fetchrow(QUERIES.hold_annotator, project_id, member_id)
    return Held(*row) if row else None


async def evidence(uow: UnitOfWork, project_id: UUID, member_id: UUID, since: datetime) -> list[Judged]:
    """Return the newest judged answers of a member, of those given after `since`."""
    rows = await uow.fetch(QUERIES.evidence, project_id, member_id, since, KNOWN_WINDOW, AGREED_WINDOW)
    return [
        Judged(row["source"], row["score"], _labels(row["labels"]) if row["labels"] else {}) for row in rows
    ]


async def qualification_scores(
    uow: UnitOfWork, project_id: UUID, member_id: UUID, since: datetime, tasks: int
) -> tuple[float, ...]:
    """Return how a member did on the first so many qualification tasks."""
    rows = await uow.fetch(QUERIES.qualification_scores, project_id, member_id, since, tasks)
    return tuple(row["score"] for row in rows)


async def put_annotator(
    uow: UnitOfWork,
    project_id: UUID,
    member_id: UUID,
    held: Held,
    state: str,
    reason: str | None,
    skill: float | None,
) -> None:
    """Write how a held annotator stands, and note that they were looked at.

    The last write of a transaction but those that wait for nobody: a claim may hold this row.
    """
    await uow.execute(
        QUERIES.put_annotator,
        *(project_id, member_id, state, reason, skill, held.gold_due, held.answers, GOLD_WAITING_MAX),
    )
    await uow.execute(QUERIES.looked_at, project_id, member_id)


async def put_skill_day(
    uow: UnitOfWork, project_id: UUID, member_id: UUID, found: Estimate, labels: Mapping[str, LabelSkill]
) -> None:
    """Write an annotator's skill of today."""
    numbers = (found.skill, found.low, found.high, found.gold_answers, found.gold_score)
    more = (found.agreed_answers, found.agreed_score, _encode(labels).decode())
    await uow.execute(QUERIES.put_skill_day, project_id, member_id, *numbers, *more)


async def weights(uow: UnitOfWork, project_id: UUID, member_ids: Sequence[UUID]) -> dict[UUID, float]:
    """Return how much each member's answer weighs in a merge: the skill, 0 to 1.

    Who is not known yet weighs as much as the others on average; all weigh 1 where nobody is known.
    """
    rows = await uow.fetch(QUERIES.skills_of, project_id, list(member_ids))
    return rules.vote_weights(dict.fromkeys(member_ids) | {row["member_id"]: row["skill"] for row in rows})


async def ask_judgements(uow: UnitOfWork, asked: Sequence[Asked]) -> None:
    """Put answers to gold tasks in the queue of judgements, each once."""
    if asked:
        await uow.execute(JUDGING.ask_judgements, *map(list, zip(*asked, strict=True)))


async def waiting_judgements(database: Database) -> list[Row]:
    """Return what is to be judged next: answers, and what they are held against (null where it is gone)."""
    return await database.fetch(
        JUDGING.waiting_judgements, JUDGEMENTS_PER_ROUND_MAX, JUDGEMENT_BYTES_PER_ROUND_MAX
    )


async def finish_judgements(uow: UnitOfWork, finished: Sequence[Finished]) -> list[Row]:
    """Write what judgements came to; returns those that stand, with their annotators and tasks."""
    return list(await uow.fetch(JUDGING.finish_judgements, *map(list, zip(*finished, strict=True))))


async def void_gold(uow: UnitOfWork, tasks: Sequence[UUID]) -> None:
    """Let the answers to gold tasks count for nobody and against nobody; their annotators are looked at."""
    await mark_due(uow, await uow.fetch(JUDGING.void_gold, list(tasks)))


async def judge_gold_again(uow: UnitOfWork, tasks: Sequence[UUID]) -> None:
    """Judge the answers to gold tasks anew: what they are held against has changed."""
    await uow.execute(JUDGING.judge_gold_again, list(tasks))


async def mark_ungated(uow: UnitOfWork) -> None:
    """Ask that those be looked at who wait at a gate that their project has no more."""
    await uow.execute(QUERIES.mark_ungated)
