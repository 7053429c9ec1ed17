"""Tasks of a batch with a target are asked again while that is worth it, never more often than allowed."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from annotary.kernel.ids import format_id
from integration.quality.crowds import (
    LABELS,
    Crowd,
    Said,
    add_batch,
    answer_until_settled,
    made_crowd,
    make_crowd,
)

Make = Callable[[str], Awaitable[Any]]
ACCURACIES = (0.95, 0.9, 0.9, 0.85, 0.8, 0.8, 0.6, 0.5)


async def batch_of(
    make_seed: Make, target: dict[str, Any] | None, tasks: int = 60, overlap: int = 2
) -> Crowd:
    crowd = await make_crowd(await make_seed("text"), tasks, overlap, len(ACCURACIES))
    await add_batch(crowd, target, overlap)
    return crowd


async def overlaps(crowd: Crowd) -> list[int]:
    rows = await crowd.seed.database.fetch(
        "SELECT * FROM tasks WHERE project_id = $1 ORDER BY id", crowd.project
    )
    assert all(row["state"] == "done" and row["answered"] == row["overlap"] for row in rows)
    return [row["answered"] for row in rows]


async def test_a_task_is_asked_until_it_is_sure(make_seed: Make, make_client: Make) -> None:
    target = {"kind": "confidence", "value": 0.95, "overlap_max": 6, "price": 0.0}
    crowd, client = await batch_of(make_seed, target), await make_client("text")
    truth = [random.Random(task).choice(LABELS) for task in range(60)]
    given = await answer_until_settled(crowd, truth, ACCURACIES, 1)
    found, asked = await crowd.outcomes(), await overlaps(crowd)
    assert sum(asked) == given and len(found) == 60
    assert min(asked) == 2 < max(asked) <= 6, "every task was asked alike"
    for task, count in zip(crowd.tasks, asked, strict=True):
        assert found[task]["confidence"] >= 0.95 or count == 6, "a task was left unsure before its most"
        assert found[task]["version"] == 1, "an outcome was made too early"
    labels = await crowd.labels()
    assert sum(map(str.__eq__, labels, truth)) >= 54
    manager = await crowd.seed.hire("manager")
    path = f"/v1/text/batches/{format_id('batch', crowd.project)}/overlap"
    report = (await client.get(path, headers=manager)).json()
    assert (report["labels_used"], report["labels_fixed"], report["saved"]) == (given, 360, 360 - given)
    assert {int(count): tasks for count, tasks in report["tasks_by_overlap"].items()} == {
        count: asked.count(count) for count in set(asked)
    }
    assert 0.95 <= report["expected_accuracy"] <= 1 and report["target"] == target
    annotator = await crowd.seed.hire("annotator", project=crowd.project)
    assert (await client.get(path, headers=annotator)).status_code == 403


async def test_what_is_told_twice_is_asked_once(make_seed: Make) -> None:
    target = {"kind": "confidence", "value": 0.99, "overlap_max": 8}
    crowd = await batch_of(make_seed, target, tasks=4)
    await crowd.say(
        [Said(task, member, label) for task in range(4) for member, label in ((0, "good"), (1, "bad"))]
    )
    await crowd.settle()
    for _ in range(2):
        rows = await crowd.seed.database.fetch("SELECT * FROM tasks")
        assert {(row["state"], row["overlap"], row["answered"]) for row in rows} == {("open", 3, 2)}
        facts = await crowd.seed.database.fetch("SELECT * FROM events WHERE type = 'task.extended'")
        assert len(facts) == 4 and await crowd.outcomes() == {}
        await crowd.seed.database.execute("UPDATE consumers SET transaction_id = '0', sequence = 0")
        await crowd.settle()


async def test_where_nobody_is_left_the_answers_there_are_must_do(make_seed: Make) -> None:
    crowd = await batch_of(make_seed, {"kind": "confidence", "value": 0.999, "overlap_max": 100}, tasks=3)
    await crowd.seed.database.execute(
        "DELETE FROM project_members WHERE member_id <> ALL($1::uuid[])", crowd.members[:3]
    )
    said = [Said(task, member, label) for task in range(3) for member, label in ((0, "good"), (1, "bad"))]
    await crowd.say(said)
    await crowd.settle()
    await crowd.say([Said(task, 2, "ugly") for task in range(3)])
    await crowd.settle()
    assert await overlaps(crowd) == [3, 3, 3]
    assert len(await crowd.outcomes()) == 3


@pytest.mark.parametrize("spare", [0, 7, 45])
async def test_a_budget_is_kept(make_seed: Make, spare: int) -> None:
    budget = 2 * 60 + spare
    crowd = await batch_of(make_seed, {"kind": "budget", "value": budget, "overlap_max": 6})
    truth = [random.Random(task).choice(LABELS) for task in range(60)]
    given = await answer_until_settled(crowd, truth, ACCURACIES, 2)
    asked = await overlaps(crowd)
    assert sum(asked) == given <= budget and max(asked) <= 6 and len(await crowd.outcomes()) == 60
    assert given >= 120 + 0.6 * spare, "the budget was hardly spent"


async def test_an_average_asks_for_less_than_each_task_alone(make_seed: Make) -> None:
    asked = {}
    for kind in ("accuracy", "confidence"):
        crowd = await batch_of(make_seed, {"kind": kind, "value": 0.9, "overlap_max": 6})
        truth = [random.Random(task).choice(LABELS) for task in range(60)]
        asked[kind] = await answer_until_settled(crowd, truth, ACCURACIES, 4)
        found = await crowd.outcomes()
        assert sum(row["confidence"] for row in found.values()) / 60 >= 0.89
    assert asked["accuracy"] < asked["confidence"]


async def test_answers_that_are_merged_are_asked_for_by_their_merge(make_seed: Make) -> None:
    several = {
        "tools": {"classification": {"multiple": True}},
        "labels": [{"name": "good"}, {"name": "bad"}, {"name": "ugly"}],
    }
    crowd = await make_crowd(await make_seed("text"), 2, 2, 8, definition=several)
    await add_batch(crowd, {"kind": "confidence", "value": 0.7, "overlap_max": 4})
    await crowd.say([Said(0, 0, "good"), Said(0, 1, "bad"), Said(1, 0, "good"), Said(1, 1, "good")])
    await crowd.settle()
    assert list(await crowd.outcomes()) == [crowd.tasks[1]], (
        "the split was accepted, or the agreed one asked again"
    )
    await crowd.say([Said(0, 2, "good")])
    await crowd.settle()
    assert len(await crowd.outcomes()) == 1, "two of three are not sure enough"
    await crowd.say([Said(0, 3, "good")])
    await crowd.settle()
    assert await overlaps(crowd) == [4, 2] and (await crowd.labels()) == ["good", "good"]


async def test_a_fixed_overlap_saves_nothing(make_seed: Make, make_client: Make) -> None:
    crowd, client = await batch_of(make_seed, None, tasks=5), await make_client("text")
    _, said = made_crowd(random.Random(5), 5, 2, ACCURACIES)
    await crowd.say(said)
    await crowd.settle()
    manager = await crowd.seed.hire("manager")
    path = f"/v1/text/batches/{format_id('batch', crowd.project)}/overlap"
    report = (await client.get(path, headers=manager)).json()
    assert (report["labels_used"], report["labels_fixed"], report["saved_share"]) == (10, 10, 0.0)
    assert report["target"] is None and report["finished"] == 5
