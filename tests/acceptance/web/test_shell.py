"""The app around the work: coming in, choosing a project, settings; by keyboard alone, and read by axe."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from bench.browsing import PATIENCE_MS
from bench.workspace import Workspace
from playwright.sync_api import Page, expect

from acceptance.web.axe import violations
from acceptance.web.conftest import OpenPage

LABELS = {"tools": {"classification": {}}, "labels": [{"name": "good"}, {"name": "bad"}]}
PASSWORD = "correct horse battery"


def invitation(workspace: Workspace, **more: Any) -> str:
    """Make a link as a manager and return its address."""
    return str(workspace.call("POST", "/v1/invitations", {"role": "annotator", **more})["url"])


def join(page: Page, url: str, name: str, email: str) -> None:
    """Accept an invitation with the keyboard alone."""
    page.goto(url)
    expect(page.get_by_label("Your name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My projects")).to_be_visible()


def texts(count: int) -> list[dict[str, str]]:
    return [{"unique_id": f"t{number}", "text": f"Text number {number}."} for number in range(count)]


def test_invited_signed_out_and_in_again_by_keyboard_alone(
    workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]
) -> None:
    project = make_project("text", LABELS, texts(3))
    url = invitation(workspace, projects=[{"project": project, "role": "annotator"}])
    page = open_page(None, network_may_fail=True)
    join(page, url, "Grace Hopper", "grace@example.org")
    assert "code=" not in page.url
    expect(page.get_by_text("3 tasks wait for you")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused(timeout=PATIENCE_MS)
    page.keyboard.type("settings")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    page.get_by_role("button", name="Account of Grace Hopper").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[role=menu]:focus-within")).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_role("menuitem", name="Sign out")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type("grace@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My projects")).to_be_visible()
    page.goto(url)
    expect(page.get_by_text("leads nowhere any more")).to_be_visible()


def test_who_is_not_signed_in_comes_back_to_where_they_went(
    workspace: Workspace, open_page: OpenPage
) -> None:
    page = open_page(None, network_may_fail=True)
    page.goto("/settings")
    page.get_by_role("button", name="Sign in with it").click()
    expect(page.get_by_label("Token")).to_be_focused()
    page.keyboard.type(workspace.owner.token)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    assert page.url == f"{workspace.url}/settings"


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"])
def test_signing_in_leads_nowhere_else(workspace: Workspace, open_page: OpenPage, to: str) -> None:
    page = open_page(None, network_may_fail=True)
    page.goto("/sign-in?to=" + to)
    page.get_by_role("button", name="Sign in with it").click()
    page.get_by_label("Token").fill(workspace.owner.token)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation").or_(page.get_by_role("banner")).first).to_be_visible()
    assert page.url.startswith(workspace.url + "/")


def test_the_first_link_signs_in_and_sets_a_password(workspace: Workspace, open_page: OpenPage) -> None:
    # The owner's own link would change the owner of all other tests.
    member = workspace.call("POST", "/v1/members", {"name": "First", "role": "manager"})["id"]
    token = workspace.call("POST", "/v1/tokens", {"member": member, "name": "first"})["token"]
    page = open_page(None, network_may_fail=True)
    page.goto(f"/welcome#token={token}")
    expect(page.get_by_label("Your name")).to_be_focused()
    assert "token" not in page.url
    page.keyboard.type("Ada")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("New password").fill("short")
    page.keyboard.press("Enter")
    expect(page.get_by_text("expected 10 to 1000 characters")).to_be_visible()
    page.get_by_label("New password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My projects")).to_be_visible()
    page.goto("/welcome#token=ann_no_such_token")
    expect(page.get_by_text("This link does not sign you in")).to_be_visible()


def test_one_key_begins_and_arrows_choose(
    workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]
) -> None:
    projects = [make_project("text", LABELS, texts(1)) for _ in range(3)]
    page = open_page(workspace.annotator(*projects))
    page.goto("/")
    cards = page.locator("a[data-card]")
    expect(cards).to_have_count(3)
    expect(cards.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cards.nth(1)).to_be_focused()
    wanted = cards.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")
    page.goto("/")
    expect(cards.first).to_be_focused()
    third = cards.nth(2).get_attribute("href")
    page.keyboard.press("3")
    page.wait_for_url(f"**{third}")


def test_a_manager_makes_a_link_that_others_come_in_by(browser_page: Page, open_page: OpenPage) -> None:
    browser_page.goto("/")
    browser_page.get_by_role("link", name="People").click()
    browser_page.get_by_role("tab", name="Invitations").click()
    browser_page.get_by_role("button", name="Invite somebody").first.click()
    browser_page.get_by_label("Name", exact=True).fill("Katherine Johnson")
    browser_page.keyboard.press("Enter")
    link = browser_page.get_by_label("Invitation link").input_value()
    assert re.search(r"/invitation#code=\w+", link)
    browser_page.keyboard.press("Escape")
    expect(browser_page.get_by_text("Katherine Johnson", exact=True)).to_be_visible()
    page = open_page(None, network_may_fail=True)
    page.goto(link)
    expect(page.get_by_label("Your name")).to_have_value("Katherine Johnson")


def test_keys_are_remapped_and_conflicts_shown(browser_page: Page) -> None:
    browser_page.goto("/settings")
    browser_page.get_by_label("Find a command").fill("show all keys")
    browser_page.get_by_role("button", name="Show all keys: add a key").click()
    browser_page.keyboard.press("Control+k")
    expect(browser_page.get_by_text("2 commands share a key with another")).to_be_visible()
    browser_page.get_by_role("button", name="Show all keys: take Ctrl K away").click()
    expect(browser_page.get_by_text("No key is taken twice")).to_be_visible()
    browser_page.get_by_role("button", name="Show all keys: add a key").click()
    browser_page.keyboard.press("F2")
    browser_page.reload()
    browser_page.get_by_role("heading", name="Settings").wait_for()
    browser_page.keyboard.press("F2")
    expect(browser_page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_themes_and_contrast_are_kept(browser_page: Page) -> None:
    browser_page.goto("/settings")
    browser_page.get_by_role("radio", name="Light").click()
    browser_page.get_by_role("radiogroup", name="Contrast").get_by_role("radio", name="More").click()
    browser_page.reload()
    expect(browser_page.locator("html[data-theme=light][data-contrast=more]")).to_have_count(1)


@pytest.mark.parametrize(
    ("scheme", "contrast"),
    [
        ("dark", "no-preference"),
        ("light", "more"),
        pytest.param("dark", "more", marks=pytest.mark.soak),
        pytest.param("light", "no-preference", marks=pytest.mark.soak),
    ],
)
def test_axe_finds_nothing_serious(
    workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str], scheme: str, contrast: str
) -> None:
    person = workspace.annotator(make_project("text", LABELS, texts(2)))
    looks: dict[str, Any] = {"color_scheme": scheme, "contrast": contrast, "reduced_motion": "reduce"}
    found: dict[str, list[str]] = {}
    outside = open_page(None, network_may_fail=True, **looks)
    for path in ("/sign-in", "/health", f"/invitation#{invitation(workspace).partition('#')[2]}"):
        outside.goto(path)
        outside.locator("h1").wait_for()
        found[path] = violations(outside)
    inside, owner = open_page(person, **looks), open_page(workspace.owner, **looks)
    for page, path in ((inside, "/"), (inside, "/settings"), (owner, "/")):
        page.goto(path)
        page.locator("a[data-card], #sessions li").first.wait_for()
        found[f"{path} of {page is owner}"] = violations(page)
    for key in ("?", "Control+k"):
        owner.keyboard.press(key)
        owner.get_by_role("dialog").wait_for()
        found[key] = violations(owner)
        owner.keyboard.press("Escape")
        owner.get_by_role("dialog").wait_for(state="detached")
    owner.get_by_role("link", name="People").click()
    owner.get_by_role("table", name="Members").wait_for()
    found["people"] = violations(owner)
    assert not any(found.values()), json.dumps(found, indent=1)
