"""Predictions over HTTP: checked like answers, stored once, the best of them suggested."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec
import pytest

from annotary.identity.values import Caller, Role
from annotary.kernel.ids import format_id, new_id
from annotary.serving.service import check_predictions, store_predictions
from annotary.serving.values import Checked, NewPrediction, NewPredictions

Make = Callable[[str], Awaitable[Any]]
PATH = "/v1/text/predictions"


def prediction(
    task: UUID, *, label: str = "good", version: str = "1", score: float | None = 0.5
) -> dict[str, Any]:
    return {
        "task": format_id("task", task),
        "model": "m",
        "version": version,
        "score": score,
        "answer": {"classification": [{"label": label}]},
    }


async def suggestions(seed: Any, task: UUID) -> list[dict[str, Any]]:
    text = await seed.database.pool.fetchval("SELECT suggestions FROM task_items WHERE task_id = $1", task)
    return msgspec.json.decode(text) if text else []


async def test_stored_once_and_the_five_best_are_suggested(make_seed: Make, make_client: Make) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    project = await seed.project()
    (task,) = await seed.tasks(project, [{"text": "a"}])
    manager = await seed.hire("manager")
    scores = [0.3, None, 0.9, 0.5, 0.1, 0.7, 0.2]
    sent = [prediction(task, version=str(number), score=score) for number, score in enumerate(scores)]
    first = await client.post(PATH, json={"predictions": sent}, headers=manager)
    again = await client.post(PATH, json={"predictions": sent[:2]}, headers=manager)
    assert (first.status_code, first.json()["stored"], first.json()["unchanged"]) == (200, 7, 0)
    assert (again.json()["stored"], again.json()["predictions"]) == (0, first.json()["predictions"][:2])
    shown = await suggestions(seed, task)
    assert [one["score"] for one in shown] == pytest.approx([0.9, 0.7, 0.5, 0.3, 0.2])
    assert shown[0]["id"] == first.json()["predictions"][2] and shown[0]["answer"] == sent[0]["answer"]
    listed = (await client.get(PATH, params={"task": format_id("task", task)}, headers=manager)).json()[
        "items"
    ]
    assert {one["id"] for one in listed} == set(first.json()["predictions"])
    events = await seed.database.fetch("SELECT * FROM events WHERE type = 'predictions.stored'")
    assert [event["subject_id"] for event in events] == [project], (
        "one event a request, none for a repetition"
    )
    assert len(msgspec.json.decode(events[0]["data"])["predictions"]) == 7


async def test_by_business_key_and_another_answer_of_the_same_version_is_refused(
    make_seed: Make, make_client: Make
) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    project = await seed.project()
    tasks = await seed.tasks(project, [{"text": "a"}, {"text": "b"}])
    manager = await seed.hire("manager")
    by_key = prediction(tasks[1]) | {"project": format_id("project", project), "unique_id": "row-1"}
    del by_key["task"]
    stored = await client.post(PATH, json={"predictions": [by_key]}, headers=manager)
    assert stored.status_code == 200 and len(await suggestions(seed, tasks[1])) == 1
    clash = [prediction(tasks[0]), prediction(tasks[1], label="bad")]
    refused = await client.post(PATH, json={"predictions": clash}, headers=manager)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_exists")
    assert (refused.json()["path"], refused.json()["existing"]) == (
        "/predictions/1",
        stored.json()["predictions"][0],
    )
    assert await suggestions(seed, tasks[0]) == [], "all or none"


@pytest.mark.parametrize(
    ("change", "status", "path"),
    [
        (
            {"answer": {"classification": [{"label": "unknown"}]}},
            422,
            "/predictions/1/answer/classification/0/label",
        ),
        ({"answer": {"box": []}}, 422, "/predictions/1/answer/box"),
        ({"score": 1.5}, 422, "/predictions/1/score"),
        ({"model": ""}, 422, "/predictions/1/model"),
        ({"version": "v\x00"}, 422, "/predictions/1/version"),
        ({"task": None}, 422, "/predictions/1"),
        ({"unique_id": "x"}, 422, "/predictions/1"),
        ({"task": f"task_{'0' * 32}"}, 404, "/predictions/1"),
    ],
)
async def test_bad_ones_are_refused_with_their_path_and_nothing_is_stored(
    make_seed: Make, make_client: Make, change: dict[str, Any], status: int, path: str
) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    tasks = await seed.tasks(await seed.project(), [{"text": "a"}, {"text": "b"}])
    manager = await seed.hire("manager")
    sent = [prediction(tasks[0]), prediction(tasks[1]) | change]
    refused = await client.post(PATH, json={"predictions": sent}, headers=manager)
    assert (refused.status_code, refused.json()["path"]) == (status, path), refused.text
    assert await seed.database.pool.fetchval("SELECT count(*) FROM predictions") == 0


async def test_only_managers_store_and_too_many_are_refused(make_seed: Make, make_client: Make) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    project = await seed.project()
    (task,) = await seed.tasks(project, [{"text": "a"}])
    body = {"predictions": [prediction(task)]}
    annotator = await seed.hire("annotator", project=project)
    outsider = await seed.hire("annotator")
    assert (await client.post(PATH, json=body, headers=annotator)).status_code == 403
    assert (await client.post(PATH, json=body, headers=outsider)).status_code == 404
    params = {"task": format_id("task", task)}
    assert (await client.get(PATH, params=params, headers=annotator)).status_code == 403
    assert (await client.get(PATH, params=params, headers=outsider)).status_code == 404
    many = {"predictions": [prediction(task)] * 1001}
    assert (await client.post(PATH, json=many, headers=await seed.hire("manager"))).status_code == 422


async def test_suggestions_of_two_requests_at_once_are_all_there(make_seed: Make) -> None:
    """The second waits for the first, then sees what it stored; without the lock it would overwrite it."""
    seed = await make_seed("text")
    (task,) = await seed.tasks(await seed.project(), [{"text": "a"}])
    caller = Caller(new_id(), seed.organisation, Role.OWNER, "Ann", {})
    new = [NewPrediction(**_raw(prediction(task, version=version))) for version in ("1", "2")]
    first, second = [await check_predictions(seed.database, caller, NewPredictions([one])) for one in new]

    async def store(checked: list[Checked]) -> None:
        async with seed.database.transaction() as uow:
            await store_predictions(uow, caller, checked)

    async with seed.database.transaction() as uow:
        await store_predictions(uow, caller, first)
        waiting = asyncio.create_task(store(second))
        while not await seed.database.pool.fetchval(
            "SELECT count(*) FROM pg_sleep(0.01), pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
        ):
            assert not waiting.done(), "the second request did not wait for the first"
    await waiting
    assert {one["version"] for one in await suggestions(seed, task)} == {"1", "2"}


def _raw(sent: dict[str, Any]) -> dict[str, Any]:
    return sent | {"answer": msgspec.Raw(msgspec.json.encode(sent["answer"]))}
