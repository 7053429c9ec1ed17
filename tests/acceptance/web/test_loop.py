"""The labelling loop on the real platform, by keyboard alone: what was pressed is what is stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bench.workspace import Workspace
from playwright.sync_api import expect

from acceptance.web.conftest import OpenPage
from acceptance.web.labelling import CLASSES, Labeller, texts

MakeProject = Callable[..., str]


def labels(answer: dict[str, Any]) -> list[str]:
    return [mark["label"] for mark in answer.get("classification", [])]


def test_a_newcomer_labels_with_the_keyboard_alone(
    workspace: Workspace, open_page: OpenPage, make_project: MakeProject
) -> None:
    project = make_project("text", CLASSES, texts(4))
    page = open_page(workspace.annotator(project))
    page.goto("/")
    expect(page.get_by_text(re.compile("text work")).first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"{project}/annotate"))
    labeller = Labeller(page, project)
    assert labeller.await_task() == "row-0"
    expect(page.get_by_text("This is the text of row 0.")).to_be_visible()
    labeller.press("1", "Control+z", "2").submit()
    labeller.press("1", "b", "Control+z", "Control+Shift+z").submit()
    labeller.press("3", "Control+z", "1").submit()
    labeller.press("Control+Enter")
    expect(page.get_by_text("An answer needs: classification")).to_be_visible()
    labeller.press("3", "Control+Enter")
    expect(page.get_by_text("Nothing to do right now")).to_be_visible()
    labeller.await_saved()
    stored = workspace.stored_answers(project)
    assert {name: labels(found[0]["answer"]) for name, found in stored.items()} == {
        "row-0": ["bad"],
        "row-1": ["bad"],
        "row-2": ["good"],
        "row-3": ["ugly"],
    }
    assert all(len(found) == 1 and 0 < found[0]["seconds"] < 300 for found in stored.values())


def test_skipping_and_second_thoughts(
    workspace: Workspace, open_page: OpenPage, make_project: MakeProject
) -> None:
    project = make_project("text", CLASSES, texts(3))
    labeller = Labeller(open_page(workspace.annotator(project)), project).open()
    labeller.press("s", "2")
    assert labeller.await_task(other_than="row-0") == "row-1"
    labeller.press("1").submit()
    labeller.await_saved()
    labeller.press("Control+Shift+Enter")
    expect(labeller.page.get_by_text("changing an answer")).to_be_visible()
    assert labeller.unique_id == "row-1"
    labeller.press("2", "Control+Enter")
    expect(labeller.page.get_by_text("changing an answer")).to_be_hidden()
    assert labeller.unique_id == "row-2"
    labeller.await_saved()
    assert labels(workspace.stored_answer(project, "row-1")) == ["bad"]
    assert set(workspace.stored_answers(project)) == {"row-1"}


def test_a_suggestion_is_decided_on(
    workspace: Workspace, open_page: OpenPage, make_project: MakeProject
) -> None:
    suggested = {f"row-{n}": {"classification": [{"label": "ugly"}]} for n in range(3)}
    project = make_project("text", CLASSES, texts(3), suggested)
    labeller = Labeller(open_page(workspace.annotator(project)), project).open()
    labeller.press("Control+Enter")
    expect(labeller.page.get_by_text("Decide on what is suggested first")).to_be_visible()
    labeller.press("a").submit()
    labeller.press("x", "1").submit()
    labeller.press("2", "Control+Enter")
    # Until it is in the outbox nothing waits there.
    expect(labeller.page.get_by_text("Nothing to do right now")).to_be_visible()
    labeller.await_saved()
    answers = {name: found[0]["answer"] for name, found in workspace.stored_answers(project).items()}
    assert {name: labels(answer) for name, answer in answers.items()} == {
        "row-0": ["ugly"],
        "row-1": ["good"],
        "row-2": ["bad"],
    }


def test_a_reload_brings_back_what_was_begun(
    workspace: Workspace, open_page: OpenPage, make_project: MakeProject
) -> None:
    project = make_project("text", CLASSES, texts(3))
    labeller = Labeller(open_page(workspace.annotator(project)), project).open()
    labeller.press("2")
    labeller.page.get_by_role("button", name="Say why").click()
    labeller.page.keyboard.type("it is dark")
    labeller.page.reload()
    assert labeller.await_task() == "row-0"
    expect(labeller.page.get_by_label("Why")).to_have_value("it is dark")
    labeller.submit()
    labeller.await_saved()
    answer = workspace.stored_answer(project, "row-0")
    assert labels(answer) == ["bad"] and answer["justification"] == "it is dark"


def test_a_remark_is_raised_beside_the_work(
    workspace: Workspace, open_page: OpenPage, make_project: MakeProject
) -> None:
    project = make_project("text", CLASSES, texts(2), instructions="Say what it is.")
    labeller = Labeller(open_page(workspace.annotator(project)), project).open()
    labeller.press("i")
    expect(labeller.page.get_by_text("Say what it is.")).to_be_visible()
    labeller.press("Shift+I")
    labeller.page.keyboard.type("Is this one meant?")
    labeller.page.keyboard.press("Tab")
    labeller.page.keyboard.press("Enter")
    expect(labeller.page.get_by_role("tab", name="Remarks (1)")).to_be_visible()
    (issue,) = workspace.call("GET", f"/v1/text/issues?project={project}")["items"]
    assert (issue["text"], issue["place"], issue["state"]) == ("Is this one meant?", None, "open")
