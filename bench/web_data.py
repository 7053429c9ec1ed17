"""The data browser over very many tasks: how smoothly it scrolls, and how soon a filter's answer is drawn."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser, Page

from annotary.infra import queries
from bench import statements
from bench.browsing import p95, profile
from bench.report import Report, say
from bench.workspace import Workspace

QUERIES = queries.load("bench", "web_data.sql")
LABELS = ("praise", "complaint", "question", "other")
DEFINITION = {"tools": {"classification": {}}, "labels": [{"name": name} for name in LABELS]}
FOLLOWED_SECONDS_MAX = 120.0
# All sets of labels but the empty one.
SETS = 2 ** len(LABELS) - 1
SETTLED_MS = 1_000
BOXES = "aside input[type=checkbox]"
# Scrolls at about 3,600 pixels a second, and counts the frames that were drawn.
SCROLLED = """async (seconds) => {
    const grid = document.querySelector('[role=grid]');
    const began = performance.now();
    let frames = 0;
    for (;;) {
        await new Promise(requestAnimationFrame);
        const passed = performance.now() - began;
        if (passed > 1000 * seconds) return 1000 * frames / passed;
        frames += 1;
        grid.scrollTop += 60;
    }
}"""
# From the click on a box to the end of the frame that shows another count, and its rows.
FILTERED = """(at) => new Promise((drawn) => {
    const count = () => document.querySelector('section [role=status]')?.textContent;
    const before = count();
    const box = document.querySelectorAll('aside input[type=checkbox]')[at];
    const began = performance.now();
    const look = () => {
        const row = document.querySelector('[role=grid] [data-position="0"] [role=gridcell]');
        const empty = document.querySelector('[role=grid]') === null;
        if (count() !== before && (empty || (row && !row.ariaBusy))) {
            const {port1, port2} = new MessageChannel();
            port1.onmessage = () => drawn(performance.now() - began);
            port2.postMessage(null);
        } else requestAnimationFrame(look);
    };
    box.click();
    requestAnimationFrame(look);
})"""


def measure(report: Report, place: Workspace, browser: Browser) -> None:
    """Scroll a project of very many texts; ask for each label and state, and take the filter away again."""
    count = report.sizes["data_rows"]
    say(f"web: {count:,} rows of data")
    items = [
        {"unique_id": f"row-{n:07}", "text": f"Mail {n}: where is my parcel? It was due."}
        for n in range(count)
    ]
    project = place.make_project("text", DEFINITION, items)
    _answered(place, project, count)
    context = profile(browser, place.url, place.owner)
    page = context.new_page()
    page.goto(f"/projects/{project}/data")
    page.wait_for_selector('[role=grid] [data-position="0"] [role=gridcell]:not([aria-busy])')
    frames = [page.evaluate(SCROLLED, 3) for _ in range(3)]
    page.keyboard.press("Escape")
    took = _filtered(page, report.sizes["data_filters"])
    context.close()
    name = f"{count:,} rows of data"
    report.add(f"{name} scrolled", statistics.median(frames), "frames/s", goal=55, bound="at least")
    report.add(f"{name} filtered, p95", p95(took), "ms", goal=300, bound="at most")
    report.add("    median", statistics.median(took), "ms")


def _answered(place: Workspace, project: str, count: int) -> None:
    """Wait until it is known of every task what it is found by, and let each have an answer."""
    url, identity = place.stand.database_url, UUID(hex=project.partition("_")[2])
    deadline = time.monotonic() + FOLLOWED_SECONDS_MAX

    async def known(connection: Any) -> int:
        return int(await connection.fetchval(QUERIES.count_facets, identity))

    async def answered(connection: Any) -> None:
        await connection.execute(QUERIES.answer_all, identity, timeout=600)

    # The browser's loop runs in this thread: Postgres is asked from another.
    with ThreadPoolExecutor(1) as apart:
        while apart.submit(statements.ask, url, known).result() < count:
            assert time.monotonic() < deadline, "the consumer of facets does not keep up"
            time.sleep(0.5)
        apart.submit(statements.ask, url, answered).result()
        apart.submit(statements.vacuum, url).result()


def _filtered(page: Page, times: int) -> list[float]:
    """Turn the boxes of labels so that each time other ones are on: nothing was asked for before.

    The first box is the only state there is. With it on, everything is asked for once more.
    """
    took = []
    for number in range(min(times, 2 * SETS)):
        if number == SETS:
            page.locator(BOXES).first.check()
            page.wait_for_timeout(SETTLED_MS)
        # A Gray code: from one set of labels to the next there is one box to turn.
        step = number % SETS + 1
        took.append(page.evaluate(FILTERED, 1 + (step & -step).bit_length() - 1))
    return took
