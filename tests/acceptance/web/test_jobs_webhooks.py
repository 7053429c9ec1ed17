"""Jobs and webhooks: what the pages say is what the API says; made, tested and paused by keyboard; axe."""

from __future__ import annotations

import pytest
from bench.workspace import Workspace
from playwright.sync_api import Page, expect

from acceptance.web.axe import violations
from acceptance.web.conftest import OpenPage
from acceptance.web.labelling import CLASSES, texts

# Nobody listens there: what is sent fails, and is told.
NOWHERE = "http://127.0.0.1:9/hook"


def press(page: Page, name: str) -> None:
    """Press a button by keyboard."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_jobs_are_those_of_the_api(workspace: Workspace, open_page: OpenPage) -> None:
    project = workspace.make_project("text", CLASSES, texts(2), name="Has an import")
    page = open_page(workspace.owner)
    page.goto("/jobs")
    page.get_by_label("Project", exact=True).focus()
    page.get_by_label("Project", exact=True).select_option(project)
    jobs = workspace.call("GET", f"/v1/jobs?project={project}")["items"]
    expect(page.get_by_role("list", name="Jobs").get_by_role("article")).to_have_count(len(jobs))
    expect(page.get_by_role("list", name="Jobs")).to_contain_text("2 tasks")
    page.get_by_role("radio", name="Failed").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("None of these")).to_be_visible()


def test_a_webhook_is_made_tested_and_paused_by_keyboard(workspace: Workspace, open_page: OpenPage) -> None:
    # The modalities hear of a webhook, and of its end, a moment later: until then they know nothing of it.
    page = open_page(workspace.owner, network_may_fail=True)
    page.goto("/webhooks")
    press(page, "New webhook")
    expect(page.get_by_label("Address")).to_be_focused()
    page.keyboard.type(NOWHERE)
    page.get_by_label("Types of events").focus()
    page.keyboard.type("outcome.*")
    page.keyboard.press("Enter")
    secret = page.get_by_label("Secret", exact=True).input_value()
    assert secret.startswith("whsec_")
    press(page, "I have kept it")
    (made,) = workspace.call("GET", "/v1/webhooks")["items"]
    assert (made["url"], made["event_types"]) == (NOWHERE, ["outcome.*"])
    press(page, "Send a test")
    expect(page.get_by_text("A test is on its way").first).to_be_visible()
    press(page, "Pause")
    expect(page.get_by_role("article")).to_contain_text("paused")
    assert workspace.call("GET", f"/v1/webhooks/{made['id']}")["state"] == "paused"
    press(page, "New secret")
    press(page, "Make it")
    other = page.get_by_label("Secret", exact=True).input_value()
    assert other.startswith("whsec_") and other != secret
    press(page, "I have kept it")
    press(page, "Deliveries")
    expect(page.get_by_role("radio", name="Dead letters")).to_be_visible()
    press(page, "Remove")
    press(page, "Remove it")
    expect(page.get_by_text("Nobody outside is told yet")).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_jobs_and_webhooks_are_accessible(theme: str, workspace: Workspace, open_page: OpenPage) -> None:
    made = workspace.call("POST", "/v1/webhooks", {"url": NOWHERE, "state": "paused"})["webhook"]
    page = open_page(workspace.owner, color_scheme=theme)
    page.goto("/webhooks")
    page.get_by_role("button", name="Deliveries").first.click()
    expect(page.get_by_text("Nothing of that kind was sent from here.")).to_be_visible()
    found = violations(page)
    page.goto("/jobs")
    expect(page.get_by_role("status")).to_contain_text("in all")
    found += violations(page)
    workspace.call("DELETE", f"/v1/webhooks/{made['id']}")
    assert not found, "\n".join(found)


def test_annotators_see_neither(workspace: Workspace, open_page: OpenPage) -> None:
    project = workspace.make_project("text", CLASSES, texts(1))
    page = open_page(workspace.annotator(project))
    page.goto("/jobs")
    expect(page.get_by_text("Jobs are for those who manage a project")).to_be_visible()
    page.goto("/webhooks")
    expect(page.get_by_text("Webhooks are for owners and managers")).to_be_visible()
