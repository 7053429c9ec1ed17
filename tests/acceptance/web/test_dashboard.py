"""The overview of a project: its numbers are those of the API, its marks lead to what is behind them; axe."""

from __future__ import annotations

import time

import pytest
from bench.label_loop import LabelLoop
from bench.texts import BAD, GOOD
from bench.workspace import Workspace
from playwright.sync_api import expect

from acceptance.web.axe import violations
from acceptance.web.conftest import OpenPage
from acceptance.web.labelling import CLASSES, texts

TASKS = 12
LABELS = 16
SECONDS_MAX = 240.0


@pytest.fixture(scope="module")
def project(workspace: Workspace) -> str:
    """A project in which four people have answered, and the consumers have counted it."""
    made = workspace.make_project("text", CLASSES, texts(TASKS), name="Counted", overlap=3)
    tokens = [workspace.annotator(made).token for _ in range(4)]
    loop = LabelLoop(workspace.stand.address, tokens, "text", made, (GOOD, BAD), claim_next=False)
    loop.run(SECONDS_MAX, LABELS)

    def counted() -> bool:
        moments = workspace.call("GET", f"/v1/text/pace?project={made}")["moments"]
        agreed = workspace.call("GET", f"/v1/text/agreement?project={made}&by=week")["groups"]
        return sum(one["labels"] for one in moments) >= LABELS and bool(agreed)

    deadline = time.monotonic() + SECONDS_MAX
    while not counted():
        assert time.monotonic() < deadline, "the consumers did not count what came in"
        time.sleep(0.1)
    return made


def test_numbers_are_those_of_the_api_and_marks_lead_on_by_keyboard(
    workspace: Workspace, open_page: OpenPage, project: str
) -> None:
    page = open_page(workspace.owner)
    page.goto(f"/projects/{project}")
    pace = workspace.call("GET", f"/v1/text/pace?project={project}")
    labels = sum(one["labels"] for one in pace["moments"])
    expect(page.get_by_role("region", name="Labels in this time")).to_contain_text(str(labels))
    progress = workspace.call("GET", f"/v1/text/progress?project={project}")
    done = f"{progress['done']} of {progress['tasks']}"
    expect(page.get_by_role("region", name="Tasks done")).to_contain_text(done)
    (group,) = workspace.call("GET", f"/v1/text/agreement?project={project}&by=week")["groups"]
    alpha = f"{group['measures']['alpha_nominal']['value']:.2f}"
    expect(page.get_by_role("region", name="Agreement, newest week")).to_contain_text(alpha)
    bars = page.get_by_role("application", name="Labels an hour")
    bars.focus()
    page.keyboard.press("End")
    region = page.get_by_role("region", name="Labels an hour")
    expect(region.get_by_text("Enter or a click shows")).to_be_visible()
    while not page.locator("p[aria-live]").first.inner_text().count("annotator"):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    answers = page.get_by_role("list", name="Answers").get_by_role("listitem")
    expect(answers.first).to_be_visible()
    answers.first.get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/record/task_*")


def test_a_person_and_a_time_are_in_the_address(
    workspace: Workspace, open_page: OpenPage, project: str
) -> None:
    page = open_page(workspace.owner)
    best, *_ = workspace.call("GET", f"/v1/text/pace?project={project}")["people"]
    page.goto(f"/projects/{project}?days=30&person={best['member']}")
    expect(page.get_by_role("region", name="Labels a day")).to_be_visible()
    expect(page.get_by_label("Person", exact=True)).to_have_value(best["member"])
    tile = page.get_by_role("region", name="Labels in this time")
    expect(tile).to_contain_text(str(best["labels"]))
    page.get_by_role("button", name="Labels a day: save as CSV").focus()
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    rows = saved.value.path().read_text(encoding="utf-8").splitlines()
    assert sum(int(row.split(",")[1]) for row in rows[1:]) == best["labels"]
    page.goto(f"/projects/{project}?until=2020-01-01T00:00:00Z")
    expect(tile).to_contain_text("0")
    expect(page.get_by_text("Nobody labelled in this time.")).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_overview_is_accessible(
    theme: str, workspace: Workspace, open_page: OpenPage, project: str
) -> None:
    page = open_page(workspace.owner, color_scheme=theme)
    page.goto(f"/projects/{project}")
    expect(page.locator("[data-chart] canvas").nth(1)).to_be_visible()
    page.get_by_role("region", name="Labels an hour").get_by_role("button", name="Show as a table").click()
    expect(page.get_by_role("region", name="Labels an hour: table")).to_be_visible()
    found = violations(page)
    assert not found, "\n".join(found)


def test_an_empty_project_teaches_and_annotators_see_nothing(
    workspace: Workspace, open_page: OpenPage, project: str
) -> None:
    told = {"name": "Empty", "modality": "text", "definition": CLASSES}
    empty = workspace.call("POST", "/v1/projects", told)["id"]
    page = open_page(workspace.owner)
    page.goto(f"/projects/{empty}")
    expect(page.get_by_role("heading", name="Nothing to label yet")).to_be_visible()
    expect(page.get_by_role("link", name="Import files")).to_be_visible()
    page = open_page(workspace.annotator(project))
    page.goto(f"/projects/{project}")
    expect(page.get_by_text("These pages are for those who review and manage")).to_be_visible()
    expect(page.get_by_role("region", name="Labels in this time")).to_have_count(0)
