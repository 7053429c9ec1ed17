"""Outcomes over HTTP: who sees what, page by page, and counts that are right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from annotary.eventlog.consumer import consume_once
from annotary.kernel.ids import format_id
from annotary.quality.jobs import consensus_consumer

Make = Callable[[str], Awaitable[Any]]


async def labelled(seed: Any, number: int) -> tuple[Any, list[Any]]:
    project = await seed.project()
    tasks = await seed.tasks(project, [{"text": str(one)} for one in range(number)])
    for task in tasks:
        await seed.answer(task, {"classification": [{"label": "good"}]})
    await seed.done(*tasks)
    while await consume_once(consensus_consumer(seed.database)):
        pass
    return project, tasks


async def test_a_list_of_outcomes_is_whole_and_in_order(make_seed: Make, make_client: Make) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    project, tasks = await labelled(seed, 7)
    await labelled(seed, 2)
    reviewer = await seed.hire("reviewer", project=project)
    found: list[Any] = []
    token: str | None = None
    while True:
        asked = {"project": format_id("project", project), "limit": 3} | (
            {"next_token": token} if token else {}
        )
        reply = await client.get("/v1/text/outcomes", params=asked, headers=reviewer)
        assert reply.status_code == 200, reply.text
        found += reply.json()["items"]
        token = reply.json()["next_token"]
        if not token:
            break
    assert [one["task"] for one in found] == [format_id("task", task) for task in tasks]
    assert found[0]["answer"] == {"classification": [{"label": "good"}]} and found[0]["state"] == "accepted"


async def test_only_managers_see_submissions_and_annotators_see_no_answers(
    make_seed: Make, make_client: Make
) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    project, tasks = await labelled(seed, 1)
    one, of_project = (
        f"/v1/text/outcomes/{format_id('task', tasks[0])}",
        {"project": format_id("project", project)},
    )
    manager = await seed.hire("manager")
    reviewer = await seed.hire("reviewer", project=project)
    annotator = await seed.hire("annotator", project=project)
    outsider = await seed.hire("annotator")
    seen = (await client.get(one, headers=manager)).json()
    assert seen["state"] == "accepted" and seen["current"]["version"] == 1 and len(seen["versions"]) == 1
    assert [(sub["counts"], sub["answer"]) for sub in seen["submissions"]] == [
        (True, seen["current"]["answer"])
    ]
    assert (await client.get(one, headers=reviewer)).json()["submissions"] is None
    for path, params in ((one, {}), ("/v1/text/outcomes", of_project)):
        assert (await client.get(path, params=params, headers=annotator)).status_code == 403
        assert (await client.get(path, params=params, headers=outsider)).status_code == 404
        assert (await client.get(path, params=params)).status_code == 401
    assert (await client.get("/v1/text/progress", params=of_project, headers=annotator)).status_code == 200
    assert (await client.get("/v1/text/progress", params=of_project, headers=outsider)).status_code == 404
    unknown = await client.get(f"/v1/text/outcomes/task_{'0' * 32}", headers=manager)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_task")


async def test_progress_counts_and_is_counted_once_for_many(make_seed: Make, make_client: Make) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    project, _ = await labelled(seed, 3)
    params = {"project": format_id("project", project)}
    manager = await seed.hire("manager")
    first = (await client.get("/v1/text/progress", params=params, headers=manager)).json()
    assert first == {
        "tasks": 3,
        "open": 0,
        "paused": 0,
        "done": 3,
        "cancelled": 0,
        "submissions": 3,
        "outcomes": 3,
        "blocked": 0,
    }
    await seed.database.execute("UPDATE tasks SET state = 'paused'")
    again = (await client.get("/v1/text/progress", params=params, headers=manager)).json()
    assert again == first, "a count within two seconds is the kept one"
