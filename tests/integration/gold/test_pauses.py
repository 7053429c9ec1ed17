"""Who is paused gets nothing, and their recent work is asked for again exactly once, whatever is killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from annotary.dispatch import service_tasks
from annotary.kernel.errors import Invalid
from annotary.kernel.ids import new_id
from annotary.quality.skill import service_pauses
from annotary.quality.skill.errors import AlreadyPaused, NotPaused
from integration.dispatch.work import ORGANISATION
from integration.gold.stage import MANAGER, NO, YES, Stage, member

PROGRAM = Path(__file__).with_name("requeue_program.py")
LOOKED_AT = 3


async def enlist(stage: Stage, who: Any) -> None:
    """Put a member and their place on the project into the service's copies, as the platform's events do."""
    await stage.work.database.execute(
        "INSERT INTO members (id, organisation_id, name, role) VALUES ($1, $2, 'm', 'annotator')",
        who.member_id,
        ORGANISATION,
    )
    await stage.work.database.execute(
        "INSERT INTO project_members (project_id, member_id, organisation_id, role)"
        " VALUES ($1, $2, $3, 'annotator')",
        *(stage.work.project, who.member_id, ORGANISATION),
    )


async def pause(stage: Stage, who: Any, days: float | None = None) -> None:
    async with stage.work.database.transaction() as uow:
        await service_pauses.pause(uow, MANAGER, stage.work.project, who.member_id, "careless", days)


async def resume(stage: Stage, who: Any) -> None:
    async with stage.work.database.transaction() as uow:
        await service_pauses.resume(uow, MANAGER, stage.work.project, who.member_id)


async def test_careless_work_pauses_and_goes_to_others(stage: Stage) -> None:
    await stage.ask(gold={"first": 6}, skill={"pause_below": 0.6, "answers_min": 6, "requeue_days": 1.0})
    gold = set(await stage.gold(6))
    tasks = set(await stage.work.add_tasks(4))
    careless, careful = member(), member()
    held = await stage.work.claim(careless, 9)
    ordinary = [lease for lease in held if lease.task_id in tasks]
    await stage.answer(careless, ordinary[0], NO)
    for lease in held:
        if lease.task_id in gold:
            await stage.answer(careless, lease, NO)
    await stage.catch_up()
    stands = await stage.annotator(careless)
    assert stands["state"] == "paused" and stands["reason"].startswith("skill 0.07 is below 0.60, by 6 known")
    (fact,) = await stage.facts("annotator.paused")
    assert fact["subject_id"] == careless.member_id and fact["actor_id"] is None
    assert await stage.work.claim(careless, 3) == []
    (counts,) = await stage.work.rows(
        "SELECT sum(leased) AS leased, sum(answered) AS answered FROM tasks WHERE state = 'open'"
    )
    assert tuple(counts) == (0, 0), "leases were taken back, the ordinary answer was set aside"
    assert len(await stage.work.claim(careful, 100)) == 10
    assert {
        row["state"]
        for row in await stage.work.rows("SELECT state FROM assignments WHERE task_id = ANY($1)", gold)
    } >= {"submitted"}
    await resume(stage, careless)
    await stage.catch_up()
    after = await stage.annotator(careless)
    assert (after["state"], after["skill"]) == ("active", None), "what was before a resumption is past"


async def test_recent_work_is_asked_again_once_under_kill_9(stage: Stage, database_url: str) -> None:
    careless, other = member(), member()
    await enlist(stage, careless)
    expected = await _a_week_of_work(stage, careless, other)
    reserved = await stage.work.add_tasks(3)
    await _keep(stage, careless, *reserved)
    await pause(stage, careless, 7.0)
    chance = random.Random(5)
    for _ in range(9):
        _kill_after(database_url, steps=chance.randint(0, 2), twins=chance.random() < 0.5)
    (under_way,) = await stage.work.rows("SELECT state FROM pauses")
    assert under_way["state"] == "requeuing", "the kills came in the middle of the work"
    process = _start(database_url)
    process.communicate(timeout=240)
    assert process.returncode == 0
    noted = await stage.work.rows("SELECT assignment_id FROM requeued_answers")
    assert {row["assignment_id"] for row in noted} == expected
    told = await stage.work.rows(
        "SELECT data ->> 'assignment' AS assignment, count(*) AS times FROM events"
        " WHERE type = 'submission.discounted' GROUP BY 1"
    )
    assert {uuid.UUID(row["assignment"]): row["times"] for row in told} == dict.fromkeys(expected, 1)
    freed = [fact["subject_id"] for fact in await stage.facts("task.freed")]
    assert sorted(freed) == sorted(reserved), "what was kept for the careless one is freed, once"
    wrong = await stage.work.rows(
        "SELECT t.id FROM tasks t CROSS JOIN LATERAL ("
        "SELECT count(*) FILTER (WHERE a.state = 'submitted') AS answered,"
        " count(*) FILTER (WHERE a.state = 'leased') AS leased"
        " FROM assignments a WHERE a.task_id = t.id) AS found"
        " WHERE t.answered <> found.answered OR t.leased <> found.leased"
        " OR (t.state = 'done' AND t.answered < t.overlap)"
    )
    assert wrong == [], "every task counts what it has"


async def _a_week_of_work(stage: Stage, careless: Any, other: Any) -> set[uuid.UUID]:
    """Let both answer; returns the assignments of the careless one that are to be asked for again."""
    work = stage.work
    old = await work.add_tasks(5, overlap=2)
    too_old = [lease.assignment_id for lease in await stage.work_on(careless, 5)]
    await stage.work_on(other, 5)
    await work.step_clock(8 * 86400)
    recent = await work.add_tasks(40, overlap=2)
    theirs = await stage.work_on(careless, 40, NO)
    await stage.work_on(other, 30)
    apart = {lease.task_id: lease for lease in theirs}
    amended, accepted, cancelled, gold = (lease.task_id for lease in theirs[:4])
    await _review(stage, amended, "review", None)
    await _review(stage, accepted, "majority", new_id())
    await work.database.execute("UPDATE tasks SET state = 'cancelled' WHERE id = $1", cancelled)
    await stage.gold(0, tasks=[gold])
    assert len(await work.claim(careless, 2)) == 0 and set(apart) == set(recent) and len(old) == len(too_old)
    kept = {amended, accepted, cancelled, gold}
    return {lease.assignment_id for lease in theirs if lease.task_id not in kept}


async def _review(stage: Stage, task: uuid.UUID, aggregator: str, by: uuid.UUID | None) -> None:
    """Give a task an outcome that a person wrote or accepted."""
    await stage.work.database.execute(
        "INSERT INTO outcomes (id, task_id, project_id, organisation_id, version, answer, content_hash,"
        " ontology_version_id, aggregator, confidence, submission_ids, accepted_by)"
        " VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, 1, '{}', $9)",
        *(new_id(), task, stage.work.project, ORGANISATION, YES.decode(), b"h" * 32, stage.work.version),
        *(aggregator, by),
    )


def _start(url: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, PROGRAM, url, str(LOOKED_AT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process


def _kill_after(url: str, steps: int, twins: bool) -> None:
    """Start one or two that do the work, and kill them after some steps, in the middle of the next."""
    processes = [_start(url) for _ in range(1 + twins)]
    for process in processes:
        assert process.stdin and process.stdout
        process.stdin.write("go\n" * (steps + 1))
        process.stdin.flush()
    for _ in range(steps):
        assert processes[0].stdout and processes[0].stdout.readline()
    for process in processes:
        process.send_signal(signal.SIGKILL)
        process.communicate()


async def test_what_was_kept_for_the_paused_goes_to_others_once(stage: Stage) -> None:
    paused, other, third = member(), member(), member()
    await enlist(stage, paused)
    await enlist(stage, other)
    theirs, leased, parked, others = await stage.work.add_tasks(4)
    await _keep(stage, paused, theirs, leased, parked)
    await _keep(stage, other, others)
    (gold,) = await stage.gold(1)
    (lease,) = await stage.work.claim(paused, 1)
    await stage.work.database.execute("UPDATE tasks SET state = 'paused' WHERE id = $1", parked)
    assert await stage.work.claim(third, 9) == [], "what is kept for one is given to nobody else"
    await pause(stage, paused, 0.0)
    await stage.catch_up()
    kept = await stage.work.rows("SELECT id FROM tasks WHERE reserved_for = ANY($1)", [paused.member_id])
    assert kept == [] and lease.task_id in (theirs, leased)
    assert {one.task_id for one in await stage.work.claim(third, 9)} == {theirs, leased}
    freed = await stage.facts("task.freed")
    assert sorted(fact["subject_id"] for fact in freed) == sorted((theirs, leased, parked))
    rows = await stage.work.rows("SELECT reserved_for FROM tasks WHERE id = ANY($1)", [others, gold])
    assert {row["reserved_for"] for row in rows} == {other.member_id, uuid.UUID(int=1)}
    with pytest.raises(Invalid, match="active member"):
        await _keep(stage, paused, others)


async def _keep(stage: Stage, who: Any, *tasks: uuid.UUID) -> None:
    """Keep tasks for a member as a manager does."""
    for task in tasks:
        async with stage.work.database.transaction() as uow:
            await service_tasks.reassign(uow, MANAGER, task, who.member_id)


async def test_a_pause_waits_for_claims_that_do_not_know_of_it(stage: Stage) -> None:
    await stage.work.add_tasks(2)
    careless = member()
    await enlist(stage, careless)
    async with stage.work.database.transaction() as uow:
        await uow.fetchval("SELECT pg_current_xact_id()")  # a claim under way, which saw no pause
        await pause(stage, careless, 0.0)
        assert await service_pauses.requeue_once(stage.work.database) == 0
    await stage.catch_up()
    assert (await stage.work.rows("SELECT state FROM pauses"))[0]["state"] == "done"
    with pytest.raises(AlreadyPaused):
        await pause(stage, careless)
    await resume(stage, careless)
    with pytest.raises(NotPaused):
        await resume(stage, careless)
    assert len(await stage.work.claim(careless, 2)) == 2
