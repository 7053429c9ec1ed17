"""Projects, ontologies and instructions: what is pinned, what is immutable, what a deletion keeps."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from annotary.infra.settings import Settings
from integration.platform.people import DEFINITION, People, rows

pytestmark = pytest.mark.asyncio(loop_scope="module")

WIDER = {**DEFINITION, "labels": [*DEFINITION["labels"], {"name": "unsure"}]}


async def test_a_version_is_immutable_and_the_same_content_is_the_same_version(people: People) -> None:
    project = await people.project("versions")
    path = f"/v1/ontologies/{project['ontology']}"
    same = {"labels": DEFINITION["labels"], "tools": {"classification": {}}}
    first = await people.ask("manager", "POST", f"{path}/versions", {"definition": same}, expect=200)
    assert (first["number"], first["id"]) == (1, project["ontology_version"])
    second = await people.ask("manager", "POST", f"{path}/versions", {"definition": WIDER}, expect=201)
    assert second["number"] == 2 and second["content_hash"] != first["content_hash"]
    # Going back to what an earlier version said is a new version: only the latest is the same.
    third = await people.ask("manager", "POST", f"{path}/versions", {"definition": same}, expect=201)
    assert (third["number"], third["content_hash"]) == (3, first["content_hash"])
    for version in (first, second, third):
        for name in (version["id"], version["number"]):
            assert await people.ask("owner", "GET", f"{path}/versions/{name}", expect=200) == version
    # The project keeps the version it was given until it is told of another.
    assert (await people.ask("owner", "GET", f"/v1/projects/{project['id']}", expect=200))[
        "ontology_version"
    ] == first["id"]


async def test_versions_published_at_once_are_numbered_without_gaps(people: People) -> None:
    project = await people.project("at once")
    path = f"/v1/ontologies/{project['ontology']}/versions"
    bodies = [
        {"definition": {**DEFINITION, "labels": [*DEFINITION["labels"], {"name": f"n{number}"}]}}
        for number in range(6)
    ]
    made = await asyncio.gather(*(people.ask("owner", "POST", path, body, expect=201) for body in bodies))
    assert sorted(version["number"] for version in made) == list(range(2, 8))


async def test_two_versions_are_compared_in_words_by_who_may_see_both(people: People) -> None:
    project = await people.project("compared")
    await _join(people, project, "annotator")
    path = f"/v1/ontologies/{project['ontology']}"
    new = await people.ask("owner", "POST", f"{path}/versions", {"definition": WIDER}, expect=201)
    assert new["created_by"] == people.members["owner"]
    both = f"{path}/differences?before=1&after={new['id']}"
    found = await people.ask("owner", "GET", both, expect=200)
    added = {label["name"] for label in WIDER["labels"]} - {label["name"] for label in DEFINITION["labels"]}
    assert {one["label"] for one in found if one["kind"] == "added"} == added
    assert await people.ask("owner", "GET", f"{path}/differences?before=2&after=2", expect=200) == []
    await people.ask("annotator", "GET", both, expect=404)


async def test_annotators_read_the_versions_their_projects_use_or_used(people: People) -> None:
    project = await people.project("pinned")
    await _join(people, project, "annotator")
    path = f"/v1/ontologies/{project['ontology']}/versions"
    new = await people.ask("owner", "POST", path, {"definition": WIDER}, expect=201)
    await people.ask("annotator", "GET", f"{path}/1", expect=200)
    await people.ask("annotator", "GET", f"{path}/{new['id']}", expect=404)
    change = {"ontology_version": new["id"]}
    await people.ask("owner", "PATCH", f"/v1/projects/{project['id']}", change, expect=200)
    for version in (1, 2, new["id"]):
        await people.ask("annotator", "GET", f"{path}/{version}", expect=200)


async def test_a_project_pins_versions_of_its_own_ontology_only(people: People) -> None:
    one, other = await people.project("one"), await people.project("other")
    change = {"ontology_version": other["ontology_version"]}
    problem = await people.ask("owner", "PATCH", f"/v1/projects/{one['id']}", change, expect=422)
    assert problem["path"] == "/ontology_version"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"definition": None}, "/ontology"),
        ({"ontology": "ont_" + "0" * 32}, "/ontology"),
        ({"overlap": 0}, "/overlap"),
        ({"overlap": 101}, "/overlap"),
        ({"lease_seconds": 1}, "/lease_seconds"),
        ({"weight": 0}, "/weight"),
        ({"weight": 1e300}, "/weight"),
        ({"name": "\u0007"}, "/name"),
        ({"modality": "audio"}, "/modality"),
        ({"instructions": " "}, "/instructions"),
        ({"unheard": 1}, None),
        ({"definition": {"tools": {"box": {}}, "labels": [{"name": "x"}]}}, "/definition/tools/box"),
        (
            {"definition": {"tools": {"classification": {}}, "labels": [{"name": 7}]}},
            "/definition/labels/0/name",
        ),
    ],
)
async def test_a_bad_project_is_refused_with_its_path_and_nothing_is_made(
    people: People, settings: Settings, change: dict[str, Any], path: str | None
) -> None:
    before = await _counts(settings)
    body = {"name": "bad", "modality": "text", "definition": DEFINITION, **change}
    problem = await people.ask("owner", "POST", "/v1/projects", body, expect=422)
    if path is not None:
        assert problem["path"] == path
    assert await _counts(settings) == before


async def test_names_of_ontologies_are_taken_once(people: People) -> None:
    first = await people.project("taken")
    body = {"name": "taken", "modality": "text", "definition": DEFINITION}
    problem = await people.ask("owner", "POST", "/v1/projects", body, expect=409)
    assert (problem["code"], problem["existing"]) == ("already_exists", first["ontology"])
    other = await people.project("free")
    path = f"/v1/ontologies/{other['ontology']}"
    assert (await people.ask("owner", "PATCH", path, {"name": "taken"}, expect=409))["existing"]
    tag = {"If-Match": (await people.ask("owner", "GET", path)).headers["etag"]}
    await people.ask("owner", "PATCH", path, {"name": "freed"}, headers=tag, expect=200)
    await people.ask("owner", "PATCH", path, {"name": "late"}, headers=tag, expect=412)


async def test_changes_at_once_under_one_etag_have_one_winner(people: People) -> None:
    project = await people.project("raced")
    path = f"/v1/projects/{project['id']}"
    tag = {"If-Match": (await people.ask("owner", "GET", path)).headers["etag"]}
    replies = await asyncio.gather(
        *(people.ask("owner", "PATCH", path, {"overlap": n}, headers=tag) for n in range(2, 8))
    )
    assert sorted(reply.status_code for reply in replies) == [200, 412, 412, 412, 412, 412]
    [won] = [reply.json() for reply in replies if reply.status_code == 200]
    assert await people.ask("owner", "GET", path, expect=200) == won


async def test_instructions_are_versions_newest_first(people: People) -> None:
    project = await people.project("told", instructions="first")
    await _join(people, project, "annotator")
    path = f"/v1/projects/{project['id']}/instructions"
    for body in ("second", "third"):
        await people.ask("manager", "POST", path, {"body": body}, expect=201)
    walked = await _walk(people, "annotator", path, limit=1)
    assert [(one["version"], one["body"]) for one in walked] == [(3, "third"), (2, "second"), (1, "first")]
    shown = await people.ask("annotator", "GET", f"/v1/projects/{project['id']}", expect=200)
    assert shown["instructions_version"] == 3


async def test_lists_show_what_one_reaches(people: People) -> None:
    mine, other = await people.project("reached"), await people.project("unreached")
    await _join(people, mine, "outsider")
    for who, sees in (("outsider", {mine["id"]}), ("owner", {mine["id"], other["id"]}), ("stranger", set())):
        found = {one["id"] for one in await _walk(people, who, "/v1/projects", limit=3)}
        assert found & {mine["id"], other["id"]} == sees
    await people.ask("owner", "DELETE", f"/v1/projects/{other['id']}", expect=200)
    assert other["id"] not in {one["id"] for one in await _walk(people, "owner", "/v1/projects", limit=3)}
    deleted = await people.ask("owner", "GET", "/v1/projects?state=deleted", expect=200)
    assert other["id"] in {one["id"] for one in deleted["items"]}


async def test_a_deleted_project_stays_in_the_record_and_takes_nothing_more(
    people: People, settings: Settings
) -> None:
    project = await people.project("deleted", instructions="kept")
    path = f"/v1/projects/{project['id']}"
    deleted = await people.ask("manager", "DELETE", path, expect=200)
    assert deleted["state"] == "deleted"
    assert await people.ask("manager", "DELETE", path, expect=200) == deleted
    assert (await people.ask("owner", "GET", path, expect=200))["name"] == "deleted"
    for method, where, body in (
        ("PATCH", "", {"state": "active"}),
        ("POST", "/instructions", {"body": "x"}),
        ("PUT", f"/members/{people.members['annotator']}", {"role": "annotator"}),
    ):
        problem = await people.ask("owner", method, path + where, body, expect=409)
        assert problem["code"] == "project_deleted"
    kinds = await rows(settings, "SELECT type FROM events ORDER BY sequence DESC LIMIT 1")
    assert kinds[0]["type"] == "project.deleted"


async def test_a_projects_manager_runs_it_and_chooses_no_managers(people: People) -> None:
    project = await people.project("run by its own")
    path = f"/v1/projects/{project['id']}"
    lead = await people.hire("lead", "annotator")
    await people.ask("owner", "PUT", f"{path}/members/{lead}", {"role": "manager"}, expect=201)
    annotator = f"{path}/members/{people.members['annotator']}"
    await people.ask("lead", "PATCH", path, {"state": "paused"}, expect=200)
    await people.ask("lead", "PUT", annotator, {"role": "reviewer"}, expect=201)
    await people.ask("lead", "PUT", annotator, {"role": "manager"}, expect=403)
    await people.ask("lead", "DELETE", f"{path}/members/{lead}", expect=403)
    await people.ask("lead", "DELETE", path, expect=403)
    await people.ask("lead", "GET", "/v1/members", expect=403)


async def _join(people: People, project: dict[str, Any], who: str) -> None:
    path = f"/v1/projects/{project['id']}/members/{people.members[who]}"
    await people.ask("owner", "PUT", path, {"role": "annotator"}, expect=201)


async def _walk(people: People, who: str, path: str, limit: int) -> list[Any]:
    found: list[Any] = []
    params: dict[str, Any] = {"limit": limit}
    while True:
        page = await people.ask(who, "GET", path, params=params, expect=200)
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next_token"] is None:
            return found
        params["next_token"] = page["next_token"]


async def _counts(settings: Settings) -> tuple[int, ...]:
    tables = ("projects", "ontologies", "ontology_versions", "instructions", "events")
    return tuple([(await rows(settings, f"SELECT count(*) FROM {table}"))[0][0] for table in tables])


async def test_no_version_is_pinned_by_hand_that_would_break_answers(people: People) -> None:
    project = await people.project("narrower")
    path = f"/v1/ontologies/{project['ontology']}/versions"
    narrower = {**DEFINITION, "labels": DEFINITION["labels"][:1]}
    new = await people.ask("owner", "POST", path, {"definition": narrower}, expect=201)
    change = {"ontology_version": new["id"]}
    problem = await people.ask("owner", "PATCH", f"/v1/projects/{project['id']}", change, expect=409)
    assert problem["code"] == "breaking_change" and "bad" in problem["detail"]
    read = await people.ask("owner", "GET", f"/v1/projects/{project['id']}", expect=200)
    assert read["ontology_version"] == project["ontology_version"]
