"""Spans and relations on the real platform: what was marked is what is stored, by code point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bench.workspace import Workspace
from playwright.sync_api import Page, expect

from acceptance.web.answering import finished
from acceptance.web.conftest import OpenPage
from acceptance.web.labelling import Labeller

Start = Callable[[dict[str, Any], str], Labeller]
ENTITIES = {
    "tools": {"spans": {}, "relations": {}},
    "labels": [
        {"name": "person", "tools": ["spans"]},
        {"name": "place", "tools": ["spans"]},
        {"name": "born in", "tools": ["relations"]},
        {"name": "knows", "tools": ["relations"]},
    ],
}
MIXED = "Ada Lovelace 👩🏽‍💻 met Charles Babbage.\r\nעדה גרה בלונדון."
BORN = "Ada Lovelace was born in London."


@pytest.fixture
def start(workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]) -> Start:
    """`start(definition, text)` opens a project whose first item has the text."""

    def open_one(definition: dict[str, Any], text: str) -> Labeller:
        items = [{"unique_id": "first", "text": text}, {"unique_id": "second", "text": "."}]
        project = make_project("text", definition, items)
        labeller = Labeller(open_page(workspace.annotator(project)), project).open()
        expect(labeller.page.get_by_role("textbox", name="Text")).to_have_text(text)
        return labeller

    return open_one


def place(text: str, words: str) -> dict[str, int]:
    start = text.index(words)
    return {"start": start, "end": start + len(words)}


def test_spans_by_keyboard_over_emoji_and_from_right_to_left(workspace: Workspace, start: Start) -> None:
    labeller = start(ENTITIES, MIXED)
    labeller.press("ArrowRight", "Shift+ArrowRight", "1")
    labeller.press("ArrowRight", "2")
    labeller.press("Control+ArrowRight", "Shift+ArrowLeft", "1")
    # Left is onwards here. Both steps of the border are undone at once, and done again.
    labeller.press("e", "ArrowLeft", "Enter", "Control+z", "Control+Shift+z")
    labeller.press("Shift+Tab", "1")
    labeller.press("Delete", "Control+z")
    assert finished(workspace, labeller) == {
        "spans": [
            {"label": "person", **place(MIXED, "Ada Lovelace")},
            {"label": "person", **place(MIXED, "👩🏽‍💻")},
            {"label": "person", **place(MIXED, "עדה גרה בלונדון")},
        ]
    }


def test_discontinuous_and_overlapping_spans_by_keyboard(workspace: Workspace, start: Start) -> None:
    text = "Ada and Grace Hopper"
    labeller = start(ENTITIES, text)
    labeller.press("ArrowRight", "1", "ArrowRight", "ArrowRight", "ArrowRight", "p", "Escape")
    labeller.press(*["ArrowRight"] * 3, "Shift+ArrowRight", "1", "Escape")
    # By character, three of them.
    labeller.press("w", "Control+Home", "Shift+ArrowRight", "2")
    assert finished(workspace, labeller) == {
        "spans": [
            {"label": "place", "start": 0, "end": 2},
            {"label": "person", "start": 0, "end": 20, "parts": [[0, 3], [14, 20]]},
            {"label": "person", "start": 8, "end": 20},
        ]
    }


def test_relations_by_keyboard_follow_their_spans(workspace: Workspace, start: Start) -> None:
    labeller = start(ENTITIES, BORN)
    relations = labeller.page.get_by_role("region", name="Relations").get_by_role("listitem")
    joined = labeller.page.get_by_role("button", name="London born in Ada Lovelace")
    labeller.press("ArrowRight", "Shift+ArrowRight", "1", *["ArrowRight"] * 4, "2")
    labeller.press("r", "Tab", "Enter")
    expect(joined).to_be_visible()
    labeller.press("f", "2", "Control+z")
    labeller.press("Tab")
    labeller.press("Delete")
    expect(relations).to_have_count(0)
    labeller.press("Control+z")
    expect(relations).to_have_count(1)
    # The relation goes along with its span's new border.
    labeller.press("Escape", "Tab", "e", "ArrowLeft", "Enter")
    ada, london = place(BORN, "Ada"), place(BORN, "London")
    assert finished(workspace, labeller) == {
        "spans": [{"label": "person", **ada}, {"label": "place", **london}],
        "relations": [{"label": "born in", "source": ada, "target": london}],
    }


def test_the_pointer_snaps_to_words_adds_parts_and_drags_borders(workspace: Workspace, start: Start) -> None:
    text = "Ada met Charles Babbage 👩🏽‍💻 and Mary Somerville."
    labeller = start(ENTITIES, text)
    page = labeller.page
    drag(page, middle(page, "arles"), middle(page, "Bab"))
    expect(page.get_by_role("list", name="Marks").get_by_role("listitem")).to_have_count(1)
    page.keyboard.down("Control")
    drag(page, middle(page, "Mar"), middle(page, "ary"))
    page.keyboard.up("Control")
    drag(page, centre(page, "[data-grip=start]"), middle(page, "met"))
    assert finished(workspace, labeller) == {
        "spans": [
            {
                "label": "person",
                "start": text.index("met"),
                "end": text.index("Mary") + 4,
                "parts": [
                    [text.index("met"), text.index("Babbage") + 7],
                    [text.index("Mary"), text.index("Mary") + 4],
                ],
            }
        ]
    }


def drag(page: Page, source: tuple[float, float], target: tuple[float, float]) -> None:
    """Draw with the pointer from one point of the window to another."""
    page.mouse.move(*source)
    page.mouse.down()
    page.mouse.move(*target, steps=8)
    page.mouse.up()


def middle(page: Page, words: str) -> tuple[float, float]:
    """Return the point in the middle of the first such letters of the text."""
    x, y = page.get_by_role("textbox", name="Text").evaluate(
        """(root, words) => {
            const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + words.length);
                const box = range.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }
        }""",
        words,
    )
    return x, y


def centre(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
