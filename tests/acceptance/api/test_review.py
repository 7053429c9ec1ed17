"""Reviewed from import to export, on a running installation: levels, rework, an audit, contradictions."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from acceptance.api.conftest import Api
from annotary.client import Client

TASKS = 8
WAIT_MS = 20_000
DEFINITION = {"tools": {"classification": {}}, "labels": [{"name": "good"}, {"name": "bad"}]}
GOOD, BAD = ({"classification": [{"label": name}]} for name in ("good", "bad"))
RUN = "from annotary.cli.main import main; main()"


@pytest.fixture
def people(api: Api) -> Iterator[Callable[[str, str], Client]]:
    """`people(project, role)` hires somebody and returns their client."""
    with contextlib.ExitStack() as opened:

        def hire(project: str, role: str) -> Client:
            made = {"name": f"{role} {api.key()}", "role": "annotator"}
            member = api.stand.call("POST", "/v1/members", made)["id"]
            api.stand.call("PUT", f"/v1/projects/{project}/members/{member}", {"role": role})
            token = api.stand.call("POST", "/v1/tokens", {"member": member, "name": "t"})["token"]
            return opened.enter_context(Client(api.stand.url, str(token)))

        yield hire


def make_project(api: Api, place: Path, texts: list[str], **review: Any) -> str:
    project = api.stand.project("reviewed", "text", DEFINITION, quality={"review": review})
    file = place / "texts.jsonl"
    rows = ({"unique_id": f"{number}", "text": text} for number, text in enumerate(texts))
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    api.stand.import_rows(project, file)
    return project


def claimed(client: Client, project: str) -> Any:
    (assignment,) = client.claim("text", project=project, wait_ms=WAIT_MS)
    return assignment


def review_of(client: Client, project: str) -> dict[str, Any]:
    (review,) = client.reviews.claim("text", project=project, wait_ms=WAIT_MS)
    return review


def until(found: Callable[[], Any], seconds: float = 240.0) -> Any:
    """Ask again until there is an answer."""
    deadline = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < deadline, "it does not come about"
        time.sleep(0.05)
    return answer


def command(api: Api, *words: str) -> dict[str, Any]:
    told = ["--url", api.stand.url, "--token", api.stand.owner_token, "--json"]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words, *told], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_two_levels_with_rework_up_to_the_export(
    api: Api, people: Callable[[str, str], Client], tmp_path: Path
) -> None:
    project = make_project(api, tmp_path, ["one"], policy="all", levels=2, rework_by="same")
    author, first, second = [people(project, role) for role in ("annotator", "reviewer", "reviewer")]
    owner = Client(api.stand.url, api.stand.owner_token)
    assignment = claimed(author, project)
    author.submit(assignment, GOOD, seconds=1)
    issue = {"text": "this is bad", "place": "/classification/0"}
    first.reviews.decide("text", review_of(first, project), "rejected", issues=[issue])
    again = claimed(author, project)
    assert again.task.id == assignment.task.id and author.read_draft(again).answer == GOOD
    (seen,) = author.issues.list("text", task=again.task.id)
    assert (seen["text"], seen["place"]) == ("this is bad", "/classification/0")
    author.issues.comment("text", seen["id"], "I do not think so")
    author.submit(again, GOOD, seconds=1)
    review = review_of(first, project)
    assert [one["comments"][0]["text"] for one in review["issues"]] == ["I do not think so"]
    taken = first.reviews.decide("text", review, "amended", answer=BAD)
    assert taken["review"]["diff"]["changes"][0]["text"] == 'classification "good": label "good" → "bad"'
    assert owner.outcomes.get("text", again.task.id).state == "proposed"
    assert first.reviews.claim("text", project=project) == []
    second.reviews.decide("text", review_of(second, project), "accepted")
    outcome = owner.outcomes.get("text", again.task.id)
    assert outcome.state == "accepted" and outcome.current is not None and outcome.current.answer == BAD
    history = command(api, "review", "list", "-p", project, "--task", again.task.id)["reviews"]
    assert [(one["level"], one["verdict"]) for one in history] == [
        (1, "rejected"),
        (1, "amended"),
        (2, "accepted"),
    ]
    export = owner.exports.start(project)
    owner.exports.wait(export.id)
    owner.exports.download(export.id, tmp_path / "out.jsonl")
    (line,) = (tmp_path / "out.jsonl").read_text().splitlines()
    assert json.loads(line)["answer"] == BAD
    owner.close()


def test_an_audit_and_a_check_for_contradictions(
    api: Api, people: Callable[[str, str], Client], tmp_path: Path
) -> None:
    texts = [f"a text of its own {number}" for number in range(TASKS - 2)] + ["the same", "the same"]
    project = make_project(api, tmp_path, texts, policy="none")
    author, reviewer = people(project, "annotator"), people(project, "reviewer")
    for assignment in author.claim("text", project=project, count=TASKS, wait_ms=WAIT_MS):
        author.submit(assignment, BAD if assignment.task.unique_id == str(TASKS - 1) else GOOD, seconds=1)
    owner = Client(api.stand.url, api.stand.owner_token)
    until(lambda: owner.progress("text", project).outcomes == TASKS)
    audit = command(api, "review", "audit", "-p", project, "--size", "4")
    assert (audit["population"], audit["size"], audit["decided"]) == (TASKS, 4, 0)
    for review in reviewer.reviews.claim("text", project=project, count=10, wait_ms=WAIT_MS):
        reviewer.reviews.decide("text", review, "accepted")
    told = command(api, "review", "audit", audit["id"], "-p", project, "--margin", "0.1")
    assert (told["decided"], told["rate"], told["low"], told["complete"]) == (4, 0.0, 0.0, True)
    assert 0 < told["high"] < 0.7 and told["more"] > 0

    found = command(api, "consistency", "-p", project, "--wanted", "review")
    assert found["found"] == {"identical": 2} and found["opened"] == 2 and found["compared"] == TASKS
    assert {one["kind"] for one in found["contradictions"]} == {"identical"}
    other = people(project, "reviewer")
    for review in until(lambda: other.reviews.claim("text", project=project, count=10)):
        other.reviews.decide("text", review, "accepted")
    owner.close()
