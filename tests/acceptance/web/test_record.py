"""The record of a project: a lineage walked by keyboard, a version put back, events and times; axe."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from bench.browsing import PATIENCE_MS
from bench.connection import Connection
from bench.workspace import Person, Workspace
from playwright.sync_api import Page, expect

from acceptance.web.axe import violations
from acceptance.web.conftest import OpenPage
from acceptance.web.labelling import CLASSES, texts

SECONDS_MAX = 240.0
FOCUSED = "document.activeElement.textContent"


def said(label: str) -> dict[str, Any]:
    return {"classification": [{"label": label}]}


def answer(workspace: Workspace, person: Person, project: str) -> None:
    """Answer the one task "good", which is what was suggested, and revise it to "bad"."""

    def post(path: str, body: dict[str, Any]) -> Any:
        connection = Connection(workspace.stand.address, person.token, 30.0)
        content = json.dumps(body).encode()
        reply = connection.call(b"POST", f"/v1/text{path}".encode(), content, path.encode()[:64])
        connection.close()
        assert reply.status == 200 or reply.status == 201, reply.body
        return json.loads(reply.body)

    (lease,) = post("/claims", {"project": project, "count": 1, "wait_ms": 10_000})["assignments"]
    body = {"fence": lease["fence"], "answer": said("good"), "seconds": 3.0}
    submission = post(f"/assignments/{lease['id']}/submission", body)["submission_id"]
    await_version(workspace, project, 1)
    post(f"/submissions/{submission}/revision", {"answer": said("bad"), "seconds": 1.0})
    await_version(workspace, project, 2)


def await_version(workspace: Workspace, project: str, version: int) -> dict[str, Any]:
    """Wait until the project's one outcome is of this version, and return it."""
    deadline = time.monotonic() + SECONDS_MAX
    while True:
        found = workspace.call("GET", f"/v1/text/outcomes?project={project}")["items"]
        if found and found[0]["version"] == version:
            return dict(found[0])
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


@pytest.fixture(scope="module")
def project(workspace: Workspace) -> str:
    made = workspace.make_project("text", CLASSES, texts(1), {"row-0": said("good")}, instructions="Look.")
    answer(workspace, workspace.annotator(made), made)
    return made


def walk(page: Page, *keys: str) -> str:
    """Press keys on the picture, and return the name of the step that has the focus then."""
    for key in keys:
        page.keyboard.press(key)
    return str(page.evaluate(FOCUSED))


def test_an_outcome_is_traced_and_put_back_by_keyboard(
    workspace: Workspace, open_page: OpenPage, project: str
) -> None:
    page = open_page(workspace.owner)
    page.goto("/")
    expect(page.get_by_role("heading", name="My projects")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused(timeout=PATIENCE_MS)
    page.keyboard.type("record")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Record")
    page.keyboard.press("Enter")
    page.wait_for_url("**/record")
    page.goto(f"/projects/{project}/record")
    page.get_by_role("link", name="row-0").focus()
    page.keyboard.press("Enter")
    picture = page.get_by_role("group", name="Lineage")
    outcome = picture.get_by_role("button", name="Outcome Version 2 accepted")
    outcome.focus()
    assert walk(page, "ArrowLeft").startswith("Consensus live version 2")
    assert walk(page, "ArrowLeft").startswith("Revision annotator")
    details = page.get_by_role("region", name="The chosen step")
    expect(details).to_contain_text("An answer was revised")
    assert walk(page, "Home") == f"Item row-0 {dataset_of(page)}"
    expect(details).to_contain_text("Items were imported")
    expect(picture.get_by_role("button", name="Prediction model 1 accepted")).to_be_visible()
    page.get_by_role("button", name="Go back to version 1").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Why").fill("The first one was right.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Go back", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Version 3, accepted, current")).to_be_visible()
    expect(page.get_by_role("list", name="What happened")).to_contain_text("The first one was right.")
    assert await_version(workspace, project, 3)["answer"] == said("good")


def dataset_of(page: Page) -> str:
    """Return the name of the dataset as the chosen step says it."""
    details = page.get_by_role("region", name="The chosen step")
    return details.locator("dt:has-text('Dataset') + dd").inner_text()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_record_and_lineage_are_accessible(
    theme: str, workspace: Workspace, open_page: OpenPage, project: str
) -> None:
    page = open_page(workspace.owner, color_scheme=theme)
    found: list[str] = []
    record = f"/projects/{project}/record"
    page.goto(record)
    expect(page.get_by_role("link", name="row-0")).to_be_visible()
    found += violations(page)
    page.get_by_role("tab", name="What happened").click()
    expect(page.get_by_role("list", name="What happened")).to_contain_text("An answer came in")
    found += violations(page)
    page.get_by_role("tab", name="Times").click()
    expect(page.locator("[data-chart] canvas")).to_be_visible(timeout=SECONDS_MAX * 1000)
    expect(page.get_by_role("row", name="Committed")).to_be_visible()
    found += violations(page)
    page.goto(f"{record}/{workspace.call('GET', f'/v1/text/outcomes?project={project}')['items'][0]['id']}")
    expect(page.get_by_role("group", name="Lineage")).to_be_visible()
    found += violations(page)
    assert not found, "\n".join(found)


def test_annotators_are_shown_no_record(
    workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]
) -> None:
    other = make_project("text", CLASSES, texts(1))
    page = open_page(workspace.annotator(other), network_may_fail=True)
    page.goto("/")
    expect(page.get_by_text("1 task waits for you")).to_be_visible()
    expect(page.get_by_role("link", name="the pages of")).to_have_count(0)
    page.goto(f"/projects/{other}/record")
    expect(page.get_by_role("heading", name="These pages are for those who review")).to_be_visible()
    asked = page.request.get(f"{workspace.url}/v1/text/outcomes?project={other}")
    assert asked.status == 403 and "needs the role reviewer" in asked.text()
