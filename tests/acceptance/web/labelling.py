"""A person at the labelling page, who uses nothing but the keyboard."""

from __future__ import annotations

from bench import browsing
from bench.browsing import PATIENCE_MS
from playwright.sync_api import Locator, Page, expect

CLASSES = {
    "tools": {"classification": {}},
    "labels": [{"name": "good"}, {"name": "bad", "hotkey": "b"}, {"name": "ugly"}],
}


def texts(count: int, name: str = "row") -> list[dict[str, str]]:
    """Return so many items, each with a text that names it."""
    return [{"unique_id": f"{name}-{n}", "text": f"This is the text of {name} {n}."} for n in range(count)]


class Labeller:
    """Drives the page of one project."""

    def __init__(self, page: Page, project: str) -> None:
        self.page = page
        self.project = project

    def open(self) -> Labeller:
        """Go to the project's page, and wait for a task."""
        browsing.open_project(self.page, self.project)
        return self

    def await_task(self, other_than: str = "") -> str:
        """Wait until a task is in front (other than one that was), and return its `unique_id`."""
        expect(self.name).not_to_have_text(other_than, timeout=PATIENCE_MS)
        return self.unique_id

    @property
    def name(self) -> Locator:
        """Where the page says which item is in front."""
        return self.page.get_by_label("Item", exact=True)

    @property
    def unique_id(self) -> str:
        """The item in front."""
        return self.name.inner_text()

    def await_moved_on(self, unique_id: str) -> None:
        """Wait until an item is not in front any more, whether or not another one is."""
        browsing.await_moved_on(self.page, unique_id)

    def press(self, *keys: str) -> Labeller:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def submit(self) -> str:
        """Submit, wait for the next task, and return the `unique_id` of the one that was answered."""
        answered = self.unique_id
        self.press("Control+Enter")
        self.await_task(other_than=answered)
        return answered

    def await_saved(self) -> None:
        """Wait until the outbox is empty."""
        expect(self.page.locator("[data-waiting='0']")).to_be_visible(timeout=PATIENCE_MS)
