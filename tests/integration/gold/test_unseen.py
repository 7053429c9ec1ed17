"""Nothing an annotator can ask tells a gold task from another, and nobody sees another's skill."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import asyncpg
import httpx
import pytest

from annotary.kernel.ids import format_id, new_id
from annotary.migration.store_pace import QUERIES as PACE
from annotary.operations.hops.store import QUERIES as HOPS
from integration.dispatch.work import ORGANISATION
from integration.gold.stage import Stage, member

ANSWER = {"classification": [{"label": "yes"}]}
_keys = itertools.count()


class Person:
    """A member with a token, and what they ask the service of texts."""

    def __init__(self, client: Any, stage: Stage, role: str = "annotator") -> None:
        self.member = new_id()
        self._client, self._stage, self._role = client, stage, role
        self._token = "ann_" + uuid.uuid4().hex + "01234567890"

    async def enter(self) -> Person:
        """Come into the service's copies."""
        execute = self._stage.work.database.execute
        await execute(
            "INSERT INTO organisations (id, name) VALUES ($1, 'o') ON CONFLICT DO NOTHING", ORGANISATION
        )
        await execute(
            "INSERT INTO members (id, organisation_id, name, role) VALUES ($1, $2, 'm', $3)",
            *(self.member, ORGANISATION, self._role),
        )
        await execute(
            "INSERT INTO tokens (id, organisation_id, member_id, name, hash) VALUES ($1, $2, $3, 't', $4)",
            *(new_id(), ORGANISATION, self.member, hashlib.sha256(self._token.encode()).digest()),
        )
        await execute(
            "INSERT INTO project_members (project_id, member_id, organisation_id, role)"
            " VALUES ($1, $2, $3, 'annotator')",
            *(self._stage.work.project, self.member, ORGANISATION),
        )
        return self

    async def ask(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        """Ask, and return the reply."""
        headers = {"authorization": f"Bearer {self._token}"}
        if method == "POST":
            headers["idempotency-key"] = f"key-{next(_keys)}"
        return await self._client.request(
            method, f"/v1/text/{path}", json=body, params=params or None, headers=headers
        )


# What the service does every few seconds belongs to no request.
BY_THE_CLOCK = {PACE.note_pace, PACE.add_refusals, HOPS.totals}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Counts the statements that the service sends to its database."""
    sent: list[str] = []
    original, simple = asyncpg.Connection._execute, asyncpg.Connection.execute

    async def execute(self: Any, query: str, *arguments: Any, **more: Any) -> Any:
        if query not in BY_THE_CLOCK:
            sent.append(query)
        return await original(self, query, *arguments, **more)

    async def execute_simply(self: Any, query: str, *arguments: Any, **more: Any) -> Any:
        if not arguments:
            sent.append(query)
        return await simple(self, query, *arguments, **more)

    monkeypatch.setattr(asyncpg.Connection, "_execute", execute)
    monkeypatch.setattr(asyncpg.Connection, "execute", execute_simply)

    @contextlib.contextmanager
    def count() -> Iterator[list[str]]:
        sent.clear()
        yield sent

    return count


def shape(value: Any) -> Any:
    """Return a reply without what differs from task to task: the names and kinds that are left."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value]
    return type(value).__name__


async def test_a_gold_task_looks_and_costs_like_any_other(
    stage: Stage, client: httpx.AsyncClient, counted: Any
) -> None:
    tasks = await stage.work.add_tasks(40)
    gold = set(await stage.gold(0, tasks=tasks[5:25]))
    await stage.ask(gold={"first": 6})
    project = format_id("project", stage.work.project)
    person = await Person(client, stage).enter()
    seen: dict[bool, set[str]] = {True: set(), False: set()}
    for number in range(12):
        trace: list[Any] = []
        with counted() as sent:
            claimed = await person.ask("POST", "claims", {"project": project})
            trace += [shape(claimed.json()), list(sent)]
        (lease,) = claimed.json()["assignments"]
        is_gold = uuid.UUID(hex=lease["task"]["id"].removeprefix("task_")) in gold
        path, fence = f"assignments/{lease['id']}", {"fence": lease["fence"]}
        steps = (
            ("GET", path, None, {}),
            ("GET", f"{path}/feedback", None, {}),
            ("PUT", f"{path}/draft", fence | {"answer": ANSWER}, {}),
            ("GET", f"{path}/draft", None, {}),
            ("POST", f"{path}/renew", fence, {}),
            ("GET", "assignments", None, {}),
            ("POST", f"{path}/submission", fence | {"answer": ANSWER, "seconds": 1.0}, {}),
            ("GET", path, None, {}),
            ("GET", f"{path}/feedback", None, {}),
            ("GET", f"{path}/draft", None, {}),
            ("GET", "submissions", None, {"task": lease["task"]["id"]}),
            ("GET", f"tasks/{lease['task']['id']}", None, {}),
            ("GET", f"outcomes/{lease['task']['id']}", None, {}),
            ("GET", "gold", None, {"project": project}),
            ("GET", "annotators", None, {"project": project}),
            ("GET", "skill", None, {"project": project}),
        )
        for method, where, body, params in steps:
            with counted() as sent:
                reply = await person.ask(method, where, body, **params)
                trace += [method, reply.status_code, sorted(reply.headers), shape(reply.json()), list(sent)]
        await stage.catch_up()
        if number:  # at first some things are looked up that are kept then
            seen[is_gold].add(repr(trace))
    assert seen[True] and seen[True] == seen[False]


async def test_counts_of_a_project_do_not_tell_whether_the_last_answer_was_to_gold(
    stage: Stage, client: httpx.AsyncClient
) -> None:
    await stage.work.add_tasks(123)
    project = format_id("project", stage.work.project)
    person, manager = await Person(client, stage).enter(), await Person(client, stage, "manager").enter()
    await stage.gold(4)
    rough = (await person.ask("GET", "progress", project=project)).json()
    exact = (await manager.ask("GET", "progress", project=project)).json()
    assert (exact["tasks"], exact["open"]) == (127, 123) and (rough["tasks"], rough["open"]) == (120, 120)
    assert all(count % 10 == 0 for count in rough.values())


async def test_an_annotator_sees_only_their_own_skill_and_only_that_of_yesterday(
    stage: Stage, client: httpx.AsyncClient
) -> None:
    project = format_id("project", stage.work.project)
    await stage.ask(gold={"first": 3})
    await stage.gold(3)
    person, other = await Person(client, stage).enter(), await Person(client, stage).enter()
    manager = await Person(client, stage, "manager").enter()
    caller = member()
    for who in (person, other):
        mine = caller.__class__(who.member, ORGANISATION, caller.role, "m", {})
        await stage.work_on(mine, 3)
    await stage.catch_up()
    mine = {"project": project, "member": format_id("member", person.member)}
    assert (await other.ask("GET", "skill", **mine)).status_code == 404
    (own,) = (await person.ask("GET", "skill", project=project)).json()["items"]
    assert (own["member"], own["skill"], own["gold_answers"], own["days"]) == (mine["member"], None, 0, [])
    everybody = (await manager.ask("GET", "skill", project=project)).json()["items"]
    assert len(everybody) == 2 and {one["gold_answers"] for one in everybody} == {3}
    assert everybody[0]["labels"]["yes"]["answers"] == 3
    await stage.work.step_clock(86400)
    (own,) = (await person.ask("GET", "skill", project=project)).json()["items"]
    assert own["skill"] == everybody[0]["skill"] and own["low"] < own["skill"] < own["high"]
    assert len(own["days"]) == 1


async def test_feedback_is_for_those_in_training_after_the_answer(
    stage: Stage, client: httpx.AsyncClient
) -> None:
    project = format_id("project", stage.work.project)
    person, other = await Person(client, stage).enter(), await Person(client, stage).enter()
    await stage.ask(gold={"first": 1}, training=True)
    await stage.gold(1)
    (lease,) = (await person.ask("POST", "claims", {"project": project})).json()["assignments"]
    path = f"assignments/{lease['id']}"
    assert (await person.ask("GET", f"{path}/feedback")).json()["code"] == "no_feedback"
    wrong = {"classification": [{"label": "no"}]}
    body = {"fence": lease["fence"], "answer": wrong, "seconds": 1.0}
    given = (await person.ask("POST", f"{path}/submission", body)).json()["submission_id"]
    at_once = (await person.ask("GET", f"{path}/feedback")).json()
    assert (at_once["known"], at_once["answer"], at_once["score"]) == (ANSWER, wrong, None)
    await stage.catch_up()
    # A second thought after the feedback is an answer, but not a better one to be judged by.
    await person.ask("POST", f"submissions/{given}/revision", {"answer": ANSWER, "seconds": 1.0})
    await stage.catch_up()
    judged = (await person.ask("GET", f"{path}/feedback")).json()
    assert (judged["answer"], judged["score"], judged["labels"]) == (wrong, 0.0, {"no": 0.0, "yes": 0.0})
    assert (await other.ask("GET", f"{path}/feedback")).status_code == 404
    await stage.ask(gold={"first": 1})
    assert (await person.ask("GET", f"{path}/feedback")).json()["code"] == "no_feedback"
