"""A correction does what its preview said, to what it chose and nothing else, and goes back to the byte."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import pytest

from annotary.kernel.ids import format_id, new_id
from annotary.migration import service_corrections
from integration.migration.stage import Stage

CAR: list[dict[str, Any]] = [{"step": "merge_labels", "labels": ["agency"], "into": "company"}]


def spans(*labels: str) -> dict[str, Any]:
    marks = [{"label": label, "start": 10 * n, "end": 10 * n + 5} for n, label in enumerate(labels)]
    return {"spans": marks, "classification": [{"label": "other"}]}


def asked(stage: Stage, **more: Any) -> dict[str, Any]:
    return {"project": format_id("project", stage.project), "reason": "it was wrong", **more}


async def answered(stage: Stage, *labels: str, member: UUID | None = None) -> UUID:
    """Answer a new task; returns the submission."""
    (task,) = await stage.tasks(1)
    assignment = await stage.seed.answer(task, spans(*labels), member=member)
    row = await stage.database.fetchrow("SELECT id FROM submissions WHERE assignment_id = $1", assignment)
    return UUID(int=row["id"].int)


async def labels_of(stage: Stage) -> dict[UUID, list[str]]:
    """Return the labels of spans by submission."""
    return {
        key: [part.split('"')[0] for part in answer.split('"spans"')[1].split('"label":"')[1:]]
        for (kind, key), (answer, _) in (await stage.stored()).items()
        if kind == "submissions"
    }


async def test_it_does_what_the_preview_said_and_goes_back(stage: Stage) -> None:
    careless, careful = new_id(), new_id()
    one = await answered(stage, "agency", "company", member=careless)
    two = await answered(stage, "agency", member=careful)
    three = await answered(stage, "place", member=careless)
    before, hashed = await stage.stored(), await stage.hash()
    body = asked(stage, filter={"members": [format_id("member", careless)]}, steps=CAR)
    seen = await stage.ask("/corrections/preview", body, 200)
    counted = {name: count for name, count in seen["counts"]["submission"].items() if count}
    assert counted == {"looked_at": 1, "changed": 1, "lossy": 1}
    assert [sample["id"] for sample in seen["samples"]] == [format_id("submission", one)]
    assert await stage.hash() == hashed, "a preview wrote something"

    change = await stage.do(await stage.ask("/corrections", body))
    assert change["state"] == "succeeded" and change["counts"]["changed"] == 1
    found = await labels_of(stage)
    assert found == {one: ["company", "company"], two: ["agency"], three: ["place"]}
    assert await stage.invalid() == []
    after = await stage.stored()
    assert [key for key in before if before[key] != after[key]] == [("submissions", one)]
    reply = await stage.client.get(
        f"/v1/text/answers/{format_id('submission', one)}/versions", headers=stage.headers
    )
    (kept,) = reply.json()["before"]
    assert kept["change"] == change["id"] and "agency" in str(kept["answer"])

    back = await stage.take_back(change["id"])
    assert back["state"] == "succeeded" and await stage.stored() == before


@pytest.mark.parametrize(
    ("chosen", "fits"),
    [
        ({"label": "agency"}, True),
        ({"label": "company"}, False),
        ({"where": [{"shape": "start", "at_least": 10}]}, False),
        ({"where": [{"shape": "length", "equals": 5}]}, True),
        ({"since": "2026-11-23T12:00:00Z"}, True),
        ({"until": "2026-11-23T12:00:00Z"}, False),
        ({"model": "m"}, False),
        ({"batches": [format_id("batch", UUID(int=1))]}, False),
    ],
)
async def test_filters_choose(stage: Stage, chosen: dict[str, Any], fits: bool) -> None:
    submission = await answered(stage, "agency", "place")
    change = await stage.do(await stage.ask("/corrections", asked(stage, filter=chosen, steps=CAR)))
    assert change["counts"].get("changed", 0) == int(fits)
    assert (await labels_of(stage))[submission][0] == ("company" if fits else "agency")


async def test_many_want_a_second_member(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_corrections, "CORRECTION_ALONE_ANSWERS_MAX", 2)
    await stage.answers(20, random.Random(2))
    before = await stage.stored()
    change = await stage.ask("/corrections", asked(stage, steps=CAR))
    assert change["state"] == "proposed" and change["job"] is None
    await stage.ask(f"/changes/{change['id']}/approve", status=403)
    stage.headers = await stage.seed.hire("manager")
    done = await stage.do(await stage.ask(f"/changes/{change['id']}/approve"))
    assert done["state"] == "succeeded" and done["approved_by"] not in (None, done["created_by"])
    after = await stage.stored()
    changed = {kind for kind, key in before if before[kind, key] != after[kind, key]}
    assert changed == {"submissions", "outcomes"} and await stage.invalid() == []
    assert not any("agency" in after[key][0] for key in after if key[0] in changed)
    await stage.ask("/corrections", asked(stage, steps=CAR, reason=" "), 422)


async def test_given_answers_are_checked_one_by_one(stage: Stage) -> None:
    for _ in range(3):
        await answered(stage, "agency")
    rows = await stage.database.fetch("SELECT id, content_hash FROM submissions ORDER BY id")
    given = [
        {
            "id": format_id("submission", row["id"]),
            "content_hash": row["content_hash"].hex(),
            "answer": answer,
        }
        for row, answer in zip(rows, (spans("place"), spans("nonsense"), spans("place")), strict=True)
    ]
    given[2]["content_hash"] = "00" * 32
    change = await stage.do(await stage.ask("/corrections", asked(stage, answers=given)))
    assert (change["counts"]["changed"], change["counts"]["invalid"]) == (1, 2)
    found = await labels_of(stage)
    assert [found[row["id"]] for row in rows] == [["place"], ["agency"], ["agency"]]
    reply = await stage.client.get(f"/v1/text/changes/{change['id']}/unchanged", headers=stage.headers)
    reasons = {one["id"]: one["reason"] for one in reply.json()["items"]}
    assert "nonsense" in reasons[format_id("submission", rows[1]["id"])]
    assert "changed since" in reasons[format_id("submission", rows[2]["id"])]


async def test_outcomes_of_several_answers_are_found_anew(stage: Stage) -> None:
    (task,) = await stage.tasks(1)
    await stage.database.execute("UPDATE tasks SET overlap = 2 WHERE id = $1", task)
    members = [new_id(), new_id()]
    for member in members:
        await stage.seed.answer(task, spans("agency"), member=member)
    await stage.seed.done(task)
    await stage.database.execute(
        "INSERT INTO outcomes (id, task_id, project_id, organisation_id, version, answer, content_hash,"
        " ontology_version_id, aggregator, confidence, submission_ids)"
        " SELECT gen_random_uuid(), task_id, project_id, organisation_id, 1, min(answer::text)::json,"
        " min(content_hash), ontology_version_id, 'majority', 1, array_agg(id ORDER BY id) FROM submissions"
        " GROUP BY task_id, project_id, organisation_id, ontology_version_id"
    )
    body = asked(stage, filter={"members": [format_id("member", members[0])]}, steps=CAR)
    change = await stage.do(await stage.ask("/corrections", body))
    assert change["counts"]["changed"] == 1
    (merge,) = await stage.database.fetch("SELECT * FROM merges")
    assert (merge["task_id"], merge["state"]) == (task, "waiting")
