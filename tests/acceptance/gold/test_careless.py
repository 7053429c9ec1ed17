"""A careless annotator is found by gold, paused, and their work done again by others, through the API."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from bench import stand as stands
from bench.stand import ANNOTARY, Stand
from bench.texts import CLASSES

pytestmark = pytest.mark.alone

GOLD, ORDINARY = 8, 12
GOOD, BAD = ({"classification": [{"label": label}]} for label in ("good", "bad"))
SECONDS_MAX = 240.0
REQUEUED = (
    "SELECT data ->> 'assignment' AS assignment, count(*) AS times FROM text.events"
    " WHERE type = 'submission.discounted' GROUP BY 1"
)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    made = stands.start(tmp_path_factory.mktemp("gold") / "data")
    yield made
    stands.stop(made)


def until(ask: Callable[[], Any]) -> Any:
    """Ask again until the answer is true; the test fails when it never is."""
    deadline = time.monotonic() + SECONDS_MAX
    while not (answer := ask()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return answer


def test_careless_work_is_paused_and_done_again_once(stand: Stand, tmp_path: Path) -> None:
    project = stand.project(
        "careless",
        "text",
        CLASSES,
        quality={
            "gold": {"first": GOLD},
            "skill": {"pause_below": 0.6, "answers_min": GOLD, "requeue_days": 1},
        },
    )
    known = {f"row-{n}" for n in range(1, 2 * GOLD, 2)}
    rows: list[dict[str, Any]] = [
        {"unique_id": f"row-{n}", "text": f"text {n}"} for n in range(GOLD + ORDINARY)
    ]
    rows = [row | ({"gold": {"answer": GOOD}} if row["unique_id"] in known else {}) for row in rows]
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    stand.import_rows(project, file)
    careless, careful = stand.annotators(project, 2)

    held = claim(stand, project, careless)
    assert len(held) == GOLD + ORDINARY
    # One that is no gold task is kept: its lease is taken back. All gold is answered, wherever it was given.
    ordinary = [lease for lease in held if lease["task"]["unique_id"] not in known]
    answered = [lease for lease in held if lease is not ordinary[0]]
    for lease in answered:
        answer(stand, lease, careless, BAD)
    os.kill(stand.pid("worker"), signal.SIGKILL)
    (paused,) = until(lambda: [one for one in annotators(stand, project) if one["state"] == "paused"])
    assert paused["reason"].startswith("skill 0.0")
    assert claim(stand, project, careless) == []
    until(lambda: requeued(stand))

    # What the careless one left is all free again, and done by the careful one.
    until(lambda: not stand.call("GET", "/v1/text/assignments", token=careless)["items"])
    done = 0
    while leases := claim(stand, project, careful):
        for lease in leases:
            answer(stand, lease, careful, GOOD)
            done += 1
    assert done == GOLD + ORDINARY
    outcomes = until(lambda: whole(stand, project))
    assert {json.dumps(one["answer"]) for one in outcomes} == {json.dumps(GOOD)}
    assert all(len(one["submissions"]) == 1 for one in outcomes)
    again = asyncio.run(read(stand.database_url))
    asked_again = [str(UUID(lease["id"].removeprefix("asg_"))) for lease in ordinary[1:]]
    assert again == dict.fromkeys(asked_again, 1), "each was asked again once"

    skills = {one["state"]: one for one in until(lambda: measured(stand, project))}
    assert skills["paused"]["skill"] < 0.2 < 0.9 < skills["active"]["skill"]
    gold = command(stand, "gold", "list", "--project", project)["gold"]
    assert len(gold) == GOLD and {one["exposures"] for one in gold} == {2}
    assert command(stand, "gold", "retire", "--project", project, gold[0]["task"])["changed"] == 1
    people = command(stand, "annotators", "list", "--project", project)["annotators"]
    assert {one["state"] for one in people} == {"paused", "active"}


def claim(stand: Stand, project: str, token: str) -> list[dict[str, Any]]:
    reply = stand.call("POST", "/v1/text/claims", {"project": project, "count": 100}, token=token)
    return list(reply["assignments"])


def answer(stand: Stand, lease: dict[str, Any], token: str, said: Any) -> None:
    body = {"fence": lease["fence"], "answer": said, "seconds": 1.0}
    connection = stands.Connection(stand.address, token, 30.0)
    path = f"/v1/text/assignments/{lease['id']}/submission"
    reply = connection.call(b"POST", path.encode(), json.dumps(body).encode(), lease["id"].encode())
    connection.close()
    assert reply.status == 200, reply


def annotators(stand: Stand, project: str) -> list[dict[str, Any]]:
    return list(stand.call("GET", f"/v1/text/annotators?project={project}")["items"])


def whole(stand: Stand, project: str) -> list[dict[str, Any]]:
    """Return the outcomes, once there is one for every ordinary task."""
    found = list(stand.call("GET", f"/v1/text/outcomes?project={project}")["items"])
    return found if len(found) == ORDINARY else []


def measured(stand: Stand, project: str) -> list[dict[str, Any]]:
    """Return the skills, once every answer to gold is in them: a skill of some of them says less."""
    skills = list(command(stand, "skill", "--project", project)["skills"])
    return skills if all(one["gold_answers"] == GOLD for one in skills) else []


def requeued(stand: Stand) -> bool:
    """Say whether every pause has done its work."""
    return bool(asyncio.run(read(stand.database_url)))


async def read(url: str) -> dict[str, int]:
    """Return how often each answer was asked again."""
    connection = await asyncpg.connect(url)
    try:
        under_way = await connection.fetchval("SELECT count(*) FROM text.pauses WHERE state <> 'done'")
        rows = await connection.fetch(REQUEUED) if not under_way else []
        return {row["assignment"]: row["times"] for row in rows}
    finally:
        await connection.close()


def command(stand: Stand, *arguments: str) -> Any:
    where = ("--url", stand.url, "--token", stand.owner_token, "--json")
    done = subprocess.run([ANNOTARY, *arguments, *where], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
