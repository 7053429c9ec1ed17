"""Imports and exports asked for: a row and an entry in the queue in one transaction, or neither."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from annotary.infra.objects import open_objects
from annotary.infra.settings import Settings
from annotary.kernel.ids import parse_id
from integration.platform.people import People, rows

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _file(people: People, content: bytes = b'{"text": "a"}\n') -> str:
    asset = await people.ask("owner", "POST", "/v1/assets", content=content)
    return str(asset.json()["hash"])


async def _queue(settings: Settings, job: str) -> list[Any]:
    return await rows(
        settings,
        "SELECT queue_name, task_name, args FROM jobs.procrastinate_jobs WHERE args->>'job_id' = $1",
        job.removeprefix("job_"),
    )


async def _last_request(settings: Settings, job: str) -> Any:
    [row] = await rows(settings, "SELECT request FROM jobs WHERE id = $1", parse_id("job", job))
    return msgspec.json.decode(row["request"])


async def test_an_import_is_left_to_the_worker_of_its_modality(people: People, settings: Settings) -> None:
    project = await people.project("imported", overlap=3)
    body = {
        "format": "jsonl",
        "upload": await _file(people),
        "project": project["id"],
        "batch": {
            "name": "first",
            "priority": "high",
            "deadline": "2030-01-01T00:00:00+02:00",
            "overlap": 2,
            "target": {"kind": "confidence", "value": 0.9, "overlap_max": 5},
        },
    }
    job = await people.ask("manager", "POST", "/v1/imports", body, expect=202)
    assert (job["kind"], job["state"], job["project"]) == ("import", "waiting", project["id"])
    [queued] = await _queue(settings, job["id"])
    assert (queued["queue_name"], queued["task_name"]) == ("text", "import_items")
    request = await _last_request(settings, job["id"])
    assert request["source"] == body["upload"]
    assert request["batch"] == {
        "name": "first",
        "priority": "high",
        "deadline": "2029-12-31T22:00:00Z",
        "overlap": 2,
        "order": None,
        "target": {"kind": "confidence", "value": 0.9, "overlap_max": 5, "price": 0.0},
    }
    for path in ("imports", "jobs"):
        assert await people.ask("owner", "GET", f"/v1/{path}/{job['id']}", expect=200) == job
    await people.ask("owner", "GET", f"/v1/exports/{job['id']}", expect=404)


async def test_items_go_to_the_dataset_named_or_one_of_the_projects_name(
    people: People, settings: Settings
) -> None:
    project, upload = await people.project("placed"), await _file(people)
    body = {"format": "jsonl", "upload": upload, "project": project["id"]}
    wanted = []
    for more in ({}, {"name": "elsewhere"}, {}):
        job = await people.ask("owner", "POST", "/v1/imports", {**body, **more}, expect=202)
        wanted.append((await _last_request(settings, job["id"]))["dataset_id"])
    assert wanted[0] == wanted[2] != wanted[1]
    listed = await people.ask("owner", "GET", "/v1/datasets?limit=1000", expect=200)
    assert [one["name"] for one in listed["items"]].count("placed") == 1
    # Without a project there is no batch, and a batch of null makes none.
    dataset = listed["items"][0]["id"]
    alone = {"format": "jsonl", "upload": upload, "dataset": dataset}
    for asked in (alone, {**body, "batch": None}):
        job = await people.ask("owner", "POST", "/v1/imports", asked, expect=202)
        assert (await _last_request(settings, job["id"])).get("batch") is None


async def test_what_cannot_be_imported_leaves_nothing(people: People, settings: Settings) -> None:
    project, upload = await people.project("refusing"), await _file(people)
    image = {"name": "images", "modality": "image"}
    dataset = (await people.ask("owner", "POST", "/v1/datasets", image, expect=201))["id"]
    opened = await people.ask("owner", "POST", "/v1/uploads", {"name": "u", "size_bytes": 9}, expect=201)
    good = {"format": "jsonl", "upload": upload, "project": project["id"]}
    target = {"kind": "accuracy", "value": 0.9, "overlap_max": 4}
    before = await _counts(settings)
    for change, code, path in (
        ({"format": "xml"}, 422, "/format"),
        ({"upload": "nothing"}, 422, "/upload"),
        ({"upload": "0" * 64}, 404, "/upload"),
        ({"upload": opened["id"]}, 409, "/upload"),
        ({"upload": "upl_" + "0" * 32}, 404, "/upload"),
        ({"dataset": dataset}, 422, "/dataset"),
        ({"project": None}, 422, "/dataset"),
        ({"project": None, "dataset": dataset, "batch": {}}, 422, "/batch"),
        ({"batch": {"overlap": 0}}, 422, "/batch/overlap"),
        ({"batch": {"deadline": "2030-01-01T00:00:00"}}, 422, "/batch/deadline"),
        ({"batch": {"priority": "now"}}, 422, "/batch/priority"),
        ({"batch": {"target": {**target, "value": 1.0}}}, 422, "/batch/target/value"),
        ({"batch": {"target": {**target, "kind": "speed"}}}, 422, "/batch/target/kind"),
        ({"batch": {"target": target, "overlap": 5}}, 422, "/batch/target/overlap_max"),
        ({"files": {"a.png": "xyz"}}, 422, "/files/a.png"),
    ):
        problem = await people.ask("owner", "POST", "/v1/imports", {**good, **change}, expect=code)
        assert problem["path"] == path, (change, problem)
    assert await _counts(settings) == before


async def test_an_export_goes_to_the_worker_and_its_file_comes_back(
    people: People, settings: Settings
) -> None:
    project = await people.project("exported")
    job = await people.ask("owner", "POST", "/v1/exports", {"project": project["id"]}, expect=202)
    [queued] = await _queue(settings, job["id"])
    assert (queued["queue_name"], queued["task_name"]) == ("text", "export_outcomes")
    problem = await people.ask("owner", "GET", f"/v1/exports/{job['id']}/content", expect=409)
    assert problem["code"] == "export_not_ready"
    content = b'{"unique_id": "1"}\n' * 200_000
    await open_objects(settings).put("exports/x", content)
    result = {
        "object": "exports/x",
        "file_name": "exported.jsonl",
        "media_type": "application/jsonl",
    }
    await rows(
        settings,
        "UPDATE jobs SET state = 'succeeded', ended_at = clock_now(), result = $2 WHERE id = $1",
        parse_id("job", job["id"]),
        msgspec.json.encode({**result, "size_bytes": len(content)}).decode(),
    )
    response = await people.ask("owner", "GET", f"/v1/exports/{job['id']}/content")
    assert response.status_code == 200 and response.content == content
    assert 'filename="exported.jsonl"' in response.headers["content-disposition"]
    assert int(response.headers["content-length"]) == len(content)
    coco = {"project": project["id"], "format": "coco"}
    assert (await people.ask("owner", "POST", "/v1/exports", coco, expect=422))["path"] == "/format"


async def test_a_job_is_cancelled_once(people: People) -> None:
    project = await people.project("cancelled")
    job = await people.ask("owner", "POST", "/v1/exports", {"project": project["id"]}, expect=202)
    cancelled = await people.ask("owner", "DELETE", f"/v1/jobs/{job['id']}", expect=200)
    assert cancelled["state"] == "cancelled" and cancelled["ended_at"]
    assert await people.ask("owner", "DELETE", f"/v1/jobs/{job['id']}", expect=200) == cancelled


async def test_refusals_come_by_line(people: People, settings: Settings) -> None:
    project = await people.project("refused")
    body = {"format": "jsonl", "upload": await _file(people), "project": project["id"]}
    job = await people.ask("owner", "POST", "/v1/imports", body, expect=202)
    for line in (9, 2, 5_000_000_000, 0):
        await rows(
            settings,
            "INSERT INTO import_refusals VALUES ($1, $2, '/text', 'reason')",
            parse_id("job", job["id"]),
            line,
        )
    path, lines, token = f"/v1/imports/{job['id']}/refusals", [], None
    while True:
        params = {"limit": 1, **({"next_token": token} if token else {})}
        page = await people.ask("owner", "GET", path, params=params, expect=200)
        lines += [one["line"] for one in page["items"]]
        token = page["next_token"]
        if token is None:
            break
    assert lines == [0, 2, 9, 5_000_000_000]


async def test_a_projects_manager_sees_the_jobs_of_that_project(people: People) -> None:
    mine, other = await people.project("watched"), await people.project("unwatched")
    lead = await people.hire("job lead", "annotator")
    path = f"/v1/projects/{mine['id']}/members/{lead}"
    await people.ask("owner", "PUT", path, {"role": "manager"}, expect=201)
    seen = await people.ask("job lead", "POST", "/v1/exports", {"project": mine["id"]}, expect=202)
    hidden = await people.ask("owner", "POST", "/v1/exports", {"project": other["id"]}, expect=202)
    listed = await people.ask("job lead", "GET", "/v1/jobs", expect=200)
    assert [one["id"] for one in listed["items"]] == [seen["id"]]
    of = "/v1/jobs?project="
    listed = await people.ask("owner", "GET", of + other["id"], expect=200)
    assert [one["id"] for one in listed["items"]] == [hidden["id"]]
    await people.ask("job lead", "GET", of + mine["id"], expect=200)
    await people.ask("job lead", "GET", of + other["id"], expect=404)
    await people.ask("job lead", "GET", f"/v1/jobs/{hidden['id']}", expect=404)
    await people.ask("job lead", "DELETE", f"/v1/jobs/{hidden['id']}", expect=404)


async def _counts(settings: Settings) -> list[int]:
    tables = ("jobs", "jobs.procrastinate_jobs", "datasets", "events")
    return [(await rows(settings, f"SELECT count(*) FROM {table}"))[0][0] for table in tables]
