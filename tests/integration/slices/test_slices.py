"""Slices, actions on all that match, and items over HTTP: who may, what is told, what is met once."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from annotary.kernel import limits
from annotary.kernel.ids import format_id
from annotary.slices import service_actions
from integration.slices.stock import Stock

Make = Callable[[str], Awaitable[Any]]
numbers = itertools.count()


class Office:
    """A stock of texts and calls to the service of text."""

    def __init__(self, stock: Stock, client: Any) -> None:
        self.stock, self.client = stock, client
        self.project = format_id("project", stock.project)

    async def call(self, who: dict[str, str], method: str, path: str, body: Any = None) -> Any:
        key = {} if method == "GET" else {"Idempotency-Key": f"k-{next(numbers)}"}
        return await self.client.request(method, f"/v1/text{path}", json=body, headers={**who, **key})

    async def act(self, who: dict[str, str], action: str, asked: Any) -> tuple[int, int, int]:
        """Act step by step; returns how many steps, how many tasks were looked at, and how many changed."""
        steps, looked_at, changed, after = 0, 0, 0, None
        while True:
            body = {"project": self.project, "action": action, "filter": asked, "after": after}
            reply = await self.call(who, "POST", "/data/actions", body)
            assert reply.status_code == 200, reply.text
            step = reply.json()
            steps, looked_at, changed = steps + 1, looked_at + step["looked_at"], changed + step["changed"]
            if (after := step["after"]) is None:
                return steps, looked_at, changed


@pytest.fixture
def open_office(open_stock: Any, make_client: Make) -> Callable[[], Awaitable[Office]]:
    async def open_one() -> Office:
        return Office(await open_stock(7), await make_client("text"))

    return open_one


async def test_slices_are_kept_shared_changed_and_removed(open_office: Any) -> None:
    office = await open_office()
    seed, project = office.stock.seed, office.stock.project
    manager = await seed.hire("manager")
    reviewer, other = [await seed.hire("reviewer", project=project) for _ in range(2)]
    annotator, stranger = await seed.hire("annotator", project=project), await seed.hire("annotator")
    body = {"project": office.project, "name": "Unsure", "filter": {"confidence": [0, 0.5]}}
    assert (await office.call(annotator, "POST", "/slices", body)).status_code == 403
    assert (await office.call(stranger, "POST", "/slices", body)).status_code == 404
    made = await office.call(reviewer, "POST", "/slices", body)
    assert made.status_code == 201 and made.json()["filter"] == body["filter"]
    assert (await office.call(manager, "POST", "/slices", body)).json()["code"] == "already_exists"
    named = {**body, "name": "Who", "filter": {"annotators": [format_id("member", office.stock.members[0])]}}
    assert (await office.call(reviewer, "POST", "/slices", named)).status_code == 403

    path = f"/slices/{made.json()['id']}"
    listed = await office.call(other, "GET", f"/slices?project={office.project}")
    assert [one["name"] for one in listed.json()["items"]] == ["Unsure"]
    assert (await office.call(other, "PATCH", path, {"name": "Mine"})).status_code == 403
    assert (await office.call(stranger, "DELETE", path)).status_code == 404
    changed = await office.call(manager, "PATCH", path, {"filter": {"issues": True}})
    assert changed.json()["filter"] == {"issues": True} and changed.json()["name"] == "Unsure"
    stale = await office.client.patch(
        f"/v1/text{path}", json={"name": "Old"}, headers={**reviewer, "If-Match": '"1"'}
    )
    assert stale.status_code == 412
    assert (await office.call(reviewer, "DELETE", path)).status_code == 200
    assert (await office.call(reviewer, "DELETE", path)).status_code == 404
    told = await seed.database.fetch("SELECT type FROM events WHERE type LIKE 'slice.%' ORDER BY sequence")
    assert [row["type"] for row in told] == ["slice.saved", "slice.changed", "slice.removed"]


async def test_an_action_meets_each_task_once_though_it_leaves_the_filter(
    open_office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = await open_office()
    manager = await office.stock.seed.hire("manager")
    reviewer = await office.stock.seed.hire("reviewer", project=office.stock.project)
    for module in (limits, service_actions):
        monkeypatch.setattr(module, "SLICE_TASKS_PER_ACTION_MAX", 5)
    asked = {"states": ["open"], "labels": ["good", "bad"]}
    expected = [one.task for one in office.stock.things if office.stock.finds(one, asked)]
    body = {"project": office.project, "filter": asked}
    counts = (await office.call(reviewer, "POST", "/data/counts", body)).json()
    assert counts == {"count": len(expected), "states": {"open": len(expected)}} and len(expected) > 5
    refused = await office.call(reviewer, "POST", "/data/actions", {**body, "action": "pause"})
    assert refused.status_code == 403
    steps, looked_at, changed = await office.act(manager, "pause", asked)
    assert (looked_at, changed) == (len(expected), len(expected)) and steps == len(expected) // 5 + 1
    rows = await office.stock.seed.database.fetch(
        "SELECT subject_id FROM events WHERE type = 'task.paused' ORDER BY subject_id"
    )
    assert [row["subject_id"] for row in rows] == sorted(expected)
    assert await office.act(manager, "pause", asked) == (1, 0, 0)


async def test_gold_is_made_of_what_has_an_accepted_outcome(open_office: Any) -> None:
    office = await open_office()
    manager = await office.stock.seed.hire("manager")
    fit = [one for one in office.stock.things if one.state == "done" and one.labels]
    _, looked_at, changed = await office.act(manager, "gold", {})
    assert looked_at == len(office.stock.things) and changed == len(fit) > 0
    body = {"project": office.project, "filter": {"gold": True}}
    counts = (await office.call(manager, "POST", "/data/counts", body)).json()
    assert counts == {"count": len(fit), "states": {"gold": len(fit)}}


async def test_an_item_tells_all_and_reviewers_not_who(open_office: Any) -> None:
    office = await open_office()
    seed = office.stock.seed
    thing = next(one for one in office.stock.things if len(one.said) > 1 and one.metadata)
    path = f"/data/{format_id('task', thing.task)}"
    manager = await seed.hire("manager")
    item = (await office.call(manager, "GET", path)).json()
    assert item["payload"] == {"text": thing.text} and item["metadata"] == thing.metadata
    assert {one["told"][0]["word"] for one in item["answers"]} == thing.said
    assert {one["member"] for one in item["answers"]} == {format_id("member", one) for one in thing.members}
    assert item["outcome"]["told"][0]["word"] in thing.labels and all(
        one["counts"] for one in item["answers"]
    )
    by_item = await office.call(manager, "GET", f"/data/{item['found']['item']}?project={office.project}")
    assert by_item.json()["found"]["task"] == item["found"]["task"]
    reviewer = await seed.hire("reviewer", project=office.stock.project)
    seen = (await office.call(reviewer, "GET", path)).json()
    assert {(one["member"], one["name"]) for one in seen["answers"]} == {(None, None)}
    annotator, stranger = (
        await seed.hire("annotator", project=office.stock.project),
        await seed.hire("annotator"),
    )
    assert (await office.call(annotator, "GET", path)).status_code == 403
    assert (await office.call(stranger, "GET", path)).status_code == 404
