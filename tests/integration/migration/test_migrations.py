"""A migration brings every kind of answer along, goes on where it was killed, and back to the byte."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from annotary.kernel.ids import format_id, parse_id
from annotary.serving.store import copy_suggestions
from integration.migration.stage import STEPS, Stage

PROGRAM = Path(__file__).with_name("change_program.py")
BATCH_ANSWERS = 7
EVENTS = (
    "SELECT data ->> 'hash' AS hash FROM events WHERE type = 'answers.changed'"
    " AND (data ->> 'change')::uuid = $1"
)


async def test_every_kind_is_migrated_and_goes_back_to_the_byte(stage: Stage) -> None:
    tasks = await stage.answers(40, random.Random(1))
    async with stage.database.transaction() as uow:
        await copy_suggestions(uow, tasks)
    before, first = await stage.stored(), stage.version
    hash_before, shown_before = await stage.hash(), await shown(stage)
    second = await stage.publish(STEPS)
    change = await stage.migrate()
    assert change["state"] == "succeeded" and change["total"] == change["done"] == len(before)
    after = await stage.stored()
    assert {version for _, version in after.values()} == {second}
    assert change["counts"]["changed"] == sum(before[key][0] != after[key][0] for key in before)
    assert 0 < change["counts"]["changed"] < len(before), "nothing to tell apart"
    assert await stage.invalid() == []
    assert not any('"person"' in answer or '"agency"' in answer for answer, _ in after.values())
    assert any('"country":"unknown"' in answer for answer, _ in after.values())
    hash_after, shown_after = await stage.hash(), await shown(stage)
    assert hash_after != hash_before
    assert any('"person"' in text for text in shown_before), "nothing to tell apart"
    assert not any('"person"' in text for text in shown_after), "annotators are shown what is stored now"

    await stage.use(first)
    back = await stage.take_back(change["id"])
    assert back["state"] == "succeeded" and back["reverts"] == change["id"]
    assert await stage.stored() == before and await stage.hash() == hash_before
    assert await shown(stage) == shown_before
    # And on again: the same answers come of it.
    await stage.use(second)
    await stage.migrate()
    assert await stage.stored() == after and await stage.hash() == hash_after


async def shown(stage: Stage) -> list[str]:
    """Return what annotators are shown as suggestions, task by task."""
    rows = await stage.database.fetch("SELECT suggestions::text AS shown FROM task_items ORDER BY task_id")
    return [row["shown"] for row in rows]


async def killed_and_resumed(stage: Stage, url: str, asked: dict[str, Any], chance: random.Random) -> int:
    """Do a change in processes that are killed at random points; returns how many were."""
    job = parse_id("job", asked["job"]).hex
    killed = 0
    while True:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(PROGRAM), url, job, str(BATCH_ANSWERS)),
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout
        for _ in range(chance.randint(1, 12)):
            if not await process.stdout.readline():
                break
        else:
            # Anywhere in the batch after this one: its transaction may be open, or just committed.
            await asyncio.sleep(chance.random() * 0.01)
            process.kill()
            killed += 1
        await process.stdout.read()
        if await process.wait() == 0:
            return killed


async def test_killed_at_random_points_it_ends_with_the_same_hash(stage: Stage, database_url: str) -> None:
    chance = random.Random(7)
    await stage.answers(60, chance)
    first, hash_before = stage.version, await stage.hash()
    second = await stage.publish(STEPS)
    change = await stage.migrate()
    hash_after, counts = await stage.hash(), change["counts"]
    await stage.use(first)
    await stage.take_back(change["id"])
    assert await stage.hash() == hash_before

    await stage.use(second)
    asked = await stage.ask("/migrations", {"project": format_id("project", stage.project)})
    assert await killed_and_resumed(stage, database_url, asked, chance) > 1, "nothing was killed"
    again = await stage.read(asked["id"])
    assert again["state"] == "succeeded" and again["counts"] == counts, (
        "an answer was counted twice or left out"
    )
    assert await stage.hash() == hash_after and await stage.invalid() == []

    await stage.use(first)
    back = await stage.ask(f"/changes/{asked['id']}/rollback")
    assert await killed_and_resumed(stage, database_url, back, chance) > 1
    assert await stage.hash() == hash_before and (await stage.read(back["id"]))["state"] == "succeeded"
    hashes = [
        row["hash"] for row in await stage.database.fetch(EVENTS, UUID(asked["id"].removeprefix("chg_")))
    ]
    assert len(hashes) == len(set(hashes)) > 10, "a batch was told of twice, or none was"


async def test_paused_resumed_and_cancelled(stage: Stage) -> None:
    await stage.answers(10, random.Random(3))
    first, before = stage.version, await stage.stored()
    await stage.publish(STEPS)
    asked = await stage.ask("/migrations", {"project": format_id("project", stage.project)})
    await stage.ask("/migrations", {"project": format_id("project", stage.project)}, 409)
    await stage.ask(f"/changes/{asked['id']}/pause", status=200)
    assert (await stage.do(asked))["state"] == "paused" and await stage.stored() == before
    resumed = await stage.ask(f"/changes/{asked['id']}/resume")
    assert resumed["job"] != asked["job"]
    # Stopped in its midst: what it did stays, and goes back.
    await stage.do_until(resumed, batches=2)
    half = await stage.stored()
    assert half != before and {version for _, version in half.values()} == {first, stage.version}
    await stage.ask(f"/changes/{asked['id']}/cancel", status=200)
    assert (await stage.do(resumed))["state"] == "cancelled" and await stage.stored() == half
    for verb in ("pause", "resume", "cancel"):
        await stage.ask(f"/changes/{asked['id']}/{verb}", status=409)
    await stage.use(first)
    await stage.take_back(asked["id"])
    assert await stage.stored() == before


async def test_late_answers_follow_and_those_made_after_go_the_steps_back(stage: Stage) -> None:
    (held,) = await stage.tasks(1)
    lease = await stage.lease(held)
    await stage.answers(5, random.Random(5))
    first = stage.version
    second = await stage.publish(STEPS)
    change = await stage.migrate()
    assert change["state"] == "following", "a lease of the older version lives"
    await stage.seed.submit(lease, {"classification": [{"label": "person"}]})
    await stage.follow()
    (row,) = await stage.database.fetch("SELECT * FROM submissions WHERE assignment_id = $1", lease)
    assert (row["answer"], row["ontology_version_id"]) == ('{"classification":[{"label":"human"}]}', second)
    assert (await stage.read(change["id"]))["state"] == "succeeded"

    (new,) = await stage.tasks(1)
    await stage.seed.answer(new, {"classification": [{"label": "human"}]})
    await stage.use(first)
    await stage.take_back(change["id"])
    assert {version for _, version in (await stage.stored()).values()} == {first}
    (row,) = await stage.database.fetch("SELECT * FROM submissions WHERE task_id = $1", new)
    assert row["answer"] == '{"classification":[{"label":"person"}]}', (
        "made after the change, it goes the steps back"
    )
    assert await stage.invalid() == []


async def test_what_steps_cannot_decide_is_asked_of_people(stage: Stage) -> None:
    tasks = await stage.tasks(2)
    mark = {"label": "place", "start": 0, "end": 3}
    for task, more in zip(tasks, ({"sure": True}, {}), strict=True):
        await stage.seed.answer(
            task, {"spans": [mark | {"attributes": more}], "classification": [{"label": "other"}]}
        )
        await stage.seed.done(task)
    first = stage.version
    second = await stage.publish(
        [
            {
                "step": "split_label",
                "label": "place",
                "into": ["city", "country"],
                "rules": [{"to": "city", "when": [{"attribute": "sure", "equals": True}]}],
            }
        ]
    )
    change = await stage.migrate(ambiguous="requeue")
    assert (change["counts"]["changed"], change["counts"]["ambiguous"], change["counts"]["requeued"]) == (
        1,
        1,
        1,
    )
    rows = await stage.database.fetch("SELECT * FROM submissions ORDER BY task_id")
    assert [row["ontology_version_id"] for row in rows] == [second, first], "the undecided keeps its version"
    states = await stage.database.fetch("SELECT state FROM tasks ORDER BY id")
    assert [row["state"] for row in states] == ["done", "open"]
    reply = await stage.client.get(f"/v1/text/changes/{change['id']}/unchanged", headers=stage.headers)
    (left,) = reply.json()["items"]
    assert left["id"] == format_id("submission", rows[1]["id"]) and left["requeued"]
    assert left["paths"] == ["/spans/0/label"] and await stage.invalid() == []
