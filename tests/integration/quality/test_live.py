"""The live models: made from what is stored, told of every answer, refreshed without losing any, bounded."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from annotary.eventlog import Event
from annotary.kernel.ids import format_id, new_id
from annotary.quality import store
from annotary.quality.aggregators import Answers, aggregate
from annotary.quality.jobs import consensus
from annotary.quality.live import service as live_service
from annotary.quality.live.messages import AggregateReply, AggregateRequest
from annotary.quality.live.service import LiveModels
from annotary.quality.merge_process import MergeProcess
from integration.quality.crowds import Crowd, Said, made_crowd, make_crowd

Make = Callable[[str], Awaitable[Any]]
COPY_VERSION = """
    INSERT INTO ontology_versions
    SELECT (jsonb_populate_record(v, jsonb_build_object('id', $1::uuid, 'number', v.number + 1))).*
    FROM ontology_versions v JOIN projects p ON p.ontology_version_id = v.id WHERE p.id = $2 RETURNING id"""
ACCURACIES = (0.95, 0.9, 0.45, 0.4, 0.4)


async def model_of(crowd: Crowd, live: LiveModels | None = None) -> Any:
    terms = await store.terms(crowd.seed.database, crowd.tasks[:1])
    return await (live or crowd.live).project(terms[crowd.project])


def labels_of(model: Any, crowd: Crowd) -> list[str]:
    keys = list(model.classes)
    states = model.model.states
    return [keys[states[model.tasks[task]].argmax()] for task in crowd.tasks]


async def test_a_model_made_anew_knows_what_was_learned_one_by_one(make_seed: Make) -> None:
    crowd = await make_crowd(await make_seed("text"), 120, 5, 5)
    _, said = made_crowd(random.Random(1), 120, 5, ACCURACIES)
    for first in range(0, len(said), 40):
        await crowd.say(said[first : first + 40])
        await crowd.settle()
    learned = await model_of(crowd)
    anew = await model_of(crowd, LiveModels(crowd.seed.database))
    assert anew is not learned and anew.model.answered == learned.model.answered == 600
    same = sum(map(str.__eq__, labels_of(learned, crowd), labels_of(anew, crowd)))
    assert same >= 0.97 * 120


async def test_a_model_is_made_anew_when_answers_or_their_version_are_changed_in_bulk(
    make_seed: Make,
) -> None:
    crowd = await make_crowd(await make_seed("text"), 20, 5, 5)
    _, said = made_crowd(random.Random(4), 20, 5, ACCURACIES)
    await crowd.say(said)
    await crowd.settle()
    first = await model_of(crowd)
    assert await model_of(crowd) is first
    database = crowd.seed.database
    event = Event(
        organisation_id=new_id(),
        type="change.following",
        subject_id=new_id(),
        data={"project": crowd.project.hex},
    )
    async with database.transaction() as uow:
        await uow.execute(
            "UPDATE submissions SET answer = replace(answer::text, '\"bad\"', '\"good\"')::json"
        )
        await consensus(crowd.live, uow, [event])
    second = await model_of(crowd)
    assert second is not first and second.model.answered == first.model.answered
    assert {code for codes in second.model.answers for code in codes} != {
        code for codes in first.model.answers for code in codes
    }
    async with database.transaction() as uow:
        version = await uow.fetchval(COPY_VERSION, new_id(), crowd.project)
        await uow.execute(
            "UPDATE projects SET ontology_version_id = $2 WHERE id = $1", crowd.project, version
        )
    assert await model_of(crowd) is not second


async def test_a_refresh_loses_nothing_that_came_meanwhile(make_seed: Make) -> None:
    crowd = await make_crowd(await make_seed("text"), 100, 5, 5)
    _, said = made_crowd(random.Random(2), 100, 5, ACCURACIES)
    early, late = said[:450], said[450:]
    await crowd.say(early)
    await crowd.settle()

    class Interrupted(MergeProcess):
        async def aggregate(self, request: AggregateRequest) -> AggregateReply:
            reply = await super().aggregate(request)
            await crowd.say(late)
            await crowd.settle()
            return reply

    process = Interrupted()
    try:
        assert await crowd.live.refresh_due() == crowd.project
        await crowd.live.refresh(crowd.project, process)
    finally:
        await process.stop()
    model = await model_of(crowd)
    assert model.model.answered == len(said) and model.method_used != ""
    columns = [[one.task for one in said], [one.member for one in said]]
    classes = sorted({one.label for one in said})
    numbers = [classes.index(one.label) for one in said]
    batch = aggregate(Answers.of(*columns, numbers, tasks=100)).label
    keys = [f'{{"classification":[{{"label":"{name}"}}]}}' for name in classes]
    same = sum(map(str.__eq__, labels_of(model, crowd), [keys[label] for label in batch]))
    assert same >= 96
    assert await crowd.live.refresh_due() is None, "it is refreshed again without new answers"


async def test_memory_is_bounded_and_what_does_not_fit_is_merged(
    make_seed: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = await make_seed("text")
    first, second = await make_crowd(seed, 20, 3, 5), await make_crowd(seed, 20, 3, 5)
    second.live, second.consumer = first.live, first.consumer
    for number, crowd in enumerate((first, second)):
        await crowd.say(made_crowd(random.Random(number), 20, 3, ACCURACIES)[1])
    await first.settle()
    held = await model_of(first)
    monkeypatch.setattr(live_service, "LIVE_BYTES_MAX", int(1.5 * held.size_bytes()))
    await model_of(second)
    first.live._make_room(second.project)
    assert first.project not in first.live._kept, "the least used was kept"
    assert await model_of(first) is not held, "what was put away is made anew"
    monkeypatch.setattr(live_service, "LIVE_BYTES_MAX", 100)
    large = await make_crowd(seed, 10, 3, 5)
    await large.say(made_crowd(random.Random(9), 10, 3, ACCURACIES)[1])
    await large.settle()
    assert await model_of(large) is None
    assert {row["aggregator"] for row in (await large.outcomes()).values()} == {"majority"}
    assert len(await large.outcomes()) == 10


async def test_what_is_said_beside_the_class_is_merged_among_those_who_gave_it(make_seed: Make) -> None:
    asked = {
        "tools": {"classification": {}},
        "labels": [
            {"name": "good", "attributes": [{"name": "sure", "kind": "number", "minimum": 0, "maximum": 1}]},
            {"name": "bad"},
        ],
    }
    seed = await make_seed("text")
    project = await seed.project(asked)
    (task,) = await seed.tasks(project, [{"text": "a"}], 4)
    for sure in (0.2, 0.5, 0.9):
        await seed.answer(task, {"classification": [{"label": "good", "attributes": {"sure": sure}}]})
    await seed.answer(task, {"classification": [{"label": "bad"}]})
    await seed.done(task)
    crowd = Crowd(seed, project, [task], [])
    await crowd.settle()
    outcome = (await crowd.outcomes())[task]
    assert msgspec.json.decode(outcome["answer"]) == {
        "classification": [{"label": "good", "attributes": {"sure": 0.5}}]
    }
    assert outcome["aggregator"] == "live" and outcome["agreement"] == pytest.approx(0.5)
    assert len(outcome["submission_ids"]) == 4


@pytest.mark.parametrize("asks_more", [False, True])
async def test_gold_is_evidence_and_a_class_that_nobody_gave_can_be_true(
    make_seed: Make, make_client: Make, asks_more: bool
) -> None:
    """Both annotators say bad whenever it is good: gold shows it, so two times bad is good.

    Unless `good` asks for what nobody has said.
    """
    seed, client = await make_seed("text"), await make_client("text")
    sure = {"name": "sure", "kind": "boolean", "required": asks_more}
    labels = [{"name": "good", "attributes": [sure]}, {"name": "bad"}, {"name": "ugly"}]
    definition = {"tools": {"classification": {}}, "labels": labels}
    crowd = await make_crowd(seed, 41, 2, 2, definition=definition)
    asked = crowd.tasks[40]
    known = [("good" if n % 2 else "ugly", task) for n, task in enumerate(crowd.tasks[:40])]
    body = {
        "project": format_id("project", crowd.project),
        "gold": [{"task": format_id("task", task), "answer": _gold(one)} for one, task in known],
    }
    made = await client.post("/v1/text/gold", json=body, headers=await seed.hire("manager"))
    assert made.status_code == 200, made.text
    said = [Said(n, member, "bad" if n % 2 else "ugly") for n in range(40) for member in (0, 1)]
    await crowd.say(said, done=False)
    await crowd.settle()
    assert await crowd.outcomes() == {}, "gold tasks have no outcome of their answers"
    await crowd.say([Said(40, 0, "bad"), Said(40, 1, "bad")])
    await crowd.settle()
    outcome = (await crowd.outcomes())[asked]
    assert outcome["answer"] == _one("bad" if asks_more else "good") and len(outcome["submission_ids"]) == 2
    assert (outcome["confidence"] < 0.5) == asks_more
    model = await model_of(crowd)
    assert model.model.gold and np.isfinite(model.model.states).all()


@pytest.mark.parametrize(("review", "states"), [({"policy": "all"}, {"proposed"}), ({}, {"accepted"})])
async def test_outcomes_are_proposed_where_people_review_them(
    make_seed: Make, review: dict[str, Any], states: set[str]
) -> None:
    crowd = await make_crowd(await make_seed("text"), 6, 3, 5)
    quality = msgspec.json.encode({"review": review}).decode()
    await crowd.seed.database.execute("UPDATE projects SET quality = $1", quality)
    await crowd.say(made_crowd(random.Random(3), 6, 3, ACCURACIES)[1])
    await crowd.settle()
    found = await crowd.outcomes()
    assert {row["state"] for row in found.values()} == states and len(found) == 6
    told = await crowd.seed.database.fetch("SELECT DISTINCT type FROM events WHERE type LIKE 'outcome.%'")
    assert {row["type"] for row in told} == {f"outcome.{state}" for state in states}


async def test_abstentions_teach_nothing_and_alone_they_are_the_outcome(make_seed: Make) -> None:
    seed = await make_seed("text")
    project = await seed.project()
    tasks = await seed.tasks(project, [{"text": "a"}, {"text": "b"}], 3)
    for task, labels in ((tasks[0], ("good", "", "")), (tasks[1], ("", "", ""))):
        for label in labels:
            answer = {"classification": [{"label": label}]} if label else {"cannot_assess": True}
            await seed.answer(task, answer)
    await seed.done(*tasks)
    crowd = Crowd(seed, project, tasks, [])
    await crowd.settle()
    found = await crowd.outcomes()
    assert found[tasks[0]]["answer"] == _one("good") and found[tasks[0]]["confidence"] < 1
    assert found[tasks[1]]["answer"] == '{"cannot_assess":true}'
    assert found[tasks[1]]["aggregator"] == "majority"


def _one(label: str) -> str:
    return f'{{"classification":[{{"label":"{label}"}}]}}'


def _gold(label: str) -> dict[str, Any]:
    more = {"attributes": {"sure": True}} if label == "good" else {}
    return {"classification": [{"label": label, **more}]}
