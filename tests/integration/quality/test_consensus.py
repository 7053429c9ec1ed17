"""Every done task has exactly the outcome its counted answers make, however often its events come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
import psutil
import pytest

from annotary.eventlog.consumer import consume_once
from annotary.infra.postgres import Database
from annotary.quality import merging
from annotary.quality.jobs import consensus_consumer, merge_once, run_merges
from annotary.quality.merge_process import MergeProcess

MakeSeed = Callable[[str], Awaitable[Any]]
# Answers that are no single classes: those that differ are merged task by task.
SEVERAL = {
    "tools": {"classification": {"multiple": True}},
    "labels": [{"name": "good"}, {"name": "bad"}, {"name": "ugly"}],
}


def one(label: str) -> dict[str, Any]:
    return {"classification": [{"label": label}]}


async def catch_up(database: Database, modality: str = "text") -> None:
    """Let the consumer and the merges do all there is to do."""
    while await consume_once(consensus_consumer(database)):
        pass
    process = MergeProcess()
    try:
        while await merge_once(database, modality, process):
            pass
    finally:
        await process.stop()


async def outcomes(database: Database, task: UUID) -> list[Mapping[str, Any]]:
    rows = await database.fetch("SELECT * FROM outcomes WHERE task_id = $1 ORDER BY version", task)
    return [dict(row) for row in rows]


async def facts(database: Database, task: UUID) -> list[str]:
    rows = await database.fetch("SELECT type FROM events WHERE subject_id = $1 ORDER BY sequence", task)
    return [row["type"] for row in rows if not row["type"].startswith("task.")]


async def test_one_answer_is_copied_byte_for_byte_and_only_once(make_seed: MakeSeed) -> None:
    seed = await make_seed("text")
    tasks = await seed.tasks(await seed.project(), [{"text": "a"}, {"text": "b"}])
    await seed.answer(tasks[0], {"classification": [{"label": "good"}], "justification": 'said "so"'})
    await seed.done(tasks[0])
    await catch_up(seed.database)
    await seed.tell("task.done", tasks[0], tasks[1])  # delivered again, and early: task 1 is open
    await catch_up(seed.database)
    (outcome,) = await outcomes(seed.database, tasks[0])
    (submission,) = await seed.database.fetch("SELECT * FROM submissions")
    assert outcome["answer"] == submission["answer"] and outcome["content_hash"] == submission["content_hash"]
    assert (outcome["aggregator"], outcome["agreement"], outcome["state"]) == ("live", None, "accepted")
    assert 0.5 < outcome["confidence"] < 1, "one answer of somebody unknown is no certainty"
    assert outcome["aggregator_version"] and msgspec.json.decode(outcome["parameters"])["prior"]
    assert outcome["submission_ids"] == [submission["id"]]
    assert await facts(seed.database, tasks[0]) == ["outcome.accepted"]
    assert await outcomes(seed.database, tasks[1]) == []


async def test_the_majority_wins_and_a_revision_supersedes(make_seed: MakeSeed) -> None:
    seed = await make_seed("text")
    (task,) = await seed.tasks(await seed.project(SEVERAL), [{"text": "a"}], overlap=3)
    held = [await seed.answer(task, one(label)) for label in ("good", "good", "bad")]
    await seed.done(task)
    await catch_up(seed.database)
    await seed.submit(held[0], one("bad"))
    await seed.tell("submission.revised", task)
    await catch_up(seed.database)
    first, second = await outcomes(seed.database, task)
    assert [msgspec.json.decode(row["answer"]) for row in (first, second)] == [one("good"), one("bad")]
    assert first["superseded_at"] and not second["superseded_at"] and second["version"] == 2
    assert first["confidence"] == pytest.approx(2 / 3) and first["agreement"] == pytest.approx(1 / 3)
    assert len(set(first["submission_ids"]) & set(second["submission_ids"])) == 2
    assert await facts(seed.database, task) == ["outcome.accepted", "submission.revised", "outcome.revised"]


async def test_a_requeued_task_loses_its_outcome_until_it_is_done_again(make_seed: MakeSeed) -> None:
    seed = await make_seed("text")
    (task,) = await seed.tasks(await seed.project(), [{"text": "a"}])
    assignment = await seed.answer(task, one("good"))
    await seed.done(task)
    await catch_up(seed.database)
    await seed.database.execute("UPDATE assignments SET state = 'revoked' WHERE id = $1", assignment)
    await seed.database.execute("UPDATE tasks SET state = 'open', answered = 0 WHERE id = $1", task)
    await seed.tell("task.requeued", task)
    await catch_up(seed.database)
    (withdrawn,) = await outcomes(seed.database, task)
    assert withdrawn["state"] == "withdrawn" and withdrawn["superseded_at"]
    await seed.answer(task, one("good"))
    await seed.done(task)
    await catch_up(seed.database)
    assert [(row["version"], row["state"]) for row in await outcomes(seed.database, task)] == [
        (1, "withdrawn"),
        (2, "accepted"),
    ]
    assert await facts(seed.database, task) == ["outcome.accepted", "outcome.withdrawn", "outcome.accepted"]


async def test_answers_of_two_versions_merge_in_the_newest_or_wait_for_people(make_seed: MakeSeed) -> None:
    seed = await make_seed("text")
    project = await seed.project()
    row = await seed.database.fetchrow("SELECT ontology_id FROM ontology_versions")
    newest = await seed.version(
        {"tools": {"classification": {}}, "labels": [{"name": "good"}, {"name": "fine"}]},
        row["ontology_id"],
        2,
    )
    fits, clashes = await seed.tasks(project, [{"text": "a"}, {"text": "b"}], overlap=3)
    await seed.answer(fits, one("good"))
    await seed.answer(fits, one("good"), version=newest)
    await seed.answer(clashes, one("ugly"))  # gone in the newest version
    await seed.answer(clashes, one("ugly"))
    await seed.answer(clashes, one("fine"), version=newest)
    await seed.done(fits, clashes)
    await catch_up(seed.database)
    (merged,) = await outcomes(seed.database, fits)
    assert merged["ontology_version_id"] == newest
    assert await outcomes(seed.database, clashes) == []
    blocked = await seed.database.fetchrow("SELECT * FROM merges")
    assert blocked["state"] == "blocked" and "/answer/classification/0/label" in blocked["reason"]
    assert await facts(seed.database, clashes) == ["consensus.blocked"]


async def test_a_merge_asked_for_again_while_it_ran_is_dropped(make_seed: MakeSeed) -> None:
    seed = await make_seed("text")
    (task,) = await seed.tasks(await seed.project(SEVERAL), [{"text": "a"}], overlap=3)
    held = [await seed.answer(task, one(label)) for label in ("good", "good", "bad")]
    await seed.done(task)
    consumer = consensus_consumer(seed.database)
    await consume_once(consumer)

    class Interrupted(MergeProcess):
        async def merge(self, request: merging.MergeRequest) -> merging.MergeReply:
            reply = await super().merge(request)
            if not self.interrupted:
                self.interrupted = True
                await seed.submit(held[0], one("ugly"))
                await seed.submit(held[1], one("ugly"))
                await seed.tell("submission.revised", task)
                assert await consume_once(consumer)
            return reply

        interrupted = False

    process = Interrupted()
    try:
        await merge_once(seed.database, "text", process)
        assert await outcomes(seed.database, task) == [], "answers that no longer count made an outcome"
        await merge_once(seed.database, "text", process)
    finally:
        await process.stop()
    (outcome,) = await outcomes(seed.database, task)
    assert msgspec.json.decode(outcome["answer"]) == one("ugly")


async def test_a_merge_that_hangs_is_stopped_and_holds_nobody_up(
    make_seed: MakeSeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotary.quality.rules.MERGE_SECONDS_MAX_BY_ATTEMPT", (0.4, 0.5, 0.6))
    seed = await make_seed("text")
    tasks = await seed.tasks(await seed.project(SEVERAL), [{"text": str(n)} for n in range(3)], overlap=2)
    for task in tasks:
        await seed.answer(task, one("good"))
        await seed.answer(task, one("bad"))
    await seed.done(*tasks)
    await consume_once(consensus_consumer(seed.database))

    class Hanging(MergeProcess):
        """Stops the real process (as a hang would) before it gets the item that must not merge."""

        async def merge(self, request: merging.MergeRequest) -> merging.MergeReply:
            if request.item == b'{"text":"0"}':
                process = await self._started()
                process.send_signal(19)
            return await super().merge(request)

    process = Hanging()
    try:
        await merge_once(seed.database, "text", process)
        await merge_once(seed.database, "text", process)
        assert [len(await outcomes(seed.database, task)) for task in tasks] == [0, 1, 1], (
            "a hang held others up"
        )
        while await merge_once(seed.database, "text", process):
            pass
    finally:
        await process.stop()
    blocked = await seed.database.fetchrow("SELECT * FROM merges")
    assert (
        blocked["task_id"] == tasks[0]
        and blocked["state"] == "blocked"
        and "longer than" in blocked["reason"]
    )
    assert await facts(seed.database, tasks[0]) == ["consensus.blocked"]


async def test_a_merge_out_of_memory_is_refused_not_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(_: merging.MergeRequest) -> merging.MergeReply:
        raise MemoryError

    monkeypatch.setattr(merging, "merge", greedy)
    request = merging.MergeRequest(
        modality="text", definition=b"", definition_hash=b"", item=b"", answers=[], seconds_max=1.0
    )
    assert "memory" in merging.answered(request).blocked


async def test_the_loop_merges_what_comes_and_stops_when_told(
    make_seed: MakeSeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotary.quality.merge_process.MERGE_PROCESS_IDLE_SECONDS_MAX", 0)
    started: list[int] = []
    start = MergeProcess._started

    async def noted(self: MergeProcess) -> asyncio.subprocess.Process:
        process = await start(self)
        started.append(process.pid)
        return process

    monkeypatch.setattr(MergeProcess, "_started", noted)
    seed = await make_seed("text")
    tasks = await seed.tasks(await seed.project(SEVERAL), [{"text": "a"}, {"text": "b"}], overlap=2)
    stop = asyncio.Event()
    loop = asyncio.create_task(run_merges(seed.database, "text", stop))
    for task in tasks:  # apart, so that the process rests in between and is started anew
        await seed.answer(task, one("good"))
        await seed.answer(task, one("bad"))
        await seed.done(task)
        await consume_once(consensus_consumer(seed.database))
        async with asyncio.timeout(240):
            while not await outcomes(seed.database, task) or psutil.pid_exists(started[-1]):
                await seed.database.execute("SELECT pg_sleep(0.02)")
    stop.set()
    await loop
    assert len(set(started)) == 2
