"""Runs over spans of texts: outcomes become what the model of all annotators says, and can be put back."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from annotary.catalog import job_runs
from annotary.infra.postgres import Database
from annotary.kernel.ids import new_id
from annotary.quality.runs.jobs import consensus_run
from annotary.quality.spans.aggregation import aggregate
from annotary.quality.spans.answers_text import read_tasks
from annotary.quality.spans.values import Span
from integration.quality.crowds import Crowd, Runs

Make = Callable[[str], Awaitable[Any]]
Answer = Mapping[str, Any]
WORDS = ("Ada", "met", "Łukasz", "in", "Kraków", "twice", "🚀", "and", "left", "London")
KIND = {"name": "kind", "kind": "choice", "choices": ["city", "country"]}
DEFINITION = {
    "tools": {"spans": {}},
    "labels": [{"name": "person"}, {"name": "place", "attributes": [KIND]}],
}
SKILLS = (0.95, 0.9, 0.5, 0.45, 0.4)


def made(tasks: int, number: int) -> tuple[list[str], list[list[tuple[int, Answer]]]]:
    """Return texts, and for each what every annotator marks: two know, the others miss and shorten much."""
    chance = random.Random(number)
    texts, answers = [], []
    for _ in range(tasks):
        words = [chance.choice(WORDS) for _ in range(14)]
        places = [sum(len(word) + 1 for word in words[:at]) for at in range(len(words))]
        truth = [(at, at + chance.choice((1, 2)), chance.choice(("person", "place"))) for at in (0, 4, 9)]
        texts.append(" ".join(words))
        given = []
        for member, skill in enumerate(SKILLS):
            marks = []
            for first, last, label in truth:
                if chance.random() < skill:
                    start = places[first + (last - first > 1 and chance.random() > skill)]
                    end = places[last - 1] + len(words[last - 1])
                    name = label if chance.random() < skill else chance.choice(("person", "place"))
                    marks.append({"label": name, "start": start, "end": end})
            given.append((member, {"spans": marks}))
        answers.append(given)
    return texts, answers


async def crowd_of(seed: Any, texts: Sequence[str], answers: Sequence[Sequence[tuple[int, Answer]]]) -> Crowd:
    """Return a project of texts whose answers have made outcomes by votes."""
    project = await seed.project(DEFINITION)
    tasks = await seed.tasks(project, [{"text": text} for text in texts], overlap=len(SKILLS))
    crowd = Crowd(seed, project, tasks, [new_id() for _ in SKILLS])
    for task, given in zip(tasks, answers, strict=True):
        for member, answer in given:
            await seed.answer(task, answer, member=crowd.members[member])
    await seed.done(*tasks)
    await crowd.settle()
    return crowd


@pytest.fixture
async def make_runs(
    make_seed: Make, connect: Callable[..., Awaitable[Database]], database_url: str, tmp_path: Path
) -> Callable[..., Awaitable[tuple[Crowd, Runs]]]:
    async def make(texts: Sequence[str], answers: Any) -> tuple[Crowd, Runs]:
        crowd = await crowd_of(await make_seed("text"), texts, answers)
        return crowd, Runs(crowd.seed, await connect(database_url, "platform"), tmp_path)

    return make


def by_command(crowd: Crowd, texts: Sequence[str], answers: Any) -> list[dict[Span, float]]:
    """Return what `annotary spans aggregate` says of the lines of an export of these answers."""
    lines = [
        {
            "task": str(number),
            "item": {"text": text},
            "answers": [{"member": crowd.members[who].hex, "answer": answer} for who, answer in given],
        }
        for number, (text, given) in enumerate(zip(texts, answers, strict=True))
    ]
    read = read_tasks("\n".join(msgspec.json.encode(line).decode() for line in lines))
    found = aggregate([one.task for one in read])
    return [
        {one.place(span): sure for span, sure in spans} for one, spans in zip(read, found.spans, strict=True)
    ]


def spans_of(outcome: Mapping[str, Any]) -> list[Span]:
    marks = msgspec.json.decode(outcome["answer"]).get("spans", [])
    return [Span(mark["start"], mark["end"], mark["label"]) for mark in marks]


def kept(outcomes: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, tuple[Any, ...]]:
    columns = ("answer", "content_hash", "aggregator", "parameters", "confidence", "confidences", "agreement")
    return {task: tuple(row[name] for name in columns) for task, row in outcomes.items()}


async def test_after_a_run_spans_are_what_the_command_says_and_a_revert_puts_votes_back(
    make_runs: Any,
) -> None:
    texts, answers = made(40, 3)
    crowd, runs = await make_runs(texts, answers)
    before = await crowd.outcomes()
    wanted = by_command(crowd, texts, answers)
    by_votes = [spans_of(before[task]) for task in crowd.tasks]
    assert by_votes != [sorted(one) for one in wanted], "votes say the same: the test cannot fail"
    run, result = await runs.run(crowd.project)
    assert result["method_used"] == "spans" and result["stuck"] == 0
    after = await crowd.outcomes()
    for task, expected in zip(crowd.tasks, wanted, strict=True):
        outcome = after[task]
        assert spans_of(outcome) == sorted(expected)
        if outcome["run_id"] is None:
            continue
        assert outcome["aggregator"] == "auto"
        assert msgspec.json.decode(outcome["parameters"])["method_used"] == "spans"
        sure = msgspec.json.decode(outcome["confidences"])["spans"] if expected else []
        assert sure == pytest.approx([expected[span] for span in sorted(expected)], abs=1e-6)
    _, again = await runs.run(crowd.project, "spans")
    assert (again["answers"], again["confidences"]) == (0, 0), "the same answers made other outcomes"
    revert, taken_back = await runs.run(crowd.project, reverts=run)
    assert kept(await crowd.outcomes()) == kept(before)
    await runs.run(crowd.project, reverts=revert)
    assert kept(await crowd.outcomes()) == kept(after), "how sure each span is comes back as well"
    assert taken_back["answers"] == result["answers"] > 0


async def test_attributes_and_excuses_are_voted_on_and_outer_space_is_nothing(make_runs: Any) -> None:
    texts, answers = made(10, 4)
    texts = ["in  Paris  today", "nothing here", *texts]
    city, country = ({"kind": kind} for kind in ("city", "country"))
    paris = [
        {"label": "place", "start": 4, "end": 9, "attributes": country},
        {"label": "place", "start": 3, "end": 9, "attributes": city},
        {"label": "place", "start": 4, "end": 10, "attributes": city},
    ]
    marked = [(who, {"spans": [mark]}) for who, mark in enumerate(paris)]
    person = {"spans": [{"label": "person", "start": 0, "end": 7}]}
    excused = [*((who, {"not_applicable": True}) for who in range(3)), (3, person), (4, person)]
    crowd, runs = await make_runs(texts, [marked, excused, *answers])
    await runs.run(crowd.project, "spans")
    found = await crowd.outcomes()
    first, second = (msgspec.json.decode(found[task]["answer"]) for task in crowd.tasks[:2])
    assert first == {"spans": [{**paris[0], "attributes": city}]}
    assert second == {"not_applicable": True}


async def test_what_is_too_large_for_the_model_is_left_to_votes_unless_it_was_asked_for(
    make_runs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotary.quality.runs.service_spans.RUN_SPANS_BYTES_MAX", 100)
    crowd, runs = await make_runs(*made(3, 5))
    before = await crowd.outcomes()
    _, result = await runs.run(crowd.project)
    assert result["method_used"] == "majority" and kept(await crowd.outcomes()) == kept(before)
    run, job = await runs.ask(crowd.project, "spans")
    await job_runs.run(runs.context, job.hex, consensus_run)
    row = await crowd.seed.database.fetchrow("SELECT * FROM consensus_runs WHERE id = $1", run)
    assert row["state"] == "failed" and "Run `majority`" in msgspec.json.decode(row["summary"])["reason"]
    assert kept(await crowd.outcomes()) == kept(before)
