"""The screens of reviewing: a project of each kind under review, and how a picture of it comes about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from playwright.sync_api import Page

from bench import reviewed
from bench.browsing import ITEM
from bench.workspace import Json, Person, Workspace

Screen = tuple[str, Person | None, Callable[[Page], None]]
MOOD = {
    "tools": {"classification": {}},
    "labels": [{"name": "praise"}, {"name": "complaint"}, {"name": "question"}],
}
MAIL = "It came broken. Where is my money? I have written three times."
GUESSES = ("complaint", "question", "complaint")


def screens(place: Workspace, photographs: Sequence[Json], text: str, labels: Json) -> Iterator[Screen]:
    """Yield the screens: photographs with boxes, a text with spans under `labels`, mails with a class."""
    objects = {
        "tools": {"box": {}},
        "labels": [{"name": name} for name in ("face", "helmet", "flag", "model")],
    }
    names = {"shows": "names", "levels": 2}
    boxes = {str(one["unique_id"]): _boxes() for one in photographs}
    image = reviewed.make(place, "image", objects, photographs, boxes, name="Astronauts", review=names)
    spans = _made(place, labels, text, _spans(text), "People, places, works")
    guesses: list[Json] = [{"classification": [{"label": label}]} for label in GUESSES]
    classes = _made(place, MOOD, MAIL, guesses, "What is the mail about?")
    off = place.make_project("text", MOOD, [{"unique_id": "mail", "text": MAIL}], name="Mails")
    person = reviewed.reviewer(place, image, spans, classes)
    yield "review-image", person, lambda page: _open(page, image, "ArrowDown")
    yield "review-beside", person, lambda page: _open(page, image, "s")
    yield "review-spans", person, lambda page: _open(page, spans, "ArrowDown")
    yield "review-classes", person, lambda page: _open(page, classes)
    yield "review-reject", person, lambda page: _open(page, image, "r")
    yield "review-changes", person, lambda page: _open(page, classes, "e", "3", "Control+Enter")
    yield "review-off", place.owner, lambda page: _off(page, off)


def _made(place: Workspace, definition: Json, text: str, answers: Sequence[Json], name: str) -> str:
    """Make a project with more reviews than are looked at: one that is left comes back, but not at once."""
    items = [{"unique_id": f"mail-{number}", "text": text} for number in range(12)]
    given = {str(item["unique_id"]): answers for item in items}
    return reviewed.make(place, "text", definition, items, given, name=name)


def _open(page: Page, project: str, *keys: str) -> None:
    page.goto(f"/projects/{project}/review")
    page.wait_for_selector(ITEM)
    page.wait_for_timeout(1_000)
    for key in keys:
        page.keyboard.press(key)


def _off(page: Page, project: str) -> None:
    page.goto(f"/projects/{project}/review")
    page.wait_for_selector("h2")


def _box(label: str, x: float, y: float, width: float, height: float) -> dict[str, Any]:
    return {"label": label, "x": x, "y": y, "width": width, "height": height}


def _boxes() -> list[Json]:
    face, helmet = _box("face", 176.0, 70.0, 96.0, 122.0), _box("helmet", 300.0, 268.0, 208.0, 220.0)
    return [
        {"box": [face, helmet]},
        {"box": [_box("face", 180.0, 74.0, 92.0, 118.0), helmet, _box("flag", 10.0, 20.0, 120.0, 200.0)]},
        {"box": [_box("face", 170.0, 60.0, 110.0, 140.0), _box("model", 300.0, 268.0, 208.0, 220.0)]},
    ]


def _spans(text: str) -> list[Json]:
    def said(*found: tuple[str, str]) -> Json:
        starts = [(label, text.index(words), len(words)) for label, words in found]
        return {"spans": [{"label": name, "start": at, "end": at + size} for name, at, size in starts]}

    ada, london = ("person", "Ada Lovelace"), ("place", "London")
    return [
        said(ada, london, ("person", "Charles Babbage")),
        said(("person", "Ada"), london, ("work", "Analytical Engine")),
        said(ada, ("work", "London")),
    ]
