"""Nothing serious for axe on any screen, in both themes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bench.browsing import PATIENCE_MS
from bench.workspace import Workspace
from playwright.sync_api import expect

from acceptance.web.axe import violations
from acceptance.web.conftest import OpenPage
from acceptance.web.labelling import CLASSES, Labeller, texts

THEMES = ("dark", "light")
SPANS = {
    "tools": {"spans": {}},
    "labels": [{"name": "person"}, {"name": "place", "attributes": [{"name": "sure", "kind": "boolean"}]}],
}


def hold(found: dict[str, list[str]]) -> None:
    """Fail with a line for each violation on each screen."""
    lines = [f"{name}: {line}" for name, all_of_it in found.items() for line in all_of_it]
    assert not lines, "\n".join(lines)


@pytest.mark.parametrize("theme", THEMES)
def test_screens_of_a_member(
    theme: str, workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]
) -> None:
    suggested = {"row-0": {"spans": [{"label": "person", "start": 0, "end": 4}]}}
    project = make_project("text", SPANS, texts(2), suggested)
    page = open_page(workspace.annotator(project), color_scheme=theme)
    found: dict[str, list[str]] = {}
    for name, path in (("projects", "/"), ("settings", "/settings")):
        page.goto(path)
        expect(page.get_by_role("heading").first).to_be_visible()
        if name == "projects":
            # The first card takes the focus once all is counted, and changes its colours by that.
            expect(page.locator("[data-card]").first).to_be_focused(timeout=PATIENCE_MS)
        found[name] = violations(page)
    labeller = Labeller(page, project).open()
    found["annotate"] = violations(page)
    labeller.press("a", "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    found["keys"] = violations(page)
    labeller.press("Escape", "Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    found["palette"] = violations(page)
    labeller.press("Escape", "s")
    expect(page.get_by_role("dialog", name="Skip this task")).to_be_visible()
    found["skip"] = violations(page)
    labeller.press("Escape")
    page.get_by_role("button", name="Outbox").click()
    expect(page.get_by_role("dialog", name="Outbox")).to_be_visible()
    found["outbox"] = violations(page)
    hold(found)


@pytest.mark.parametrize("theme", THEMES)
def test_screens_of_who_is_not_signed_in(theme: str, open_page: OpenPage) -> None:
    page = open_page(None, color_scheme=theme, network_may_fail=True)
    found: dict[str, list[str]] = {}
    for path in ("/sign-in", "/welcome", "/invitation", "/nowhere"):
        page.goto(path)
        expect(page.get_by_role("heading").first).to_be_visible()
        found[path] = violations(page)
    hold(found)


def test_a_text_is_labelled_on_a_phone(
    workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]
) -> None:
    project = make_project("text", CLASSES, texts(1))
    page = open_page(workspace.annotator(project), viewport={"width": 390, "height": 844})
    labeller = Labeller(page, project).open()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "the page is wider than the phone"
    labeller.press("1")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Nothing to do right now")).to_be_visible()
    labeller.await_saved()
    assert workspace.stored_answer(project, "row-0")["classification"] == [{"label": "good"}]
