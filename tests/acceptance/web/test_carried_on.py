"""What was begun elsewhere goes on here: leases, drafts and addresses outlive the page that had them."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from bench.workspace import Person, Workspace
from playwright.sync_api import Route, expect

from acceptance.web.conftest import OpenPage
from acceptance.web.faults import CLAIMS, kill_tab
from acceptance.web.images import items
from acceptance.web.labelling import CLASSES, PATIENCE_MS, Labeller, texts

MakeProject = Callable[..., str]
BOXES = {"tools": {"box": {}}, "labels": [{"name": "car"}]}
# As if nobody had renewed them when they should have been.
NEGLECT = """
    UPDATE {}.assignments SET expires_at = clock_timestamp() + interval '10 minutes'
    WHERE project_id = %s::uuid AND state = 'leased'"""


def neglect(workspace: Workspace, modality: str, project: str) -> None:
    with psycopg.connect(workspace.stand.database_url) as connection:
        connection.execute(NEGLECT.format(modality).encode(), [project.removeprefix("prj_")])


def test_tasks_that_a_killed_tab_had_asked_for_come_to_the_next_one(
    workspace: Workspace, open_page: OpenPage, make_project: MakeProject
) -> None:
    project = make_project("text", CLASSES, texts(3))
    page = open_page(workspace.annotator(project), network_may_fail=True)

    def lose_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    page.context.route(CLAIMS, lose_reply)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/claims")):
        page.goto(f"/projects/{project}/annotate")
    kill_tab(page)
    page.context.unroute(CLAIMS)
    labeller = Labeller(page.context.new_page(), project).open()
    for _ in range(2):
        labeller.press("1").submit()
    labeller.press("1", "Control+Enter").await_saved()
    expect(labeller.page.get_by_text("Nothing to do right now")).to_be_visible(timeout=PATIENCE_MS)
    assert sorted(workspace.stored_answers(project)) == ["row-0", "row-1", "row-2"]


def begin_elsewhere(open_page: OpenPage, person: Person, project: str) -> str:
    """Begin a task in a browser that is then gone without a word; returns the task's `unique_id`."""
    page = open_page(person, network_may_fail=True)
    labeller = Labeller(page, project).open()
    with page.expect_response(lambda reply: reply.url.endswith("/draft") and reply.ok):
        labeller.press("2")
    unique_id = labeller.unique_id
    page.context.set_offline(True)
    page.context.close()
    return unique_id


def test_a_task_begun_in_another_browser_comes_with_its_draft(
    workspace: Workspace, open_page: OpenPage, make_project: MakeProject
) -> None:
    project = make_project("text", CLASSES, texts(4))
    person = workspace.annotator(project)
    begun = begin_elsewhere(open_page, person, project)
    neglect(workspace, "text", project)
    labeller = Labeller(open_page(person), project).open()
    assert labeller.unique_id == begun
    expect(labeller.page.get_by_text("This was begun elsewhere")).to_be_visible()
    labeller.submit()
    labeller.await_saved()
    (said,) = workspace.stored_answer(project, begun)["classification"]
    assert said["label"] == "bad"


def test_leases_that_somebody_looks_after_stay_where_they_are(
    workspace: Workspace, open_page: OpenPage, make_project: MakeProject
) -> None:
    project = make_project("text", CLASSES, texts(6))
    person = workspace.annotator(project)
    here = Labeller(open_page(person), project).open()
    there = Labeller(open_page(person), project).open()
    assert here.unique_id != there.unique_id


def test_an_address_that_is_good_no_more_is_asked_for_anew(
    workspace: Workspace, open_page: OpenPage, make_project: MakeProject
) -> None:
    project = make_project("image", BOXES, items(workspace, "first"))
    page = open_page(workspace.annotator(project), network_may_fail=True)
    ended: list[str] = []

    def end_the_first(route: Route) -> None:
        address = route.request.url
        if not ended:
            neglect(workspace, "image", project)
            ended.append(address)
        if address in ended:
            route.fulfill(status=403, body="")
        else:
            route.continue_()

    page.route("**/content?*", end_the_first)
    with page.expect_response(lambda reply: "/content?" in reply.url and reply.ok):
        Labeller(page, project).open()
    expect(page.get_by_role("application")).to_be_visible()
    expect(page.get_by_text("The image cannot be shown")).to_be_hidden()
