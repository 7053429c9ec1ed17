"""Screens of the data browser: items with their answers as a list and a grid, and all about one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page

from bench import reviewed
from bench.workspace import Json, Workspace

Screen = tuple[str, Any, Callable[[Page], None]]
FIRST = '[role=grid] [data-position="0"]'


def screens(place: Workspace, items: list[Json], definition: Json, said: Json) -> Iterator[Screen]:
    """Yield the screens over a project of images, of which the first few are answered."""
    project = place.make_project("image", definition, items, name="Faces and helmets, answered")
    answers = {str(item["unique_id"]): said for item in items[:5]}
    reviewed.answer(place, place.annotator(project), project, answers)
    root = f"/projects/{project}/data"

    def see(page: Page, path: str) -> None:
        page.goto(path)
        page.wait_for_selector(FIRST)

    def open_first(page: Page) -> None:
        see(page, root)
        page.locator(FIRST).click()
        page.wait_for_selector("section[aria-label='What is known']")

    yield "data-grid", place.owner, lambda page: see(page, f"{root}?view=grid")
    yield "data-list", place.owner, lambda page: see(page, f"{root}?view=list")
    yield "data-item", place.owner, open_first
