"""Reviews, issues and audits over HTTP: who may do what, what is repeated once, what an audit says."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec
import pytest

from annotary.eventlog.consumer import consume_once
from annotary.identity.rules import token_hash
from annotary.kernel.ids import format_id
from annotary.quality.jobs import consensus_consumer
from annotary.review.jobs import reviews_consumer

Make = Callable[[str], Awaitable[Any]]
GOOD = {"classification": [{"label": "good"}]}
BAD = {"classification": [{"label": "bad"}]}
numbers = itertools.count()


class Office:
    """A project of texts with answered tasks, and calls to the service of text."""

    def __init__(self, seed: Any, client: Any, project: Any, tasks: list[Any]) -> None:
        self.seed, self.client, self.tasks = seed, client, tasks
        self.project = format_id("project", project)
        self.database = seed.database

    async def call(self, who: dict[str, str], method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Send a request under a key of its own."""
        key = {"Idempotency-Key": more.pop("key", f"k-{next(numbers)}")} if method == "POST" else {}
        return await self.client.request(method, f"/v1/text{path}", json=body, headers={**who, **key}, **more)

    async def claim(self, who: dict[str, str], count: int = 1) -> list[dict[str, Any]]:
        """Lease reviews."""
        reply = await self.call(who, "POST", "/reviews/claims", {"project": self.project, "count": count})
        assert reply.status_code == 200, reply.text
        return list(reply.json()["reviews"])

    async def decide(self, who: dict[str, str], review: dict[str, Any], verdict: str, **more: Any) -> Any:
        """Give a verdict."""
        body = {"fence": review["fence"], "verdict": verdict, **more}
        return await self.call(who, "POST", f"/reviews/{review['id']}/verdict", body)

    async def follow(self) -> None:
        """Let the consumers catch up."""
        for consumer in (consensus_consumer(self.database), reviews_consumer(self.database)):
            while await consume_once(consumer):
                pass


@pytest.fixture
def open_office(make_seed: Make, make_client: Make) -> Callable[..., Awaitable[Office]]:
    async def open_one(tasks: int = 1, policy: str = "all") -> Office:
        seed, client = await make_seed("text"), await make_client("text")
        project = await seed.project()
        quality = msgspec.json.encode({"review": {"policy": policy}}).decode()
        await seed.database.execute("UPDATE projects SET quality = $1", quality)
        made = await seed.tasks(project, [{"text": f"text {number}"} for number in range(tasks)])
        for task in made:
            await seed.answer(task, GOOD)
        await seed.done(*made)
        office = Office(seed, client, project, made)
        await office.follow()
        return office

    return open_one


async def test_a_review_from_claim_to_verdict(open_office: Any) -> None:
    office = await open_office()
    project = await office.database.pool.fetchval("SELECT id FROM projects")
    reviewer = await office.seed.hire("reviewer", project=project)
    annotator = await office.seed.hire("annotator", project=project)
    outsider = await office.seed.hire("annotator")
    claims = {"project": office.project}
    assert (await office.call(annotator, "POST", "/reviews/claims", claims)).status_code == 403
    assert (await office.call(outsider, "POST", "/reviews/claims", claims)).status_code == 404
    assert (await office.call(annotator, "POST", "/reviews/claims", {})).json() == {"reviews": []}

    key = {"key": "once"}
    first = await office.call(reviewer, "POST", "/reviews/claims", claims, **key)
    again = await office.call(reviewer, "POST", "/reviews/claims", claims, **key)
    assert first.json() == again.json() and again.headers["Idempotency-Replayed"] == "true"
    (review,) = first.json()["reviews"]
    assert review["outcome"]["answer"] == GOOD and review["task"]["item"] == {"text": "text 0"}
    assert "confidence" not in str(review), "how sure the consensus was must not sway the reviewer"

    renewed = await office.call(
        reviewer, "POST", f"/reviews/{review['id']}/renew", {"fence": review["fence"]}
    )
    assert renewed.status_code == 200 and renewed.json()["expires_at"] >= review["expires_at"]
    path, body = f"/reviews/{review['id']}/verdict", {"fence": review["fence"], "verdict": "amended"}
    keyless = await office.client.post(f"/v1/text{path}", json=body, headers=reviewer)
    assert keyless.status_code == 400
    remark = {"text": "this is bad", "place": {"start": 0, "end": 4}}
    sent = body | {
        "answer": BAD,
        "issues": [remark, {"text": "the label", "place": "/classification/0/label"}],
    }
    beyond = sent | {"issues": [{"text": "?", "place": {"start": 3, "end": 900}}]}
    refused = await office.call(reviewer, "POST", path, beyond)
    assert (refused.status_code, refused.json()["path"]) == (422, "/issues/0/place")
    done = await office.call(reviewer, "POST", path, sent, key="v")
    twice = await office.call(reviewer, "POST", path, sent, key="v")
    assert done.status_code == 200 and done.content == twice.content
    assert done.json()["review"]["diff"]["changed"] == 1 and len(done.json()["issues"]) == 2
    late = await office.call(reviewer, "POST", path, sent)
    assert (late.status_code, late.json()["code"]) == (409, "not_leased")

    task = format_id("task", office.tasks[0])
    manager = await office.seed.hire("manager")
    history = (await office.call(manager, "GET", f"/reviews?task={task}")).json()["items"]
    assert [(one["verdict"], one["purpose"]) for one in history] == [("amended", "stage")]
    own = (await office.call(reviewer, "GET", f"/reviews?project={office.project}")).json()["items"]
    assert [(one["id"], one["purpose"]) for one in own] == [(review["id"], None)]
    outcome = (await office.call(manager, "GET", f"/outcomes/{task}")).json()
    assert (outcome["state"], outcome["current"]["answer"], outcome["current"]["version"]) == (
        "accepted",
        BAD,
        2,
    )


async def test_issues_are_seen_by_who_was_given_the_task(open_office: Any) -> None:
    office = await open_office()
    project = await office.database.pool.fetchval("SELECT id FROM projects")
    reviewer = await office.seed.hire("reviewer", project=project)
    author = await office.seed.hire("annotator", project=project)
    stranger = await office.seed.hire("annotator", project=project)
    member = await office.database.pool.fetchval(
        "SELECT member_id FROM tokens WHERE hash = $1",
        token_hash(author["Authorization"].removeprefix("Bearer ").encode()),
    )
    await office.database.execute("UPDATE assignments SET member_id = $1", member)
    task = format_id("task", office.tasks[0])
    made = await office.call(reviewer, "POST", "/issues", {"task": task, "text": "why good?"})
    assert made.status_code == 201, made.text
    issue, path = made.json()["id"], f"/issues/{made.json()['id']}"
    said = await office.call(author, "POST", f"{path}/comments", {"text": "because"})
    assert said.status_code == 201
    seen = (await office.call(author, "GET", f"/issues?task={task}&state=open")).json()["items"]
    assert [(one["id"], one["comments"][0]["text"]) for one in seen] == [(issue, "because")]
    assert (await office.call(stranger, "GET", f"/issues?project={office.project}")).json()["items"] == []
    assert (await office.call(stranger, "GET", path)).status_code == 404
    assert (await office.call(stranger, "POST", "/issues", {"task": task, "text": "x"})).status_code == 404
    assert (await office.call(author, "POST", f"{path}/resolve")).status_code == 403
    for _ in range(2):
        assert (await office.call(reviewer, "POST", f"{path}/resolve")).json()["state"] == "resolved"
    assert (await office.call(author, "GET", f"/issues?task={task}&state=open")).json()["items"] == []


async def test_an_audit_states_the_error_rate_and_what_is_still_needed(open_office: Any) -> None:
    office = await open_office(tasks=40, policy="none")
    project = await office.database.pool.fetchval("SELECT id FROM projects")
    reviewer = await office.seed.hire("reviewer", project=project)
    manager = await office.seed.hire("manager")
    both = {"project": office.project, "size": 5, "margin": 0.1}
    assert (await office.call(manager, "POST", "/audits", both)).json()["path"] == "/size"
    assert (
        await office.call(reviewer, "POST", "/audits", {"project": office.project, "size": 5})
    ).status_code == 403
    planned = (
        await office.call(manager, "POST", "/audits", {"project": office.project, "margin": 0.2})
    ).json()
    assert 10 < planned["size"] < 40 and planned["population"] == 40 and planned["more"] == planned["size"]
    audit = (await office.call(manager, "POST", "/audits", {"project": office.project, "size": 20})).json()
    assert (audit["low"], audit["high"], audit["rate"], audit["complete"]) == (0, 1, None, False)

    given = await office.claim(reviewer, 100)
    assert len({one["task"]["id"] for one in given}) == len(given), "a task in two audits is looked at once"
    assert all(one["issues"] == [] and one["level"] == 1 for one in given)
    for number, one in enumerate(given):
        more = {"answer": BAD} if number % 4 == 1 else {}
        await office.decide(
            reviewer, one, ["accepted", "amended", "rejected", "accepted"][number % 4], **more
        )
    for found in (audit, planned):
        told = (await office.call(manager, "GET", f"/audits/{found['id']}?margin=0.05")).json()
        counted = await office.database.fetchrow(
            "SELECT count(*) FILTER (WHERE verdict IS NOT NULL) AS decided,"
            " count(*) FILTER (WHERE verdict <> 'accepted') AS errors FROM reviews WHERE audit_id = $1",
            uuid_of(found["id"]),
        )
        assert (told["decided"], told["errors"]) == tuple(counted)
        assert told["low"] <= told["errors"] / told["decided"] == told["rate"] <= told["high"]
        assert told["more"] > 0 and told["size"] == found["size"]
    states = {row["state"] for row in await office.database.fetch("SELECT state FROM tasks")}
    assert states == {"done", "open"}, "what an audit rejects is asked for again"


def uuid_of(outside: str) -> UUID:
    """Return the UUID in an outside id."""
    return UUID(hex=outside.split("_")[1])


async def test_a_draw_is_fair_and_can_be_made_again(open_office: Any) -> None:
    office = await open_office(tasks=30, policy="none")
    manager = await office.seed.hire("manager")
    counts = dict.fromkeys(office.tasks, 0)
    for _ in range(60):
        audit = (
            await office.call(manager, "POST", "/audits", {"project": office.project, "size": 10})
        ).json()
        rows = await office.database.fetch(
            "SELECT r.task_id, r.outcome_id FROM reviews r WHERE audit_id = $1", uuid_of(audit["id"])
        )
        for row in rows:
            counts[row["task_id"]] += 1
        drawn = await office.database.fetch(
            "SELECT id FROM outcomes ORDER BY sha256(int8send($1) || uuid_send(id)) LIMIT 10", audit["seed"]
        )
        assert {row["id"] for row in drawn} == {row["outcome_id"] for row in rows}
    # 60 draws with chance 1/3 each: 20 on average; seven standard deviations (3.65) to either side.
    assert all(1 <= count <= 45 for count in counts.values()) and sum(counts.values()) == 600


async def test_the_answers_behind_an_outcome_are_shown_as_the_project_says(open_office: Any) -> None:
    office = await open_office()
    project = await office.database.pool.fetchval("SELECT id FROM projects")
    reviewer = await office.seed.hire("reviewer", project=project)
    second = await office.seed.hire("reviewer", project=project)
    annotator = await office.seed.hire("annotator", project=project)
    manager = await office.seed.hire("manager")
    (review,) = await office.claim(reviewer)
    path = f"/reviews/{review['id']}/answers"
    told = (await office.call(reviewer, "GET", path)).json()
    assert [one["answer"] for one in told["answers"]] == [GOOD] and told["count"] == 1
    assert (told["shows"], told["answers"][0]["member"]) == ("answers", None)
    assert told["confidence"] == await office.database.pool.fetchval("SELECT confidence FROM outcomes")
    assert told["answers"][0]["name"] is None, "a reviewer judges answers, not people"
    assert (await office.call(second, "GET", path)).status_code == 404, "it is somebody else's review"
    assert (await office.call(annotator, "GET", path)).status_code == 403
    assert (await office.call(manager, "GET", path)).json() == told

    async def shown(what: str) -> Any:
        quality = msgspec.json.encode({"review": {"policy": "all", "shows": what}}).decode()
        await office.database.execute("UPDATE projects SET quality = $1", quality)
        return (await office.call(reviewer, "GET", path)).json()

    await office.database.execute(
        "INSERT INTO members (id, organisation_id, name, role)"
        " SELECT member_id, organisation_id, 'Ann', 'annotator' FROM submissions"
    )
    named = await shown("names")
    assert named["answers"][0]["member"].startswith("mem_") and named["answers"][0]["name"] == "Ann"
    hidden = await shown("outcome")
    assert hidden["answers"] == [] and (hidden["confidence"], hidden["count"]) == (None, 0)
