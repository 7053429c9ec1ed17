"""A check over real tables: what contradicts is found, said, and opened once, however often the job runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from annotary.catalog.job_runs import JobContext
from annotary.eventlog.consumer import consume_once
from annotary.infra.objects import open_objects
from annotary.infra.settings import Settings
from annotary.kernel.ids import format_id, new_id
from annotary.quality.consistency import service, service_comparing
from annotary.quality.consistency.jobs import start_due_checks
from annotary.quality.consistency.values import KINDS, CheckRequest
from annotary.quality.jobs import consensus_consumer
from annotary.review.jobs import reviews_consumer

Make = Callable[[str], Awaitable[Any]]
GOOD = {"classification": [{"label": "good"}]}
BAD = {"classification": [{"label": "bad"}]}
LONG = (
    "The quick brown fox jumps over the lazy dog while the cat looks on from a warm window sill, number {}."
)


async def told(_: int) -> None:
    """Hear of progress."""


async def labelled(seed: Any, rows: list[tuple[str, dict[str, Any]]]) -> tuple[UUID, list[UUID]]:
    """Make a project whose texts have these accepted outcomes."""
    project = await seed.project()
    tasks: list[UUID] = await seed.tasks(project, [{"text": text} for text, _ in rows])
    for task, (_, answer) in zip(tasks, rows, strict=True):
        await seed.answer(task, answer)
    await seed.done(*tasks)
    await follow(seed)
    return project, tasks


async def follow(seed: Any) -> None:
    for consumer in (consensus_consumer(seed.database), reviews_consumer(seed.database)):
        while await consume_once(consumer):
            pass


async def predict(seed: Any, project: UUID, task: UUID, label: str, score: float, model: str = "m") -> None:
    answer = msgspec.json.encode({"classification": [{"label": label}]}).decode()
    await seed.database.execute(
        "INSERT INTO predictions (id, task_id, project_id, organisation_id, model, model_version, score,"
        " answer, content_hash) VALUES ($1, $2, $3, $4, $5, '1', $6, $7, $8)",
        *(new_id(), task, project, seed.organisation, model, score, answer, b"0" * 32),
    )


def request(wanted: str = "report", **more: Any) -> CheckRequest:
    fields = {"kinds": list(KINDS), "wanted": wanted, "similarity": 0.8, "score_min": 0.0}
    return CheckRequest(**fields | more)  # type: ignore[arg-type]


async def test_contradictions_are_found_and_said(make_seed: Make) -> None:
    seed = await make_seed("text")
    rows = [
        *[("the same", GOOD)] * 3,
        ("the same", BAD),
        (LONG.format(1), GOOD),
        (LONG.format(2), BAD),
        ("something else", GOOD),
        ("something else", GOOD | {"justification": "of course"}),
        ("nothing like any other", BAD),
    ]
    project, tasks = await labelled(seed, rows)
    findings, compared = await service_comparing.find(seed.database, project, request(), told)
    assert compared == len(rows)
    by_kind = {kind: [one for one in findings if one.kind == kind] for kind in KINDS}
    (odd,) = by_kind["identical"]
    assert (odd.task_id, odd.score) == (tasks[3], 1.0) and odd.other_task_id in tasks[:3]
    assert odd.reason == "the same item as 'row-0', which is labelled: good; here: bad"
    assert {one.task_id for one in by_kind["near_duplicate"]} == {tasks[4], tasks[5]}
    assert all(one.score > 0.9 for one in by_kind["near_duplicate"])
    assert not by_kind["track"] and not by_kind["label_error"]
    strict, _ = await service_comparing.find(
        seed.database, project, request(similarity=1.0, kinds=["near_duplicate"]), told
    )
    assert strict == []


async def test_labels_that_models_doubt(make_seed: Make) -> None:
    seed = await make_seed("text")
    project, tasks = await labelled(seed, [(f"{n}", GOOD if n % 2 else BAD) for n in range(12)])
    for number, task in enumerate(tasks):
        own, other = ("good", "bad") if number % 2 else ("bad", "good")
        await predict(seed, project, task, other if number == 5 else own, 0.9)
        await predict(seed, project, task, other if number == 5 else own, 0.8, "n")
    findings, _ = await service_comparing.find(seed.database, project, request(kinds=["label_error"]), told)
    (found,) = findings
    assert found.task_id == tasks[5] and found.score > 0.8
    assert found.reason.startswith("models say 'bad' with 0.85 (0.8")


async def test_reviews_are_opened_once_and_their_verdicts_count(make_seed: Make) -> None:
    seed = await make_seed("text")
    project, tasks = await labelled(seed, [("same", GOOD), ("same", BAD), ("other", GOOD)])
    row, run = await service.project_checked(seed.database, project), new_id()
    findings, _ = await service_comparing.find(seed.database, project, request("review"), told)
    for _ in range(2):  # a worker was killed behind its commit: the job runs again
        async with seed.database.transaction() as uow:
            await service.keep(uow, run, row, request("review"), findings, None)
        await follow(seed)
        await seed.database.execute("UPDATE consumers SET transaction_id = '0', sequence = 0")
    async with seed.database.transaction() as uow:
        again = await service.keep(uow, new_id(), row, request("review"), findings, None)
    await follow(seed)
    assert again["found"] == {"identical": 2}
    reviews = await seed.database.fetch("SELECT * FROM reviews ORDER BY task_id")
    assert [(one["task_id"], one["purpose"]) for one in reviews] == [
        (task, "contradiction") for task in tasks[:2]
    ]
    assert all("the same item as" in one["reason"] for one in reviews)


async def test_a_requeue_happens_once(make_seed: Make) -> None:
    seed = await make_seed("text")
    project, tasks = await labelled(seed, [("same", GOOD), ("same", BAD), ("other", GOOD)])
    row, run = await service.project_checked(seed.database, project), new_id()
    findings, _ = await service_comparing.find(seed.database, project, request("requeue"), told)
    opened = []
    for _ in range(2):
        async with seed.database.transaction() as uow:
            kept = await service.keep(uow, run, row, request("requeue"), findings, None)
        opened.append(kept["opened"])
    await follow(seed)
    assert opened == [2, 0]
    states = {row["id"]: row["state"] for row in await seed.database.fetch("SELECT id, state FROM tasks")}
    assert states == {tasks[0]: "open", tasks[1]: "open", tasks[2]: "done"}
    told_of = await seed.database.pool.fetchval("SELECT count(*) FROM events WHERE type = 'task.requeued'")
    assert told_of == 2


async def test_a_project_that_wants_it_is_checked_of_itself_once_a_day(
    make_seed: Make, connect: Any, database_url: str, tmp_path: Path
) -> None:
    seed, platform = await make_seed("text"), await connect(database_url, "platform")
    await labelled(seed, [("same", GOOD), ("same", BAD)])
    settings = Settings(data_dir=tmp_path, database_urls={}, signing_key=b"k" * 32)
    context = JobContext(
        service="text",
        settings=settings,
        platform=platform,
        database=seed.database,
        objects=open_objects(settings),
    )
    assert await start_due_checks(context) == 0, "nobody asked for it"
    await seed.database.execute("""UPDATE projects SET quality = '{"consistency": true}'""")
    assert [await start_due_checks(context) for _ in range(2)] == [1, 0]
    job = await platform.fetchrow("SELECT * FROM jobs")
    assert msgspec.json.decode(job["request"], type=CheckRequest).wanted == "report"
    await platform.execute("UPDATE jobs SET created_at = created_at - interval '25 hours'")
    assert [await start_due_checks(context) for _ in range(2)] == [1, 0]


async def test_the_report_is_for_managers(make_seed: Make, make_client: Make) -> None:
    seed, client = await make_seed("text"), await make_client("text")
    project, _ = await labelled(seed, [("same", GOOD), ("same", BAD)])
    manager, reviewer = await seed.hire("manager"), await seed.hire("reviewer", project=project)
    row, run = await service.project_checked(seed.database, project), new_id()
    findings, _ = await service_comparing.find(seed.database, project, request(), told)
    async with seed.database.transaction() as uow:
        await service.keep(uow, run, row, request(), findings, None)
    params = {"project": format_id("project", project), "run": format_id("job", run), "limit": 1}
    page = (await client.get("/v1/text/consistency", params=params, headers=manager)).json()
    assert len(page["items"]) == 1 and page["next_token"]
    assert page["items"][0]["kind"] == "identical" and page["items"][0]["wanted"] == "report"
    assert (await client.get("/v1/text/consistency", params=params, headers=reviewer)).status_code == 403
    body = {"project": params["project"], "kinds": []}
    refused = await client.post("/v1/text/consistency", json=body, headers=manager)
    assert (refused.status_code, refused.json()["path"]) == (422, "/kinds")
