"""What outcomes say of those who answered: nothing for one or two, and only as long as they hold."""

from __future__ import annotations

import uuid

import pytest

from annotary.eventlog import record
from annotary.kernel.ids import new_id
from annotary.quality.skill import store
from integration.dispatch.work import ORGANISATION, content_hash_of
from integration.facts import fact_about
from integration.gold.stage import NO, YES, Stage, member


async def outcome(
    stage: Stage, task: uuid.UUID, answer: bytes, *, version: int = 1, aggregator: str = "majority"
) -> uuid.UUID:
    """Write a task's outcome as consensus does, over all that counts, and tell of it."""
    execute, made = stage.work.database.execute, new_id()
    await execute("UPDATE outcomes SET superseded_at = now() WHERE task_id = $1", task)
    (same,) = await stage.work.rows(
        "SELECT (SELECT content_hash FROM submissions WHERE answer::text = $1 LIMIT 1) AS hash,"
        " array_agg(submission_id) AS ids FROM assignments WHERE task_id = $2 AND state = 'submitted'",
        *(answer.decode(), task),
    )
    await execute(
        "INSERT INTO outcomes (id, task_id, project_id, organisation_id, version, answer, content_hash,"
        " ontology_version_id, aggregator, confidence, submission_ids)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10)",
        *(made, task, stage.work.project, ORGANISATION, version, answer.decode()),
        *(same["hash"] or content_hash_of(answer), stage.work.version, aggregator, same["ids"]),
    )
    await tell(stage, "outcome.accepted", task)
    return made


async def tell(stage: Stage, kind: str, task: uuid.UUID) -> None:
    async with stage.work.database.transaction() as uow:
        await record(uow, fact_about(ORGANISATION, kind, task))
    await stage.catch_up()


async def test_answers_are_held_against_the_outcome_that_holds_now(stage: Stage) -> None:
    (task,) = await stage.work.add_tasks(1, overlap=3)
    people = [member() for _ in range(3)]
    for someone, answer in zip(people, (YES, YES, NO), strict=True):
        await stage.work_on(someone, 1, answer)
    await outcome(stage, task, YES)
    assert await scores(stage) == [("consensus", 1.0), ("consensus", 1.0), ("consensus", 0.0)]
    await tell(stage, "outcome.accepted", task)
    assert len(await scores(stage)) == 3, "told again, it is the same"
    await outcome(stage, task, NO, version=2, aggregator="review")
    assert await scores(stage) == [("review", 0.0), ("review", 0.0), ("review", 1.0)]
    assert (await stage.annotator(people[2]))["skill"] == pytest.approx(0.75)
    async with stage.work.database.connection() as uow:
        ids = [one.member_id for one in people]
        stranger = uuid.uuid4()
        weights = await store.weights(uow, stage.work.project, [*ids, stranger])
    assert [weights[one] for one in ids] == pytest.approx([0.25, 0.25, 0.75])
    assert weights[stranger] == pytest.approx(1.25 / 3), "who is not known weighs as much as the others"
    await stage.work.database.execute("UPDATE outcomes SET state = 'withdrawn', superseded_at = now()")
    await tell(stage, "outcome.withdrawn", task)
    assert await scores(stage) == []


async def test_one_or_two_answers_say_nothing_of_each_other(stage: Stage) -> None:
    (task,) = await stage.work.add_tasks(1, overlap=2)
    for answer in (YES, NO):
        await stage.work_on(member(), 1, answer)
    await outcome(stage, task, YES)
    assert await scores(stage) == []


async def scores(stage: Stage) -> list[tuple[str, float]]:
    rows = await stage.work.rows(
        "SELECT source, score FROM judged_answers WHERE state = 'judged' ORDER BY submission_id"
    )
    return [(row["source"], row["score"]) for row in rows]
