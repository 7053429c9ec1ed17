"""An ontology published wrongly is noticed and taken back, through the API of a real installation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from bench.stand import Refused, Stand
from bench.statements import ask

from acceptance.ontology.people import MERGE, People, changed, until

# The service of texts has heard of the share.
ON_TRIAL = "SELECT count(*) FROM text.projects WHERE canary_share > 0"


def test_published_wrongly_noticed_and_taken_back(stand: Stand, tmp_path: Path) -> None:
    people = People(stand, tmp_path, 20)
    first = people.version()
    leases = people.claim(20)
    for number, lease in enumerate(leases[:12]):
        assert people.answer(lease, ["car", "van", "person"][number % 3]) == 200
    until(lambda: len(people.pages("outcomes")) == 12)
    before = people.hash()

    found = stand.call("POST", f"/v1/ontologies/{people.ontology}/check", {"steps": MERGE})
    assert found["compatibility"]["kind"] == "breaking" and not found["refused"]
    assert {kind: counts["changed"] for kind, counts in found["answers"]["counts"].items()} == {
        "submission": 8,
        "outcome": 8,
    }
    assert found["answers"]["labels"] == {"classification/van": 8, "classification/person": 8}
    assert any("human" in json.dumps(one["after"]) for one in found["answers"]["samples"])
    with pytest.raises(Refused, match=r"409.*the label van is not there"):
        people.publish(steps=MERGE, migrate=False)
    assert people.version() == first, "what was refused had an effect"

    published = people.publish(steps=MERGE, reason="vans are cars")
    assert published["state"] == "full" and people.version() == published["version"]["id"]
    # Leases in hand keep the version that they pinned; their answers are brought along later.
    assert people.answer(leases[12], "van") == 200
    until(lambda: changed(people, "migration", ("following", "succeeded")))
    until(lambda: people.labels() == {"car": 9, "human": 4})
    until(lambda: people.labels("outcomes") == {"car": 9, "human": 4})
    assert people.answer(leases[13], "human") == 422, "a lease pins its version"

    back = stand.call("POST", f"/v1/publications/{published['id']}/withdraw", {"reason": "vans matter"})
    assert back["state"] == "withdrawn" and people.version() == first
    until(lambda: changed(people, "rollback", ("following", "succeeded")))
    assert people.labels() == {"car": 4, "van": 5, "person": 4}
    for lease in leases[13:]:
        assert people.answer(lease, "van") == 200
    until(lambda: people.labels() == {"car": 4, "van": 12, "person": 4})
    entry = stand.call("GET", f"/v1/registry/{first}")
    assert entry["id"] == first and before != people.hash()


def test_tried_on_a_named_project_then_given_to_all(stand: Stand, tmp_path: Path) -> None:
    people = People(stand, tmp_path, 4)
    for lease in people.claim(2):
        assert people.answer(lease, "van") == 200
    first, other = people.version(), people.made(people.ontology)
    published = people.publish(steps=MERGE, projects=[people.project])
    second = published["version"]["id"]
    assert published["state"] == "watching"
    assert (people.version(), people.version(other)) == (second, first)
    with pytest.raises(Refused, match=r"409.*publication_under_way"):
        people.publish(steps=[{"step": "remove_label", "label": "van"}])
    until(lambda: people.labels() == {"car": 2})
    path = f"/v1/publications/{published['id']}"
    assert stand.call("POST", f"{path}/complete", {})["state"] == "full"
    assert (people.version(), people.version(other)) == (second, second)
    # Taken back it is as if it had never been, in both.
    assert stand.call("POST", f"{path}/withdraw", {})["state"] == "withdrawn"
    assert (people.version(), people.version(other)) == (first, first)
    until(lambda: people.labels() == {"van": 2})


def test_a_share_of_tasks_tries_a_version_and_it_goes_back_by_itself(stand: Stand, tmp_path: Path) -> None:
    people = People(stand, tmp_path, 80)
    first = people.version()
    watch = {"answers_min": 10, "refusals_more_max": 0.1}
    published = people.publish(steps=MERGE, share=0.5, watch=watch)
    second = published["version"]["id"]
    assert published["state"] == "watching" and people.version() == first
    until(lambda: ask(stand.database_url, lambda connection: connection.fetchval(ON_TRIAL)))
    leases = people.claim(80)
    pinned = [lease["task"]["ontology_version"] for lease in leases]
    assert 20 < pinned.count(second) < 60 and pinned.count(first) == 80 - pinned.count(second)
    # People go on saying what they are used to, and the version on trial refuses it.
    codes = [people.answer(lease, "van") for lease in leases]
    assert codes == [200 if version == first else 422 for version in pinned]
    back = until(lambda: (found := read(stand, published))["state"] == "withdrawn" and found)
    assert back["watched"]["verdict"] == "worse" and "refused answers" in back["reason"]
    assert people.labels() == {"van": pinned.count(first)}


def read(stand: Stand, published: dict[str, Any]) -> dict[str, Any]:
    return dict(stand.call("GET", f"/v1/publications/{published['id']}"))


def test_programs_fetch_a_version_once(stand: Stand, tmp_path: Path) -> None:
    people = People(stand, tmp_path, 1)
    name = stand.call("GET", f"/v1/ontologies/{people.ontology}")["name"]
    version = stand.call("GET", f"/v1/registry/{people.version()}")
    digest = version["content_hash"]
    for reference in (digest, f"{quote(name)}@1", f"{quote(name)}@latest"):
        assert stand.call("GET", f"/v1/registry/{reference}")["content_hash"] == digest
    headers = {"Authorization": f"Bearer {people.tokens[0]}"}
    reply = httpx.get(f"{stand.url}/v1/registry/{people.version()}", headers=headers)
    assert reply.status_code == 200 and reply.headers["etag"] == f'"{digest}"'
    assert "immutable" in reply.headers["cache-control"]
    again = httpx.get(str(reply.url), headers=headers | {"If-None-Match": reply.headers["etag"]})
    assert again.status_code == 304 and not again.content
    outsider = People(stand, tmp_path, 1)
    headers = {"Authorization": f"Bearer {outsider.tokens[0]}"}
    assert httpx.get(str(reply.url), headers=headers).status_code == 404
