"""The data of a project by keyboard alone: found, kept as a slice, acted on, opened; axe; who sees none."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bench import reviewed
from bench.browsing import PATIENCE_MS
from bench.workspace import Workspace
from playwright.sync_api import Page, expect

from acceptance.web.axe import violations
from acceptance.web.conftest import OpenPage
from acceptance.web.labelling import CLASSES, texts

ITEMS = 60
FOCUSED_LINE = "document.querySelector('[role=grid]').getAttribute('aria-activedescendant')"


def said(label: str) -> dict[str, Any]:
    return {"classification": [{"label": label}]}


@pytest.fixture(scope="module")
def project(workspace: Workspace) -> str:
    """Sixty texts, of which three were answered by two people: two "good", one "bad"."""
    items = texts(ITEMS)
    made = workspace.make_project("text", CLASSES, items, name="Sixty texts")
    answers = {"row-0": said("good"), "row-1": said("good"), "row-2": said("bad")}
    reviewed.answer(workspace, workspace.annotator(made), made, answers)
    await_labels(workspace, made, {"good": 2, "bad": 1})
    return made


def await_labels(workspace: Workspace, project: str, expected: dict[str, int]) -> None:
    """Wait until that many tasks are found by the labels of their outcomes."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while True:
        choices = workspace.call("GET", f"/v1/text/data/choices?project={project}")
        if (found := {one["value"]: one["count"] for one in choices["labels"]}) == expected:
            return
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def opened(open_page: OpenPage, workspace: Workspace, project: str, **options: Any) -> Page:
    page = open_page(workspace.owner, **options)
    page.goto(f"/projects/{project}/data")
    expect(page.get_by_text(f"{ITEMS} items")).to_be_visible()
    return page


def reach(page: Page, name: str) -> None:
    """Go forward with Tab until the focus is on what bears a name."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(() => { const e = document.activeElement; return e.getAttribute('aria-label')"
            " ?? e.labels?.[0]?.textContent ?? e.textContent; })()"
        )
        if str(focused).startswith(name):
            return
    raise AssertionError(f"the keyboard does not reach {name!r}")


def test_items_are_found_kept_chosen_and_opened_by_keyboard(
    workspace: Workspace, open_page: OpenPage, project: str
) -> None:
    page = opened(open_page, workspace, project)
    expect(page.get_by_role("checkbox", name="good").first).to_be_attached()
    reach(page, "good")
    page.keyboard.press("Space")
    expect(page.get_by_text("2 items", exact=True)).to_be_visible()
    found = parse_qs(urlsplit(page.url).query)["filter"][0]
    assert json.loads(found) == {"labels": ["good"]}
    page.reload()
    expect(page.get_by_text("2 items", exact=True)).to_be_visible()

    reach(page, "Slices")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type("What is good")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Slices")).to_contain_text("What is good")
    slices = workspace.call("GET", f"/v1/text/slices?project={project}")["items"]
    assert [(one["name"], one["filter"]) for one in slices] == [("What is good", {"labels": ["good"]})]

    page.goto(f"/projects/{project}/data")
    expect(page.get_by_text(f"{ITEMS} items")).to_be_visible()
    reach(page, "Items")
    page.keyboard.press("End")
    expect(page.get_by_role("row", name="row-59")).to_be_visible()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.get_by_text("2 items chosen")).to_be_visible()
    assert page.evaluate(FOCUSED_LINE) is not None
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 of 2 are in a state for it")).to_be_visible()
    reach(page, "Pause")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Pause: 2 changed", exact=True)).to_be_visible()
    states = [task["state"] for task in workspace.call("GET", f"/v1/text/tasks?project={project}")["items"]]
    assert states[-2:] == ["paused", "paused"] and "paused" not in states[:-2]

    reach(page, "Items")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="row-0")).to_be_visible()
    expect(page.get_by_role("button", name="Outcome, version 1")).to_be_visible()
    expect(page.get_by_role("button", name="annotator")).to_be_visible()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_serious(
    workspace: Workspace, open_page: OpenPage, project: str, scheme: str
) -> None:
    page = opened(open_page, workspace, project, color_scheme=scheme)
    expect(page.get_by_role("row", name="row-0")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("radio", name="Grid").click()
    expect(page.get_by_role("gridcell", name="row-0").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("gridcell", name="row-0").first.click()
    expect(page.get_by_role("heading", name="row-0")).to_be_visible()
    expect(page.get_by_role("region", name="What is known")).to_be_visible()
    assert violations(page) == []


def test_an_annotator_sees_none_of_it(workspace: Workspace, open_page: OpenPage, project: str) -> None:
    person = workspace.annotator(project)
    page = open_page(person)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    task = workspace.call("GET", f"/v1/text/tasks?project={project}")["items"][0]["id"]
    for path in (f"/projects/{project}/data", f"/projects/{project}/data/{task}"):
        page.goto(path)
        expect(page.get_by_text("These pages are for those who review and manage")).to_be_visible()
    assert not [url for url in asked if "/v1/text/data" in url]
    refused = page.request.get(f"/v1/text/data?project={project}")
    assert refused.status == 403
