"""The contract of the calls that load clients and workspaces live on, through the service's application."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from annotary.kernel.ids import format_id
from integration.dispatch.conftest import Service

ANSWER = {"classification": [{"label": "yes"}]}


async def test_claim_submit_and_next_are_as_the_contract_says(service: Service) -> None:
    await service.work.add_tasks(3)
    client = await service.client()
    reply = (await client.post("/claims", json={"project": service.project})).json()
    (given,) = reply["assignments"]
    assert set(given) == {"id", "fence", "expires_at", "task"}
    task = given["task"]
    assert {"id", "unique_id", "stage", "ontology_version", "item", "suggestions"} <= set(task)
    assert task["item"] == {"text": "hello"} and task["stage"] == "annotate"
    body = {"fence": given["fence"], "answer": ANSWER, "seconds": 2.5, "claim_next": 1}
    path = f"/assignments/{given['id']}/submission"
    first = await client.post(path, json=body, headers={"Idempotency-Key": "a"})
    assert first.status_code == 200, first.text
    assert len(first.json()["next"]) == 1
    again = await client.post(path, json=body, headers={"Idempotency-Key": "a"})
    assert again.content == first.content and again.headers["Idempotency-Replayed"] == "true"
    assert first.headers["X-Request-Id"] and int(first.headers["RateLimit-Remaining"]) > 0
    stored = (await client.get(f"/submissions/{first.json()['submission_id']}")).json()
    assert stored["answer"] == ANSWER and stored["seconds"] == 2.5 and stored["counts"]


async def test_refusals_say_what_and_where(service: Service) -> None:
    await service.work.add_tasks(2)
    client, other = await service.client(), await service.client()
    (given,) = (await client.post("/claims", json={"project": service.project})).json()["assignments"]
    path = f"/assignments/{given['id']}/submission"
    good = {"fence": given["fence"], "answer": ANSWER, "seconds": 1}
    key = {"Idempotency-Key": "k"}

    def wrong(answer: Any) -> dict[str, Any]:
        return {**good, "answer": answer}

    bad_label = wrong({"classification": [{"label": "maybe"}]})
    tries: list[tuple[Any, dict[str, str], int, str, str | None]] = [
        (good, {}, 400, "malformed", None),
        (bad_label, key, 422, "invalid_answer", "/answer/classification/0/label"),
        (wrong({"boxes": []}), key, 422, "invalid_answer", "/answer/boxes"),
        ({**good, "fence": "1"}, key, 422, "invalid", "/fence"),
        ({**good, "seconds": -1}, key, 422, "invalid", "/seconds"),
        ({**good, "fence": given["fence"] - 1}, key, 409, "stale_fence", None),
    ]
    for body, headers, status, code, where in tries:
        reply = await client.post(path, json=body, headers=headers)
        problem = reply.json()
        assert (reply.status_code, problem["code"], problem["path"]) == (status, code, where), problem
        assert reply.headers["content-type"].startswith("application/problem+json") and problem["request_id"]
    reply = await client.post(path, content=b'{"fence": 1, "answer": ' + b"[" * 10_000, headers=key)
    assert reply.status_code == 422 and reply.json()["path"].startswith("/answer/0/0")
    body = b'{"fence":1,"seconds":1,"answer":{"classification":[{"label":NaN}]}}'
    problem = (await client.post(path, content=body, headers=key)).json()
    assert (problem["code"], problem["path"]) == ("invalid_answer", "/answer/classification/0/label"), problem
    assert (await other.post(path, json=good, headers=key)).json()["code"] == "unknown_assignment"
    unknown = f"/assignments/asg_{'0' * 32}/submission"
    assert (await client.post(unknown, json=good, headers=key)).status_code == 404
    assert await service.work.rows("SELECT 1 FROM submissions") == []


async def test_who_is_not_on_the_project_gets_nothing(service: Service) -> None:
    await service.work.add_tasks(1)
    stranger = await service.client(on_project=False)
    assert (await stranger.post("/claims", json={"project": service.project})).status_code == 404
    assert (await stranger.post("/claims", json={})).json() == {"assignments": []}
    transport = httpx.ASGITransport(app=service.app)
    nobody = httpx.AsyncClient(transport=transport, base_url="http://text/v1/text")
    assert (await nobody.post("/claims", json={})).status_code == 401
    annotator = await service.client()
    assert (await annotator.get("/tasks", params={"project": service.project})).status_code == 403
    assert len((await annotator.post("/claims", json={})).json()["assignments"]) == 1


async def test_drafts_have_etags_and_survive_a_lost_lease(service: Service) -> None:
    await service.work.add_tasks(1)
    client = await service.client()
    (given,) = (await client.post("/claims", json={})).json()["assignments"]
    path = f"/assignments/{given['id']}/draft"
    first = await client.put(path, json={"fence": given["fence"], "answer": {"half": "done"}})
    assert first.headers["ETag"] == '"1"'
    second = await client.put(path, json={"fence": given["fence"], "answer": {}}, headers={"If-Match": '"1"'})
    assert second.headers["ETag"] == '"2"'
    late = await client.put(path, json={"fence": given["fence"], "answer": {}}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    await service.work.step_clock(601)
    body = {"fence": given["fence"], "answer": ANSWER, "seconds": 1}
    submit = f"/assignments/{given['id']}/submission"
    lost = await client.post(submit, json=body, headers={"Idempotency-Key": "x"})
    assert lost.json()["code"] == "lease_expired"
    assert (await client.get(path)).json()["answer"] == ANSWER


async def test_a_revision_supersedes_and_counts_once(service: Service) -> None:
    await service.work.add_tasks(1)
    client, other = await service.client(), await service.client()
    (given,) = (await client.post("/claims", json={})).json()["assignments"]
    body = {"fence": given["fence"], "answer": ANSWER, "seconds": 1}
    path = f"/assignments/{given['id']}/submission"
    first = (await client.post(path, json=body, headers={"Idempotency-Key": "x"})).json()["submission_id"]
    change = {"answer": {"classification": [{"label": "no"}]}, "seconds": 3}
    assert (await other.post(f"/submissions/{first}/revision", json=change)).status_code == 404
    revised = await client.post(
        f"/submissions/{first}/revision", json=change, headers={"Idempotency-Key": "r"}
    )
    again = await client.post(f"/submissions/{first}/revision", json=change, headers={"Idempotency-Key": "r"})
    assert revised.json() == again.json() and revised.json()["submission_id"] != first
    assert (await client.post(f"/submissions/{first}/revision", json=change)).json()["code"] == "superseded"
    mine = (await client.get("/submissions", params={"project": service.project})).json()["items"]
    assert [(one["id"] == first, one["counts"]) for one in mine] == [(True, False), (False, True)]


async def test_managers_pause_requeue_and_reassign(service: Service) -> None:
    (task,) = await service.work.add_tasks(1)
    outside = format_id("task", task)
    manager, one, other = await service.client("manager"), await service.client(), await service.client()
    assert (await manager.post("/tasks/pause", json={"tasks": [outside]})).json() == {"changed": 1}
    assert (await one.post("/claims", json={})).json() == {"assignments": []}
    assert (await manager.post("/tasks/resume", json={"tasks": [outside]})).json() == {"changed": 1}
    (given,) = (await one.post("/claims", json={})).json()["assignments"]
    member = format_id("member", service.newest_member)
    reply = await manager.post(f"/tasks/{outside}/reassign", json={"member": member})
    assert reply.status_code == 204, reply.text
    body = {"fence": given["fence"], "answer": ANSWER, "seconds": 1}
    submit = f"/assignments/{given['id']}/submission"
    refused = await one.post(submit, json=body, headers={"Idempotency-Key": "x"})
    assert refused.json()["code"] == "stale_fence"
    assert (await one.post("/claims", json={})).json() == {"assignments": []}, "it is kept for the other"
    (kept,) = (await other.post("/claims", json={})).json()["assignments"]
    body["fence"] = kept["fence"]
    await other.post(f"/assignments/{kept['id']}/submission", json=body, headers={"Idempotency-Key": "y"})
    assert (await manager.get(f"/tasks/{outside}")).json()["state"] == "done"
    assert (await manager.post("/tasks/requeue", json={"tasks": [outside]})).json() == {"changed": 1}
    assert len((await one.post("/claims", json={})).json()["assignments"]) == 1
    assert (await one.post("/tasks/requeue", json={"tasks": [outside]})).status_code == 403


async def test_a_waiting_claim_gets_work_when_it_comes_and_holds_no_place(service: Service) -> None:
    client, manager = await service.client(), await service.client("manager")
    (task,) = await service.work.add_tasks(1)
    outside = {"tasks": [format_id("task", task)]}
    await manager.post("/tasks/pause", json=outside)
    key = {"Idempotency-Key": "a key that waits is not used up by finding nothing at first"}
    waiting = asyncio.create_task(client.post("/claims", json={"wait_ms": 30_000}, headers=key, timeout=40))
    while service.app.waiting == 0:
        await asyncio.sleep(0)
    assert service.app.in_flight == 0
    await manager.post("/tasks/resume", json=outside)
    async with asyncio.timeout(25):
        found = (await waiting).json()
    assert len(found["assignments"]) == 1
    assert (await client.post("/claims", json={"wait_ms": 30_000}, headers=key)).json() == found
    assert service.app.waiting == service.app.in_flight == 0


@pytest.mark.parametrize("count", [0, -1, 101])
async def test_claim_counts_are_bounded(service: Service, count: int) -> None:
    client = await service.client()
    reply = await client.post("/claims", json={"count": count})
    assert (reply.status_code, reply.json()["path"]) == (422, "/count")


@pytest.mark.parametrize(("reason", "status"), [('"a\\u0000b"', 422), ('"half a pair: \\ud8a9"', 400)])
async def test_text_that_nobody_can_store_is_the_senders_fault(
    service: Service, reason: str, status: int
) -> None:
    await service.work.add_tasks(1)
    client = await service.client()
    (given,) = (await client.post("/claims", json={"project": service.project})).json()["assignments"]
    body = f'{{"fence": {given["fence"]}, "reason": {reason}}}'
    refused = await client.post(f"/assignments/{given['id']}/skip", content=body)
    assert refused.status_code == status, refused.text
    assert (await client.get("/assignments")).json()["items"], "the lease is still there"
