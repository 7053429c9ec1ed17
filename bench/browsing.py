"""Chromium as measurements, screenshots and browser tests use it."""

from __future__ import annotations

import contextlib
import statistics
from collections.abc import Iterator, Sequence
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.workspace import CHROMIUM, CHROMIUM_OPTIONS, Person

# How long the page may need for what is over at once on a quiet machine.
PATIENCE_MS = 30_000
VIEWPORT = {"width": 1280, "height": 800}
ITEM = "output[aria-label=Item]"
# The time of the last mark of a name, and how many there are.
MARK = "(name) => performance.getEntriesByName(name).at(-1)?.startTime ?? 0"
COUNT = "(name) => performance.getEntriesByName(name).length"
DRAWN = "() => performance.getEntriesByName('annotary:drawn').length > 0"
DRAWN_SINCE = "(was) => performance.getEntriesByName('annotary:drawn').length > was"
READY = "() => document.querySelector('[data-ready]')?.dataset.ready !== '0'"
MOVED_ON = f"(was) => document.querySelector('{ITEM}')?.textContent !== was"


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile of some measurements."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Yield a Chromium without a window. While it is open a loop runs in this thread: asyncio has to wait."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_OPTIONS))
        try:
            yield opened
        finally:
            opened.close()


def profile(browser: Browser, url: str, person: Person | None, **options: Any) -> BrowserContext:
    """Return a fresh profile on an installation, in which a person is signed in (None: nobody)."""
    context = browser.new_context(**{"base_url": url, "viewport": VIEWPORT, **options})
    context.set_default_timeout(PATIENCE_MS)
    if person is not None:
        told = {"data": {"token": person.token}, "headers": {"X-Annotary-Request": "1"}}
        reply = context.request.post("/v1/session", **told)
        assert reply.status == 201, f"{reply.status}: {reply.text()}"
    return context


def open_project(page: Page, project: str) -> None:
    """Go to a project's labelling page and wait for a task."""
    page.goto(f"/projects/{project}/annotate")
    page.wait_for_selector(ITEM)


def await_moved_on(page: Page, unique_id: str) -> None:
    """Wait until an item is not in front any more, whether or not another one is."""
    page.wait_for_function(MOVED_ON, arg=unique_id)
