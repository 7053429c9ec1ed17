"""Whatever answers, revisions and withdrawals come, the sums in the end are those of what counts."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from annotary.eventlog import record
from annotary.eventlog.consumer import consume_once
from annotary.kernel.ids import new_id
from annotary.quality.agreement.service import compare_once
from annotary.quality.errors import MergeStopped
from annotary.quality.merge_process import MergeProcess
from integration.agreement.crowd import Crowd, counted, hired, kept
from integration.facts import fact_about

Make = Callable[[str], Awaitable[Any]]
TASKS, PEOPLE, STEPS = 6, 4, 120
CLASSES = {"tools": {"classification": {"multiple": True}}, "labels": [{"name": n} for n in ("x", "y", "z")]}
SETS = [{"classification": [{"label": n} for n in names]} for names in ("x", "y", "xy", "yz", "xyz")]
BOXES = {"tools": {"box": {}, "ordinal": {"maximum": 4}}, "labels": [{"name": "dog"}, {"name": "cat"}]}
ITEM = {"asset": "ab" * 32, "width": 100, "height": 100, "media_type": "image/png"}


def boxes(*marks: tuple[str, float], levels: tuple[int, int] = (1, 2)) -> dict[str, Any]:
    """Boxes of labels at places, and ratings of both labels."""
    return {
        "box": [{"label": label, "x": at, "y": 10, "width": 20, "height": 20} for label, at in marks],
        "ordinal": [{"label": n, "level": level} for n, level in zip(("dog", "cat"), levels, strict=True)],
    }


SHAPES = [
    boxes(("dog", 10)),
    boxes(("dog", 13), ("cat", 50), levels=(2, 4)),
    boxes(("cat", 52), levels=(3, 3)),
    boxes(levels=(1, 4)),
]
EXCUSED = {"cannot_assess": True}


async def made(
    make_seed: Make, modality: str, definition: Any, payload: Any, answers: Any
) -> tuple[Crowd, Any]:
    seed = await make_seed(modality)
    project = await seed.project(definition)
    (version,) = seed.versions
    tasks = await seed.tasks(project, [payload] * TASKS, PEOPLE)
    return Crowd(seed, tasks, await hired(seed, PEOPLE), answers), version


@pytest.mark.parametrize("number", range(4))
async def test_sums_are_those_of_the_answers_that_count(make_seed: Make, number: int) -> None:
    """Two modalities: sets of classes; and boxes with ratings, which are scored pair by pair."""
    chance = random.Random(number)
    kinds = (("text", CLASSES, {"text": "a"}, SETS), ("image", BOXES, ITEM, SHAPES))
    modality, definition, payload, answers = kinds[number % 2]
    crowd, version = await made(make_seed, modality, definition, payload, [*answers, EXCUSED])
    try:
        for _ in range(STEPS):
            await crowd.step(chance)
        for _ in range(2):
            await crowd.catch_up()
            assert await kept(crowd.seed) == await counted(crowd.seed, version)
            await crowd.rewind()
        assert (await kept(crowd.seed))[0], "a test that compares nothing with nothing says nothing"
        # Without an answer nothing is left behind.
        for task in crowd.tasks:
            await crowd.empty(task)
        await crowd.catch_up()
        assert await kept(crowd.seed) == ({}, {})
        assert await crowd.seed.database.fetch("SELECT 1 FROM agreement_tasks") == []
    finally:
        await crowd.process.stop()


async def test_a_task_that_becomes_gold_leaves_with_its_next_answer(make_seed: Make) -> None:
    crowd, _ = await made(make_seed, "text", CLASSES, {"text": "a"}, SETS)
    chance = random.Random(0)
    try:
        for _ in range(2):
            await crowd.answer(crowd.tasks[0], chance)
        await crowd.catch_up()
        assert (await kept(crowd.seed))[0]
        await crowd.seed.database.execute("UPDATE tasks SET state = 'gold', overlap = 1000")
        await crowd.answer(crowd.tasks[0], chance)
        await crowd.catch_up()
        assert await kept(crowd.seed) == ({}, {})
    finally:
        await crowd.process.stop()


async def test_an_answer_that_changes_while_answers_are_compared_is_not_lost(make_seed: Make) -> None:
    """The comparison under way is of the old answers: its result must not end the one asked for since."""
    crowd, version = await made(make_seed, "text", CLASSES, {"text": "a"}, SETS)
    chance = random.Random(1)
    reached, go_on = asyncio.Event(), asyncio.Event()

    class Held(MergeProcess):
        async def compare(self, request: Any) -> Any:
            reply = await super().compare(request)
            reached.set()
            await go_on.wait()
            return reply

    held = Held()
    try:
        for _ in range(2):
            await crowd.answer(crowd.tasks[0], chance)
        await consume_once(crowd.consumer)
        comparing = asyncio.create_task(compare_once(crowd.seed.database, "text", held))
        await reached.wait()
        await crowd.answer(crowd.tasks[0], chance)
        await consume_once(crowd.consumer)
        go_on.set()
        await comparing
        assert await kept(crowd.seed) == ({}, {})
        await crowd.catch_up()
        assert await kept(crowd.seed) == await counted(crowd.seed, version) != ({}, {})
    finally:
        await held.stop()
        await crowd.process.stop()


async def test_answers_that_are_changed_in_bulk_are_compared_again(make_seed: Make) -> None:
    crowd, version = await made(make_seed, "text", CLASSES, {"text": "a"}, SETS)
    chance, database = random.Random(3), crowd.seed.database
    try:
        for task in crowd.tasks:
            for _ in range(2):
                await crowd.answer(task, chance)
        await crowd.catch_up()
        before = await kept(crowd.seed)
        await database.execute(
            "UPDATE submissions SET answer = regexp_replace(answer::text, '\"[xy]\"', '\"z\"', 'g')::json"
        )
        project = await database.fetchrow("SELECT DISTINCT project_id FROM tasks")
        async with database.transaction() as uow:
            organisation = crowd.seed.organisation
            told = {"project": str(project["project_id"])}
            await record(uow, fact_about(organisation, "change.succeeded", new_id(), **told))
        await crowd.catch_up()
        assert await kept(crowd.seed) == await counted(crowd.seed, version) != before
    finally:
        await crowd.process.stop()


async def test_what_takes_too_long_costs_only_itself(make_seed: Make) -> None:
    crowd, _ = await made(make_seed, "text", CLASSES, {"text": "a"}, SETS)
    chance = random.Random(2)
    asked: list[int] = []

    class Slow(MergeProcess):
        async def compare(self, request: Any) -> Any:
            asked.append(len(request.tasks))
            if any(len(task.answers) == 3 for task in request.tasks):
                raise MergeStopped("too long")
            return await super().compare(request)

    slow = Slow()
    try:
        for task, answers in ((crowd.tasks[0], 3), (crowd.tasks[1], 2), (crowd.tasks[2], 2)):
            for _ in range(answers):
                await crowd.answer(task, chance)
        while await consume_once(crowd.consumer):
            pass
        while await compare_once(crowd.seed.database, "text", slow):
            pass
        assert asked[0] == 3 and asked[-2:] == [1, 1]
        rows = await crowd.seed.database.fetch("SELECT task_id, state, reason FROM agreement_tasks")
        states = {row["task_id"]: row["state"] for row in rows}
        assert [states[task] for task in crowd.tasks[:3]] == ["failed", "compared", "compared"]
        assert (await kept(crowd.seed))[0]
    finally:
        await slow.stop()
        await crowd.process.stop()
