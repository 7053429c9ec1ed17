"""Work and people managed by keyboard alone; what is stored afterwards is asked of the API; axe."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from bench.workspace import Person, Workspace
from playwright.sync_api import Locator, Page, expect

from acceptance.web.axe import violations
from acceptance.web.conftest import OpenPage
from acceptance.web.labelling import CLASSES, texts


@pytest.fixture(scope="module")
def project(workspace: Workspace) -> str:
    return workspace.make_project("text", CLASSES, texts(6), name="Letters")


@pytest.fixture
def page(workspace: Workspace, open_page: OpenPage) -> Page:
    return open_page(workspace.owner)


def press(place: Locator, *keys: str) -> None:
    """Go to a place and press keys there."""
    place.focus()
    for key in keys:
        place.page.keyboard.press(key)


def pick(place: Locator, words: str) -> None:
    """Choose a line of a list by typing how it begins."""
    place.focus()
    place.page.keyboard.type(words)


def said(page: Page, words: str) -> None:
    """Wait for a notice, which stands on the page and is read out as well."""
    expect(page.get_by_text(words, exact=True)).to_be_visible()


def batch_of(workspace: Workspace, project: str) -> dict[str, Any]:
    (batch,) = workspace.call("GET", f"/v1/text/batches?project={project}")["items"]
    return dict(batch)


def states(workspace: Workspace, project: str) -> dict[str, str]:
    tasks = workspace.call("GET", f"/v1/text/tasks?project={project}")["items"]
    return {task["unique_id"]: task["state"] for task in tasks}


def test_a_batch_is_made_urgent_with_a_deadline_and_a_target(
    workspace: Workspace, page: Page, project: str
) -> None:
    page.goto(f"/projects/{project}/work")
    name = batch_of(workspace, project)["name"]
    priority = page.get_by_label(f"Priority of {name}")
    pick(priority, "Urgent")
    said(page, f"{name}: priority Urgent")
    assert batch_of(workspace, project)["priority"] == "urgent"
    page.keyboard.press("Control+z")
    expect(priority).to_have_value("normal")
    press(priority, "ArrowUp", "ArrowUp")
    said(page, f"{name}: priority Urgent")
    expect(priority).to_have_value("urgent")
    press(page.get_by_role("button", name=f"Change {name}"), "Enter")
    press(page.get_by_role("button", name="Tomorrow evening"), "Enter")
    expect(page.get_by_label("Deadline", exact=True)).to_be_focused()
    pick(page.get_by_label("Ask again"), "Until each")
    press(page.get_by_label("At most per task"), "Control+a", "4", "Enter")
    expect(page.get_by_text("1 to 4 answers, until each 95 % sure")).to_be_visible()
    stored = batch_of(workspace, project)
    assert stored["target"] == {"kind": "confidence", "value": 0.95, "overlap_max": 4, "price": 0.0}
    assert datetime.fromisoformat(stored["deadline"]) > datetime.fromisoformat(stored["created_at"])
    assert stored["priority"] == "urgent"


def test_tasks_are_paused_together_undone_and_cancelled_after_a_second_look(
    workspace: Workspace, page: Page, project: str
) -> None:
    page.goto(f"/projects/{project}/work?view=tasks")
    press(page.get_by_label("Choose row-3"), "Space", "Shift+ArrowDown", "p")
    said(page, "2 tasks are paused")
    assert [name for name, state in states(workspace, project).items() if state == "paused"] == [
        "row-3",
        "row-4",
    ]
    row = page.get_by_role("row", name="row-3")
    expect(row).to_contain_text("Paused")
    page.keyboard.press("Control+z")
    expect(row).to_contain_text("Open")
    assert set(states(workspace, project).values()) == {"open"}
    press(page.get_by_label("Choose row-5"), "Space", "Delete")
    dialog = page.get_by_role("dialog", name="Cancel 1 task?")
    expect(dialog.get_by_role("button", name="Keep it as it is")).to_be_focused()
    assert states(workspace, project)["row-5"] == "open", "nothing is cancelled before the second look"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said(page, "1 task is cancelled")
    assert states(workspace, project)["row-5"] == "cancelled"


def test_a_held_task_is_seen_and_given_to_somebody_else(
    workspace: Workspace, page: Page, project: str
) -> None:
    one, other = workspace.annotator(project), workspace.annotator(project)
    claim = {"project": project, "count": 1}
    (given,) = workspace.call("POST", "/v1/text/claims", claim, token=one.token)["assignments"]
    names = {
        member["member"]: member["name"]
        for member in workspace.call("GET", f"/v1/projects/{project}/members")["items"]
    }
    page.goto(f"/projects/{project}/work?view=tasks")
    pick(page.get_by_label("Held by", exact=True), "Held by anybody")
    row = page.get_by_role("row", name=given["task"]["unique_id"])
    expect(row).to_contain_text(names[one.id])
    expect(row).to_contain_text("lease ends in")
    press(row.get_by_role("checkbox"), "Space", "g")
    pick(page.get_by_label("Member", exact=True), names[other.id])
    press(page.get_by_role("button", name="Give", exact=True), "Enter")
    said(page, f"1 task is kept for {names[other.id]}")
    expect(page.get_by_text("No task is like that")).to_be_visible()
    task = workspace.call("GET", f"/v1/text/tasks/{given['task']['id']}")
    assert (task["reserved_for"], task["holders"]) == (other.id, [])
    (kept,) = workspace.call("POST", "/v1/text/claims", claim, token=other.token)["assignments"]
    assert kept["task"]["id"] == given["task"]["id"]


def test_somebody_is_put_on_the_team_gets_a_role_and_leaves(
    workspace: Workspace, page: Page, project: str
) -> None:
    made = workspace.call("POST", "/v1/members", {"name": "Zuse Konrad", "role": "annotator"})["id"]
    path = f"/v1/projects/{project}/members/{made}"
    page.goto(f"/projects/{project}/team")
    press(page.get_by_role("button", name="Add somebody"), "Enter")
    pick(page.get_by_label("Member", exact=True), "Zuse")
    press(page.get_by_role("button", name="Add", exact=True), "Enter")
    role = page.get_by_label("Role of Zuse Konrad")
    expect(role).to_have_value("annotator")
    pick(role, "Reviewer")
    said(page, "Zuse Konrad is reviewer here now")
    assert workspace.call("GET", path)["role"] == "reviewer"
    press(page.get_by_role("button", name="What can be done with Zuse Konrad"), "Enter")
    press(page.get_by_role("menuitem", name="Take off the project"), "Enter")
    expect(role).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(role).to_have_value("reviewer")
    assert workspace.call("GET", path)["role"] == "reviewer", "put back as they were"


def test_people_are_invited_and_their_roles_changed(workspace: Workspace, page: Page) -> None:
    made = workspace.call("POST", "/v1/members", {"name": "Hedy Lamarr", "role": "annotator"})["id"]
    page.goto("/organisation?view=invitations")
    press(page.get_by_role("button", name="Invite somebody").first, "Enter")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("Emmy Noether")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Invitation link")).to_have_value(
        f"{workspace.url}/invitation#code=" + page.get_by_label("Invitation link").input_value()[-47:]
    )
    page.keyboard.press("Escape")
    expect(page.get_by_role("row", name="Emmy Noether")).to_contain_text("Open")
    press(page.get_by_role("button", name="Withdraw… that for Emmy Noether"), "Enter", "Tab", "Enter")
    expect(page.get_by_role("row", name="Emmy Noether")).to_contain_text("Withdrawn")
    press(page.get_by_role("tab", name="Members"), "Enter")
    pick(page.get_by_label("Role of Hedy Lamarr"), "Reviewer")
    said(page, "Hedy Lamarr is reviewer now")
    assert workspace.call("GET", f"/v1/members/{made}")["role"] == "reviewer"
    press(page.get_by_role("button", name="What can be done with Hedy Lamarr"), "Enter")
    press(page.get_by_role("menuitem", name="Delete…"), "Enter")
    sure = page.get_by_role("button", name="Delete the member")
    expect(sure).to_be_disabled()
    page.keyboard.type("Hedy Lamarr")
    page.keyboard.press("Enter")
    said(page, "Hedy Lamarr is deleted")
    assert workspace.call("GET", f"/v1/members/{made}")["state"] == "removed"


def test_a_token_is_shown_once_works_and_is_revoked(workspace: Workspace, page: Page) -> None:
    page.goto("/organisation?view=tokens")
    press(page.get_by_role("button", name="New token"), "Enter")
    page.keyboard.type("nightly export")
    page.keyboard.press("Enter")
    secret = page.get_by_role("textbox", name="Token")
    expect(secret).to_be_visible()
    token = secret.input_value()
    assert workspace.call("GET", "/v1/me", token=token)["member"]["id"] == workspace.owner.id
    page.keyboard.press("Escape")
    press(page.get_by_role("button", name="Revoke… nightly export"), "Enter", "Tab", "Enter")
    expect(page.get_by_role("row", name="nightly export")).to_have_count(0)
    with pytest.raises(Exception, match="401"):
        workspace.call("GET", "/v1/me", token=token)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_work_team_and_organisation_are_accessible(
    theme: str, workspace: Workspace, open_page: OpenPage, project: str
) -> None:
    page = open_page(workspace.owner, color_scheme=theme)
    found: list[str] = []
    for path, table in (
        (f"/projects/{project}/work", "Batches"),
        (f"/projects/{project}/work?view=tasks", "Tasks"),
        (f"/projects/{project}/team", "Team"),
        ("/organisation", "Members"),
        ("/organisation?view=tokens", "Tokens"),
    ):
        page.goto(path)
        expect(page.get_by_role("table", name=table).get_by_role("cell").nth(1)).to_be_visible()
        found += violations(page)
    page.goto(f"/projects/{project}/work")
    page.get_by_role("button", name="New batch").click()
    found += violations(page)
    assert not found, "\n".join(found)


def test_annotators_see_none_of_it(workspace: Workspace, open_page: OpenPage, project: str) -> None:
    person: Person = workspace.annotator(project)
    page = open_page(person, network_may_fail=True)
    for path in (f"/projects/{project}/work", f"/projects/{project}/team"):
        page.goto(path)
        expect(page.get_by_text("These pages are for those who review and manage")).to_be_visible()
        expect(page.get_by_role("table")).to_have_count(0)
    page.goto("/organisation")
    expect(page.get_by_text("This page is for managers of the organisation")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
    page.get_by_role("button", name="Account of").click()
    expect(page.get_by_role("menuitem", name="Health")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Organisation")).to_have_count(0)
