"""The forms of text tasks on the real platform, by keyboard: chosen, changed, undone, submitted, compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bench.workspace import Workspace
from playwright.sync_api import expect

from acceptance.web.answering import finished
from acceptance.web.conftest import OpenPage
from acceptance.web.images import items
from acceptance.web.labelling import Labeller

Start = Callable[[dict[str, Any], dict[str, Any]], Labeller]
PROMPT = "Why is the sky blue? 🌈"
REPLIES = ["لأن الهواء يشتت الضوء الأزرق.", "Air scatters blue light more than red.", "Nobody knows."]


@pytest.fixture
def start(workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]) -> Start:
    """`start(definition, item)` opens a project that has the item first."""

    def open_one(definition: dict[str, Any], item: dict[str, Any]) -> Labeller:
        project = make_project(
            "text", definition, [{"unique_id": name, **item} for name in ("first", "second")]
        )
        labeller = Labeller(open_page(workspace.annotator(project)), project).open()
        # Keys are a form's from the moment that it is there.
        expect(labeller.page.locator("[data-form]").first).to_be_visible()
        return labeller

    return open_one


def test_several_classes_with_their_questions(workspace: Workspace, start: Start) -> None:
    certain = {"name": "certain", "kind": "boolean"}
    labels = [
        {"name": "outdoor", "attributes": [certain]},
        {"name": "street", "parent": "outdoor", "hotkey": "z"},
        {"name": "night"},
    ]
    labeller = start(
        {"tools": {"classification": {"multiple": True}}, "labels": labels}, {"text": "عند الليل 🌃"}
    )
    labeller.press("1", "z", "3", "Control+z", "z")
    labeller.page.get_by_role("switch", name="certain").press("Space")
    assert finished(workspace, labeller) == {
        "classification": [{"label": "outdoor", "attributes": {"certain": True}}]
    }


def test_a_class_of_many_is_found_by_its_name(workspace: Workspace, start: Start) -> None:
    labels = [{"name": f"topic {number}"} for number in range(40)]
    labeller = start({"tools": {"classification": {}}, "labels": labels}, {"text": "x"})
    labeller.press("/")
    labeller.page.keyboard.type("topic 37")
    labeller.press("Enter")
    expect(labeller.page.get_by_role("radio", name="topic 37")).to_be_checked()
    assert finished(workspace, labeller) == {"classification": [{"label": "topic 37"}]}


def test_ratings(workspace: Workspace, start: Start) -> None:
    scales = {"tone": {"minimum": -2, "maximum": 2}}
    labels = [{"name": "helpful"}, {"name": "tone"}]
    labeller = start(
        {"tools": {"ordinal": {"scales": scales}}, "labels": labels}, {"prompt": PROMPT, "text": REPLIES[0]}
    )
    labeller.press("5", "1", "k", "4", "Control+z", "Control+Shift+z")
    assert finished(workspace, labeller) == {
        "ordinal": [{"label": "helpful", "level": 4}, {"label": "tone", "level": -2}]
    }


def test_preference(workspace: Workspace, start: Start) -> None:
    item = {"prompt": PROMPT, "a": REPLIES[0], "b": REPLIES[1]}
    labeller = start({"tools": {"preference": {"strength_max": 3}}}, item)
    labeller.press("d", "ArrowRight", "ArrowRight", "ArrowRight", "Control+z", "t", "Control+z")
    expect(labeller.page.get_by_role("radio", name="B is better, 2 of 3")).to_be_checked()
    assert finished(workspace, labeller) == {"preference": {"choice": "b", "strength": 2}}


def test_ranking_with_ties(workspace: Workspace, start: Start) -> None:
    labeller = start({"tools": {"ranking": {}}}, {"prompt": PROMPT, "candidates": REPLIES})
    # B first; then C beside A.
    labeller.press("j", "Shift+ArrowUp", "j", "j", "t", "Control+z", "t")
    assert finished(workspace, labeller) == {"ranking": {"tiers": [[1], [0, 2]]}}


def test_messages_of_a_conversation(workspace: Workspace, start: Start) -> None:
    messages = [
        {"role": "user", "content": PROMPT},
        {"role": "assistant", "content": REPLIES[0]},
        {"role": "user", "content": "And at sunset?"},
        {"role": "assistant", "content": REPLIES[1]},
    ]
    definition = {
        "tools": {"chat": {"scales": {"hallucination": None}}},
        "labels": [{"name": "helpful"}, {"name": "hallucination"}],
    }
    labeller = start(definition, {"messages": messages})
    labeller.press("2", "j", "5", "4", "Control+z", "Shift+1")
    expect(labeller.page.get_by_text("2 of 2 rated")).to_be_visible()
    assert finished(workspace, labeller) == {
        "chat": [
            {"label": "helpful", "message": 1, "level": 2},
            {"label": "hallucination", "message": 3},
            {"label": "helpful", "message": 3, "level": 5},
        ]
    }


def test_rewriting_keeps_every_character(workspace: Workspace, start: Start) -> None:
    text = "Hello 👩🏽‍💻,\r\nשלום."
    labeller = start({"tools": {"rewrite": {"characters_max": 60}}}, {"prompt": PROMPT, "text": text})
    page = labeller.page
    labeller.press("e", "Control+End")
    page.keyboard.type(" Bye e\u0301.")
    expect(page.get_by_role("insertion")).to_have_text(" Bye e\u0301.")
    labeller.press("Control+Alt+r")
    expect(page.get_by_role("insertion")).to_have_count(0)
    labeller.press("Control+Home")
    page.keyboard.type("Oh! ")
    assert finished(workspace, labeller) == {"rewrite": {"text": "Oh! Hello 👩🏽‍💻,\nשלום."}}


def test_a_rubric_and_its_total(workspace: Workspace, start: Start) -> None:
    criteria = [
        {"name": "correct", "weight": 3, "scale": [0, 4]},
        {"name": "style", "choices": ["clumsy", "plain", "elegant"]},
    ]
    labeller = start({"tools": {"rubric": {"criteria": criteria}}}, {"prompt": PROMPT, "text": REPLIES[1]})
    labeller.press("3", "1", "k", "4", "Control+z", "3")
    labeller.press("k", "2")
    expect(labeller.page.get_by_text("63 %")).to_be_visible()
    labeller.press("Control+z")
    assert finished(workspace, labeller) == {"rubric": {"scores": {"correct": 3, "style": "elegant"}}}


def test_classes_and_ratings_of_an_image(
    workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]
) -> None:
    definition = {
        "tools": {"classification": {}, "ordinal": {"maximum": 3}},
        "labels": [
            {"name": "day", "tools": ["classification"]},
            {"name": "night", "tools": ["classification"]},
            {"name": "sharpness", "tools": ["ordinal"]},
        ],
    }
    project = make_project("image", definition, items(workspace, "first", "second"))
    labeller = Labeller(open_page(workspace.annotator(project)), project).open()
    rating = labeller.page.get_by_role("radiogroup", name="sharpness")
    expect(rating).to_be_visible()
    # Digits pick classes until the focus is in the rating.
    labeller.press("1", "2")
    rating.get_by_role("radio", name="1").focus()
    labeller.press("3")
    assert finished(workspace, labeller) == {
        "classification": [{"label": "night"}],
        "ordinal": [{"label": "sharpness", "level": 3}],
    }
