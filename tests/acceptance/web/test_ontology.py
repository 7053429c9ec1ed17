"""The ontology of a project by keyboard: edited, checked, published, rolled back, tried, withdrawn; axe."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from bench.browsing import PATIENCE_MS
from bench.connection import Connection
from bench.workspace import Person, Workspace
from playwright.sync_api import Locator, Page, expect

from acceptance.web.axe import violations
from acceptance.web.conftest import OpenPage
from acceptance.web.labelling import CLASSES, texts

SECONDS_MAX = 240.0
SAID = ["good", "bad", "bad"]


def label(workspace: Workspace, person: Person, project: str) -> None:
    """Answer every task of a project, and wait until all is agreed."""
    connection = Connection(workspace.stand.address, person.token, SECONDS_MAX)

    def post(path: str, body: dict[str, Any]) -> Any:
        reply = connection.call(b"POST", f"/v1/text{path}".encode(), json.dumps(body).encode(), path.encode())
        assert reply.status in (200, 201), reply.body
        return json.loads(reply.body)

    leases = post("/claims", {"project": project, "count": len(SAID), "wait_ms": 10_000})["assignments"]
    for lease, word in zip(leases, SAID, strict=True):
        body = {"fence": lease["fence"], "answer": {"classification": [{"label": word}]}, "seconds": 1.0}
        post(f"/assignments/{lease['id']}/submission", body)
    connection.close()
    await_labels(workspace, project, SAID, "outcomes")


def await_labels(workspace: Workspace, project: str, wanted: list[str], of: str = "submissions") -> None:
    """Wait until stored answers say these labels."""
    deadline = time.monotonic() + SECONDS_MAX
    while True:
        items = workspace.call("GET", f"/v1/text/{of}?project={project}")["items"]
        found = sorted(mark["label"] for one in items for mark in one["answer"]["classification"])
        if found == sorted(wanted):
            return
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


@pytest.fixture
def project(workspace: Workspace) -> str:
    made = workspace.make_project("text", CLASSES, texts(len(SAID)))
    label(workspace, workspace.annotator(made), made)
    return made


def press(place: Locator, key: str = "Enter") -> None:
    """Press a key where the focus is put: what is no target of keys does nothing."""
    place.focus()
    place.press(key)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def edit_by_keys(page: Page) -> None:
    """Add the label "question" that is asked about, and rename "bad" to "poor"."""
    expect(page.get_by_role("region", name="Preview")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.type("question")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="question", exact=True)).to_be_visible()
    press(button(page, "Add an attribute"))
    page.keyboard.type("urgent")
    press(page.get_by_role("radio", name="Yes or no"), "Space")
    expect(page.get_by_role("radio", name="Yes or no")).to_be_checked()
    press(button(page, "Add the attribute"))
    expect(page.get_by_role("button", name="urgent yes or no")).to_be_visible()
    press(page.get_by_role("list", name="Labels").get_by_role("button", name="bad"))
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("poor")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="poor", exact=True)).to_be_visible()


def test_a_version_is_made_published_and_rolled_back_by_keyboard(
    workspace: Workspace, open_page: OpenPage, project: str
) -> None:
    page = open_page(workspace.owner)
    page.goto(f"/projects/{project}/ontology")
    edit_by_keys(page)
    steps = page.get_by_role("region", name="Steps").get_by_role("listitem")
    expect(steps).to_have_text(["1Add the label question", "2Rename bad to poor"])
    press(page.get_by_role("list", name="Labels").get_by_role("button", name="good"), "Control+z")
    expect(steps).to_have_count(1)
    page.keyboard.press("Control+Shift+z")
    expect(steps).to_have_count(2)
    page.reload()
    expect(steps).to_have_count(2)

    press(page.get_by_role("button", name="Check and publish (2)"))
    rows = page.get_by_role("table", name="Answers by kind").get_by_role("row")
    expect(rows.filter(has_text="Answers of people")).to_have_text("Answers of people32000")
    expect(page.get_by_role("list", name="Marks by label")).to_contain_text("bad 4 marks")
    expect(page.get_by_text("Breaking", exact=True)).to_be_visible()
    page.get_by_label("Why").focus()
    page.keyboard.type("Bad is a hard word.")
    press(button(page, "Publish to all"))
    second = page.get_by_role("article", name="Version 2")
    expect(second).to_contain_text("Bad is a hard word.")
    migration = second.get_by_role("region", name="Migration")
    expect(migration).to_contain_text("done", timeout=PATIENCE_MS)
    expect(migration.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "100")
    expect(migration).to_contain_text("4 changed")
    await_labels(workspace, project, ["good", "poor", "poor"])

    press(button(page, "Roll back to version 1"))
    page.keyboard.type("It was the right word.")
    press(button(page, "Go back"))
    expect(second).to_contain_text("taken back")
    expect(second.get_by_role("region", name="Roll back")).to_contain_text("done", timeout=PATIENCE_MS)
    expect(page.get_by_role("article", name="Version 1")).to_contain_text("this project works with it")
    await_labels(workspace, project, SAID)


def test_a_version_is_tried_on_a_share_and_withdrawn_by_keyboard(
    workspace: Workspace, open_page: OpenPage, project: str
) -> None:
    told = workspace.call("GET", f"/v1/projects/{project}")
    publications = f"/v1/ontologies/{told['ontology']}/publications"
    page = open_page(workspace.owner)
    page.goto(f"/projects/{project}/ontology")
    expect(page.get_by_role("region", name="Preview")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.type("question")
    page.keyboard.press("Enter")
    press(page.get_by_role("link", name="Record"))
    asked = page.get_by_role("dialog", name="Leave without publishing?")
    expect(asked.get_by_role("button", name="Stay")).to_be_focused()
    page.keyboard.press("Enter")
    press(page.get_by_role("button", name="Check and publish (1)"))
    press(page.get_by_role("radio", name="Some tasks"), "Space")
    press(page.get_by_role("slider"), "ArrowRight")
    expect(page.get_by_text("11 % of new tasks")).to_be_visible()
    press(button(page, "Try it first"))
    tried = page.get_by_role("article", name="Version 2")
    expect(tried).to_contain_text("Tried on 11 % of new tasks")
    (watched,) = workspace.call("GET", publications)["items"]
    assert (watched["state"], watched["projects"]) == ("watching", [project])
    assert watched["share"] == pytest.approx(0.11)
    press(button(page, "Withdraw"))
    press(button(page, "Go back"))
    expect(tried).to_contain_text("taken back")
    (withdrawn,) = workspace.call("GET", publications)["items"]
    assert withdrawn["state"] == "withdrawn"
    now = workspace.call("GET", f"/v1/projects/{project}")
    assert now["ontology_version"] == told["ontology_version"]


def test_a_version_is_tried_on_a_project_and_given_to_all_by_keyboard(
    workspace: Workspace, open_page: OpenPage, project: str
) -> None:
    page = open_page(workspace.owner)
    page.goto(f"/projects/{project}/ontology")
    press(page.get_by_role("list", name="Labels").get_by_role("button", name="ugly"))
    press(button(page, "More about this label"))
    page.keyboard.type("Merge")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Into").select_option("bad")
    press(button(page, "Merge"))
    press(page.get_by_role("button", name="Check and publish (1)"))
    lost = page.get_by_role("alert").filter(has_text="do not know again")
    expect(lost).to_contain_text("which marks of bad were ugly")
    press(page.get_by_role("radio", name="Some projects"), "Space")
    press(button(page, "Try it first"))
    tried = page.get_by_role("article", name="Version 2")
    expect(tried).to_contain_text("Tried on whole projects")
    press(button(page, "Give it to all"))
    press(page.get_by_role("dialog").get_by_role("button", name="Give it to all"))
    expect(tried).to_contain_text("this project works with it")
    expect(button(page, "Roll back to version 1")).to_be_visible()
    told = workspace.call("GET", f"/v1/projects/{project}")
    (given,) = workspace.call("GET", f"/v1/ontologies/{told['ontology']}/publications")["items"]
    assert (given["state"], given["version"]["id"]) == ("full", told["ontology_version"])


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_ontology_is_accessible(
    theme: str, workspace: Workspace, open_page: OpenPage, project: str
) -> None:
    page = open_page(workspace.owner, color_scheme=theme)
    page.goto(f"/projects/{project}/ontology")
    edit_by_keys(page)
    found = violations(page)
    page.get_by_role("list", name="Labels").get_by_role("button", name="question").click()
    page.get_by_role("button", name="urgent yes or no").click()
    found += violations(page)
    page.get_by_role("tab", name="Check and publish").click()
    expect(page.get_by_role("table", name="Answers by kind")).to_be_visible()
    found += violations(page)
    page.get_by_role("button", name="Publish to all").click()
    expect(page.get_by_role("region", name="Migration")).to_contain_text("done", timeout=PATIENCE_MS)
    found += violations(page)
    page.get_by_role("tab", name="Answers").click()
    expect(page.get_by_role("list", name="Changes of answers")).to_be_visible()
    found += violations(page)
    assert not found, "\n".join(found)


def test_reviewers_look_and_annotators_see_nothing(
    workspace: Workspace, open_page: OpenPage, project: str
) -> None:
    ontology = workspace.call("GET", f"/v1/projects/{project}")["ontology"]
    person = workspace.annotator(project)
    path = f"/projects/{project}/ontology"
    page = open_page(person, network_may_fail=True)
    page.goto(path)
    expect(page.get_by_text("These pages are for those who review and manage")).to_be_visible()
    expect(page.get_by_role("region", name="Preview")).to_have_count(0)
    for what in ("check", "publications"):
        refused = page.request.post(
            f"/v1/ontologies/{ontology}/{what}",
            data={"steps": [{"step": "retire_label", "label": "bad"}]},
            headers={"X-Annotary-Request": "1", "Idempotency-Key": what},
        )
        assert refused.status == 403, refused.text()
    workspace.call("PUT", f"/v1/projects/{project}/members/{person.id}", {"role": "reviewer"})
    page.reload()
    expect(page.get_by_role("list", name="Labels").get_by_text("bad")).to_be_visible()
    expect(page.get_by_role("region", name="Preview")).to_be_visible()
    expect(page.get_by_role("textbox", name="New label")).to_have_count(0)
