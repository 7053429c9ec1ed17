"""What managers do with tasks and batches, and see of them: who holds what, how far it is, taking back."""

from __future__ import annotations

import httpx
import pytest

from annotary.kernel.ids import format_id
from integration.dispatch.conftest import Service

ANSWER = {"classification": [{"label": "yes"}]}


def ids(reply: httpx.Response) -> set[str]:
    assert reply.status_code == 200, reply.text
    return {task["id"] for task in reply.json()["items"]}


async def submit(client: httpx.AsyncClient, given: dict[str, object]) -> None:
    body = {"fence": given["fence"], "answer": ANSWER, "seconds": 1}
    path = f"/assignments/{given['id']}/submission"
    reply = await client.post(path, json=body, headers={"Idempotency-Key": "one"})
    assert reply.status_code == 200, reply.text


async def test_tasks_are_found_by_batch_by_key_and_by_who_holds_them(service: Service) -> None:
    first = {format_id("task", one) for one in await service.work.add_tasks(3)}
    manager = await service.client("manager")
    one, other = await service.client(), await service.client()
    holder = format_id("member", service.newest_member)
    (given,) = (await other.post("/claims", json={})).json()["assignments"]
    await one.post("/claims", json={})
    second = {format_id("task", one) for one in await service.work.add_tasks(2)}
    asked = {"project": service.project}
    tasks = (await manager.get("/tasks", params=asked)).json()["items"]
    assert {task["id"] for task in tasks} == first | second
    batch = next(task["batch"] for task in tasks if task["id"] in second)
    assert ids(await manager.get("/tasks", params=asked | {"batch": batch})) == second
    assert ids(await manager.get("/tasks", params=asked | {"holder": holder})) == {given["task"]["id"]}
    assert len(ids(await manager.get("/tasks", params=asked | {"held": True}))) == 2
    key = given["task"]["unique_id"]
    (held,) = (await manager.get("/tasks", params=asked | {"unique_id": key})).json()["items"]
    (who,) = held["holders"]
    assert (who["member"], who["assignment"], who["name"]) == (holder, given["id"], "m")
    assert who["expires_at"] == given["expires_at"]
    assert (await one.get("/tasks", params=asked | {"held": True})).status_code == 403


async def test_what_is_taken_back_goes_to_whoever_claims_next(service: Service) -> None:
    (task,) = await service.work.add_tasks(1)
    manager, one, other = await service.client("manager"), await service.client(), await service.client()
    (given,) = (await one.post("/claims", json={})).json()["assignments"]
    assert (await other.post("/claims", json={})).json() == {"assignments": []}
    body = {"tasks": [format_id("task", task)], "reason": "gone home"}
    assert (await one.post("/tasks/recall", json=body)).status_code == 403
    assert (await manager.post("/tasks/recall", json=body)).json() == {"changed": 1}
    assert (await manager.post("/tasks/recall", json=body)).json() == {"changed": 0}, "nobody has it now"
    late = {"fence": given["fence"], "answer": ANSWER, "seconds": 1}
    path = f"/assignments/{given['id']}/submission"
    refused = await one.post(path, json=late, headers={"Idempotency-Key": "late"})
    assert refused.json()["code"] == "stale_fence"
    assert len((await other.post("/claims", json={})).json()["assignments"]) == 1


async def test_many_tasks_are_kept_for_a_member_but_for_those_they_had(service: Service) -> None:
    tasks = [format_id("task", one) for one in await service.work.add_tasks(3, overlap=2)]
    manager, one, other = await service.client("manager"), await service.client(), await service.client()
    member = format_id("member", service.newest_member)
    (given,) = (await other.post("/claims", json={})).json()["assignments"]
    await submit(other, given)
    body = {"tasks": tasks, "member": member}
    assert (await one.post("/tasks/reassign", json=body)).status_code == 403
    assert (await manager.post("/tasks/reassign", json=body)).json() == {"changed": 2}
    again = await manager.post(f"/tasks/{given['task']['id']}/reassign", json={"member": member})
    assert (again.status_code, again.json()["path"]) == (422, "/member")
    kept = (await other.post("/claims", json={"count": 3})).json()["assignments"]
    assert {lease["task"]["id"] for lease in kept} == set(tasks) - {given["task"]["id"]}


@pytest.mark.parametrize("target", [{"kind": "confidence", "value": 0.9, "overlap_max": 4}, None])
async def test_a_batch_is_given_a_target_and_loses_it(
    service: Service, target: dict[str, object] | None
) -> None:
    await service.work.add_tasks(2)
    manager = await service.client("manager")
    (batch,) = (await manager.get("/batches", params={"project": service.project})).json()["items"]
    path = f"/batches/{batch['id']}"
    one = {"kind": "confidence", "value": 0.8, "overlap_max": 3}
    assert (await manager.patch(path, json={"target": one})).json()["target"] == one | {"price": 0.0}
    changed = (await manager.patch(path, json={"target": target, "priority": "urgent"})).json()
    assert changed["target"] == (target and target | {"price": 0.0}) and changed["priority"] == "urgent"
    assert (await manager.patch(path, json={"priority": "low"})).json()["target"] == changed["target"]
    bad = await manager.patch(path, json={"target": one | {"overlap_max": 0}})
    assert (bad.status_code, bad.json()["path"]) == (422, "/target/overlap_max")
    late = await manager.patch(path, json={"deadline": "2030-01-01T00:00:00"})
    assert (late.status_code, late.json()["path"]) == (422, "/deadline")


async def test_the_progress_of_batches_counts_tasks_leases_and_answers(service: Service) -> None:
    await service.work.add_tasks(3, overlap=2)
    manager, one = await service.client("manager"), await service.client()
    first, _second = (await one.post("/claims", json={"count": 2})).json()["assignments"]
    await submit(one, first)
    (batch,) = (await manager.get("/batches", params={"project": service.project})).json()["items"]
    reply = await manager.get("/batches/progress", params={"project": service.project})
    counts = {"open": 3, "paused": 0, "done": 0, "cancelled": 0, "leased": 1, "asked": 6, "answered": 1}
    assert reply.json()["items"] == [{"batch": batch["id"], **counts, "answered_last_hour": 1}]
    assert (await one.get("/batches/progress", params={"project": service.project})).status_code == 403
