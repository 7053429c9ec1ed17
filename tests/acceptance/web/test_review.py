"""Reviewing by keyboard alone, on the real platform: verdicts, an amendment, remarks, a broken network."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from bench import reviewed
from bench.browsing import PATIENCE_MS
from bench.stand import Refused
from bench.workspace import Person, Workspace
from playwright.sync_api import Locator, Page, expect

from acceptance.web.axe import violations
from acceptance.web.conftest import OpenPage
from acceptance.web.images import items as images
from acceptance.web.labelling import CLASSES, texts

SECONDS_MAX = 240.0


def said(label: str) -> dict[str, Any]:
    return {"classification": [{"label": label}]}


def box(label: str, x: float) -> dict[str, Any]:
    return {"label": label, "x": float(x), "y": 40.0, "width": 60.0, "height": 80.0}


BOXES = {"tools": {"box": {}}, "labels": [{"name": "car"}, {"name": "person"}]}
# Two boxes that all have, one that is another thing to each, and one that only the last one has.
DRAWN = [
    {"box": [box("car", 10), box("car", 110), box("car", 210)]},
    {"box": [box("car", 11), box("car", 111), box("person", 211)]},
    {"box": [box("car", 12), box("car", 109), box("car", 209), box("person", 320)]},
]


class Reviewer:
    """Somebody at the review page of one project."""

    def __init__(self, workspace: Workspace, page: Page, project: str) -> None:
        self.workspace, self.page, self.project = workspace, page, project
        page.goto(f"/projects/{project}/review")

    @property
    def item(self) -> Locator:
        return self.page.get_by_label("Item", exact=True)

    def await_next(self, before: str = "") -> str:
        expect(self.item).not_to_have_text(before, timeout=PATIENCE_MS)
        return self.item.inner_text()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def await_saved(self) -> None:
        expect(self.page.locator("[data-waiting='0'][data-refused='0']")).to_be_visible(timeout=PATIENCE_MS)

    def stored(self, name: str) -> dict[str, Any]:
        """Return the review of an item as the API has it."""
        path = f"/v1/{self.workspace.modalities[self.project]}/reviews?project={self.project}"
        return next(one for one in self.workspace.call("GET", path)["items"] if one["unique_id"] == name)

    def await_verdict(self, name: str) -> dict[str, Any]:
        deadline = time.monotonic() + SECONDS_MAX
        while (found := self.stored(name))["state"] != "decided":
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        return found

    def outcome(self, task: str) -> dict[str, Any]:
        return dict(self.workspace.call("GET", f"/v1/text/outcomes/{task}"))


@pytest.fixture(scope="module")
def mails(workspace: Workspace) -> str:
    items = texts(5, "mail")
    answers = {item["unique_id"]: [said("good"), said("good"), said("bad")] for item in items}
    return reviewed.make(workspace, "text", CLASSES, items, answers, name="Mails")


@pytest.fixture(scope="module")
def streets(workspace: Workspace) -> str:
    items = images(workspace, *(f"street-{n}" for n in range(3)))
    answers = {item["unique_id"]: DRAWN for item in items}
    review = {"levels": 2, "shows": "names"}
    return reviewed.make(workspace, "image", BOXES, items, answers, name="Streets to review", review=review)


def test_verdicts_and_remarks_by_keyboard(workspace: Workspace, open_page: OpenPage, mails: str) -> None:
    page = open_page(reviewed.reviewer(workspace, mails))
    reviewer = Reviewer(workspace, page, mails)
    first = reviewer.await_next()
    expect(page.get_by_role("tab", name="Differences (1)")).to_be_visible()
    reviewer.press("a")
    second = reviewer.await_next(first)
    accepted = reviewer.await_verdict(first)
    assert accepted["verdict"] == "accepted"
    assert reviewer.outcome(accepted["task"])["state"] == "accepted"

    reviewer.press("r")
    expect(page.get_by_role("dialog", name="Why is it rejected?")).to_be_visible()
    reviewer.press("3")
    third = reviewer.await_next(second)
    rejected = reviewer.await_verdict(second)
    assert (rejected["verdict"], rejected["comment"]) == ("rejected", "The wrong label")
    assert workspace.call("GET", f"/v1/text/tasks/{rejected['task']}")["state"] == "open"

    reviewer.press("e", "2", "Control+Enter")
    changes = page.get_by_role("dialog", name="What you change").get_by_role("listitem")
    expect(changes).to_have_count(1)
    expect(changes).to_contain_text("changed")
    reviewer.press("Control+Enter")
    fourth = reviewer.await_next(third)
    amended = reviewer.await_verdict(third)
    assert (amended["verdict"], amended["diff"]["changed"]) == ("amended", 1)
    assert reviewer.outcome(amended["task"])["current"]["answer"] == said("bad")
    remark(reviewer, reviewer.stored(fourth)["task"])


def remark(reviewer: Reviewer, task: str) -> None:
    """Pin a remark to the one difference, answer it and settle it."""
    page = reviewer.page
    reviewer.press("ArrowDown", "Shift+I")
    page.keyboard.type("Why good?")
    reviewer.press("Tab")
    expect(page.get_by_role("button", name="Raise it")).to_be_focused()
    reviewer.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("tab", name="Remarks (1)")).to_be_visible()
    page.get_by_role("tab", name="Differences").focus()
    reviewer.press("ArrowRight")
    page.get_by_role("textbox", name="Comment", exact=True).focus()
    page.keyboard.type("Because it says so.")
    reviewer.press("Tab", "Enter")
    expect(page.get_by_role("article")).to_contain_text("Because it says so.")
    page.get_by_role("button", name="Settle").focus()
    reviewer.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("settled")
    (issue,) = reviewer.workspace.call("GET", f"/v1/text/issues?task={task}")["items"]
    assert (issue["place"], issue["text"], issue["state"]) == ("/classification/0", "Why good?", "resolved")
    assert [one["text"] for one in issue["comments"]] == ["Because it says so."]


def test_a_verdict_waits_for_the_network(
    workspace: Workspace, open_page: OpenPage, make_reviewed: Callable[..., str]
) -> None:
    project = make_reviewed(3)
    page = open_page(reviewed.reviewer(workspace, project), network_may_fail=True)
    reviewer = Reviewer(workspace, page, project)
    first = reviewer.await_next()
    page.wait_for_function("() => document.querySelector('[data-ready]').dataset.ready === '2'")
    page.context.set_offline(True)
    reviewer.press("a")
    second = reviewer.await_next(first)
    reviewer.press("a")
    reviewer.await_next(second)
    expect(page.locator("[data-waiting='2']")).to_be_visible()
    page.context.set_offline(False)
    reviewer.await_saved()
    assert [reviewer.await_verdict(name)["verdict"] for name in (first, second)] == ["accepted", "accepted"]


@pytest.fixture
def make_reviewed(workspace: Workspace) -> Callable[[int], str]:
    def make(count: int) -> str:
        items = texts(count, "letter")
        return reviewed.make(
            workspace, "text", CLASSES, items, {i["unique_id"]: [said("good")] for i in items}
        )

    return make


def test_boxes_over_one_another_and_side_by_side(
    workspace: Workspace, open_page: OpenPage, streets: str
) -> None:
    page = open_page(reviewed.reviewer(workspace, streets))
    reviewer = Reviewer(workspace, page, streets)
    reviewer.await_next()
    names = page.get_by_role("navigation", name="Answers").get_by_role("button", pressed=True)
    expect(names).to_have_count(4)
    expect(names.nth(1)).to_contain_text("annotator")
    outcome = len(reviewer_outcome(workspace, streets))
    stage = page.get_by_role("application")
    expect(stage).to_have_accessible_name(f"Image with {outcome + 10} marks")
    reviewer.press("3")
    expect(stage).to_have_accessible_name(f"Image with {outcome + 6} marks")
    reviewer.press("3", "Alt+2")
    expect(stage).to_have_accessible_name("Image with 3 marks")
    reviewer.press("Alt+2")
    lines = page.get_by_role("list", name="What the answers say").get_by_role("button")
    expect(lines.first).to_contain_text("not in all")
    reviewer.press("Tab")
    expect(lines.first).to_have_attribute("aria-pressed", "true")
    reviewer.press("x")
    expect(stage).not_to_have_accessible_name(f"Image with {outcome + 10} marks")
    reviewer.press("x", "s")
    expect(page.get_by_role("application")).to_have_count(4)
    reviewer.press("s")


def reviewer_outcome(workspace: Workspace, project: str) -> list[Any]:
    outcomes = workspace.call("GET", f"/v1/image/outcomes?project={project}")["items"]
    return list(outcomes[0]["answer"]["box"])


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_review_is_accessible(theme: str, workspace: Workspace, open_page: OpenPage, streets: str) -> None:
    page = open_page(reviewed.reviewer(workspace, streets), color_scheme=theme)
    reviewer = Reviewer(workspace, page, streets)
    reviewer.await_next()
    found = violations(page)
    reviewer.press("ArrowDown", "s")
    expect(page.get_by_role("application")).to_have_count(4)
    found += violations(page)
    reviewer.press("s", "r")
    expect(page.get_by_role("dialog")).to_be_visible()
    found += violations(page)
    reviewer.press("Escape", "e")
    expect(page.get_by_text("amending")).to_be_visible()
    found += violations(page)
    reviewer.press("Control+Enter")
    expect(page.get_by_role("dialog", name="What you change")).to_contain_text("Nothing is changed yet")
    found += violations(page)
    assert not found, "\n".join(found)


def test_review_is_switched_on_where_it_is_off(
    workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]
) -> None:
    project = make_project("text", CLASSES, texts(1))
    page = open_page(workspace.owner)
    page.goto(f"/projects/{project}/review")
    expect(page.get_by_role("heading", name="Nothing is reviewed in this project")).to_be_visible()
    assert not violations(page)
    page.get_by_role("button", name="Review every outcome").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing waits for you right now")).to_be_visible()
    assert workspace.call("GET", f"/v1/projects/{project}")["quality"]["review"]["policy"] == "all"


def test_annotators_are_given_no_review(workspace: Workspace, open_page: OpenPage, mails: str) -> None:
    person = workspace.annotator(mails)
    page = open_page(person, network_may_fail=True)
    page.goto(f"/projects/{mails}/review")
    expect(page.get_by_role("heading", name="Reviews are for reviewers and managers")).to_be_visible()
    expect(page.get_by_label("Item", exact=True)).to_have_count(0)
    review = workspace.call("GET", f"/v1/text/reviews?project={mails}")["items"][0]["id"]
    for method, path, body in (
        ("POST", "/v1/text/reviews/claims", {"project": mails, "count": 1}),
        ("GET", f"/v1/text/reviews?project={mails}", None),
        ("GET", f"/v1/text/reviews/{review}/answers", None),
    ):
        refused(workspace, person, method, path, body)


def refused(workspace: Workspace, person: Person, method: str, path: str, body: Any) -> None:
    with pytest.raises(Refused, match="403"):
        workspace.call(method, path, body, token=person.token)
