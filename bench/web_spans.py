"""Very many spans over one text: painted for the first time, and again when one is chosen or changed."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from playwright.sync_api import Browser, Page

from bench.browsing import (
    COUNT,
    DRAWN_SINCE,
    ITEM,
    MARK,
    READY,
    await_moved_on,
    open_project,
    p95,
    profile,
)
from bench.report import Report, say
from bench.workspace import Workspace

LABELS = ("person", "place")
SPANS = {"tools": {"spans": {}}, "labels": [{"name": name} for name in LABELS]}
DOCUMENTS = 10
REPAINTS = 60
PAUSE_MILLISECONDS = 100
# From an event to the end of the frame in which what it changed is painted.
AWAIT_PAINT = """(event) => { window.annotaryPaint = new Promise((painted) => {
    const happened = () => {
        const began = performance.now();
        requestAnimationFrame(() => {
            const {port1, port2} = new MessageChannel();
            port1.onmessage = () => painted(performance.now() - began);
            port2.postMessage(null);
        });
    };
    addEventListener(event, happened, {once: true, capture: true});
}); }"""
PAINTED = "() => window.annotaryPaint"


def measure(report: Report, place: Workspace, browser: Browser) -> None:
    """Draw texts with very many spans; choose spans with the pointer, change their labels with a key."""
    count = report.sizes["spans"]
    names = [f"long-{number}" for number in range(DOCUMENTS + 2)]
    words = " ".join(f"word{number:04}" for number in range(count))
    spans = [{"label": LABELS[n % 2], "start": 9 * n, "end": 9 * n + 8} for n in range(count)]
    items = [{"unique_id": name, "text": words} for name in names]
    project = place.make_project("text", SPANS, items, {name: {"spans": spans} for name in names})
    context = profile(browser, place.url, place.annotator(project))
    page = context.new_page()
    open_project(page, project)
    say(f"web: {count} spans")
    first = _first(page)
    text = page.get_by_text("word0000").last.bounding_box()
    assert text is not None
    x, y = text["x"] + 20, text["y"] + 14

    def choose(number: int) -> None:
        page.mouse.click(x + 80 * (number % 5), y + 56 * (number // 5 % 3))

    chosen = _repaint(page, "pointerup", choose)
    changed = _repaint(page, "keydown", lambda number: page.keyboard.press("12"[number % 2]))
    context.close()
    _add(report, f"{count:,} spans drawn with their task", first, None)
    _add(report, f"{count:,} spans painted, one of them chosen", chosen, 16.0)
    _add(report, f"{count:,} spans painted, one of them changed", changed, 16.0)


def _add(report: Report, name: str, took: list[float], goal: float | None) -> None:
    bound = {"goal": goal, "bound": "at most"} if goal is not None else {}
    report.add(f"{name}, p95", p95(took), "ms", **bound)
    report.add("    median", statistics.median(took), "ms")


def _first(page: Page) -> list[float]:
    """Go from text to text, each of which lies ready; from the end of the one to the picture of the next."""
    took = []
    for _ in range(DOCUMENTS):
        unique_id = page.locator(ITEM).inner_text()
        page.keyboard.press("a")
        page.wait_for_function(READY)
        page.wait_for_timeout(10 * PAUSE_MILLISECONDS)
        drawn = page.evaluate(COUNT, "annotary:drawn")
        page.keyboard.press("Control+Enter")
        await_moved_on(page, unique_id)
        page.wait_for_function(DRAWN_SINCE, arg=drawn)
        took.append(page.evaluate(MARK, "annotary:drawn") - page.evaluate(MARK, "annotary:shown"))
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    return took


def _repaint(page: Page, event: str, make: Callable[[int], None]) -> list[float]:
    took = []
    for number in range(REPAINTS):
        page.wait_for_timeout(PAUSE_MILLISECONDS)
        page.evaluate(AWAIT_PAINT, event)
        make(number)
        took.append(page.evaluate(PAINTED))
    return took
