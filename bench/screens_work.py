"""Pictures of what managers see of work and people: batches, tasks held, the team, the organisation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from playwright.sync_api import Page

from bench.connection import Connection
from bench.workspace import Person, Workspace

Screen = tuple[str, Person | None, Callable[[Page], None]]
CLAIMED = 6
ANSWERED = 4
MAILS = 40
TEAM = ("Ada Lovelace", "Grace Hopper", "Katherine Johnson")
KINDS = {
    "tools": {"classification": {}},
    "labels": [{"name": "praise"}, {"name": "complaint"}, {"name": "question"}],
}
SURE = {"kind": "confidence", "value": 0.95, "overlap_max": 5}


def work_screens(place: Workspace) -> Iterator[Screen]:
    """Yield the pages of work and people, of a project in which some work was done."""
    owner, project = place.owner, _project(place)
    table = "table tbody td"
    for name, path in (
        ("work", f"/projects/{project}/work"),
        ("team", f"/projects/{project}/team"),
        ("people", "/organisation"),
        ("tokens", "/organisation?view=tokens"),
    ):
        yield name, owner, partial(_open, path=path, seen=table)
    yield "tasks", owner, partial(_held, path=f"/projects/{project}/work?view=tasks")


def _open(page: Page, path: str, seen: str) -> None:
    page.goto(path)
    page.wait_for_selector(seen)


def _held(page: Page, path: str) -> None:
    """Choose the first tasks that somebody holds."""
    _open(page, f"{path}&holder=anybody", "[data-choose]")
    page.locator("[data-choose]").first.focus()
    for key in ("Space", "Shift+ArrowDown"):
        page.keyboard.press(key)


def _project(place: Workspace) -> str:
    """Make a project with a team, answers, leases, and a second batch that is late."""
    mails = [{"unique_id": f"mail-{n}", "text": f"Where is parcel {n}?"} for n in range(MAILS)]
    project = place.make_project("text", KINDS, mails, name="What do they write about?", overlap=2)
    members = [_member(place, project, name) for name in TEAM]
    for member in members:
        _work(place, project, member)
    pause = {"project": project, "reason": "Answers faster than one can read", "requeue_days": 0}
    place.call("POST", f"/v1/text/annotators/{members[-1].id}/pause", pause)
    (first,) = place.call("GET", f"/v1/text/batches?project={project}")["items"]
    soon, gone = datetime.now(UTC) + timedelta(days=2), datetime.now(UTC) - timedelta(hours=30)
    change = {"priority": "high", "deadline": soon.isoformat()}
    place.call("PATCH", f"/v1/text/batches/{first['id']}", change)
    dataset = place.call("POST", "/v1/datasets", {"name": "late mails", "modality": "text"})["id"]
    for number in range(CLAIMED):
        item = {"payload": {"text": f"Complaint {number}"}, "unique_id": f"late-{number}"}
        place.call("POST", f"/v1/datasets/{dataset}/items", item)
    late = {"project": project, "dataset": dataset, "name": "Complaints of October", "target": SURE}
    made = place.call("POST", "/v1/text/batches", {**late, "deadline": gone.isoformat(), "overlap": 2})
    place.stand.await_job(made["job"])
    return project


def _member(place: Workspace, project: str, name: str) -> Person:
    body = {"name": name, "role": "annotator", "email": f"{name.split()[0].lower()}@example.org"}
    member = str(place.call("POST", "/v1/members", body)["id"])
    place.call("PUT", f"/v1/projects/{project}/members/{member}", {"role": "annotator"})
    token = place.call("POST", "/v1/tokens", {"member": member, "name": f"laptop of {name}"})["token"]
    return Person(member, str(token))


def _work(place: Workspace, project: str, member: Person) -> None:
    """Claim some tasks, answer most of them, and hold the others."""
    asked = {"project": project, "count": CLAIMED}
    leases = place.call("POST", "/v1/text/claims", asked, token=member.token)["assignments"]
    connection = Connection(place.stand.address, member.token, 30.0)
    for lease in leases[:ANSWERED]:
        body = {"fence": lease["fence"], "answer": {"classification": [{"label": "question"}]}, "seconds": 4}
        path = f"/v1/text/assignments/{lease['id']}/submission"
        reply = connection.call(b"POST", path.encode(), json.dumps(body).encode(), lease["id"].encode())
        assert reply.status == 200, reply.body
    connection.close()
