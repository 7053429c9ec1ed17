"""From one review to the next: five people's boxes over one image, drawn after a verdict."""

from __future__ import annotations

import io
import statistics

from PIL import Image
from playwright.sync_api import Browser

from bench import reviewed
from bench.browsing import (
    COUNT,
    DRAWN_SINCE,
    ITEM,
    MARK,
    READY,
    await_moved_on,
    p95,
    profile,
)
from bench.report import Report, say
from bench.workspace import Json, Workspace

BOXES = {"tools": {"box": {}}, "labels": [{"name": "car"}, {"name": "person"}]}
SIZE = (1280, 960)
PEOPLE, MARKS = 5, 50
COLUMNS = 10
TWO_AHEAD = "() => document.querySelector('[data-ready]')?.dataset.ready === '2'"


def measure(report: Report, place: Workspace, browser: Browser) -> None:
    """Accept review after review, each as soon as the next two lie ready."""
    count = report.sizes["reviews"]
    say(f"web: {count} reviews of {PEOPLE} answers with {MARKS} boxes")
    file = io.BytesIO()
    Image.effect_noise(SIZE, 60).convert("RGB").save(file, "jpeg", quality=60)
    asset = place.asset(file.getvalue(), "image/jpeg")
    names = [f"crowded-{number}" for number in range(count + 3)]
    answers = {name: [_answer(person) for person in range(PEOPLE)] for name in names}
    items = [{"unique_id": name, "asset": asset} for name in names]
    project = reviewed.make(place, "image", BOXES, items, answers)
    context = profile(browser, place.url, reviewed.reviewer(place, project))
    page = context.new_page()
    page.goto(f"/projects/{project}/review")
    page.wait_for_selector(ITEM)
    took = []
    for number in range(count):
        unique_id = page.locator(ITEM).inner_text()
        page.wait_for_function(TWO_AHEAD if number < count - 1 else READY)
        drawn = page.evaluate(COUNT, "annotary:drawn")
        page.keyboard.press("a")
        await_moved_on(page, unique_id)
        page.wait_for_function(DRAWN_SINCE, arg=drawn)
        took.append(page.evaluate(MARK, "annotary:drawn") - page.evaluate(MARK, "annotary:submit"))
    context.close()
    name = f"review of {PEOPLE} answers x {MARKS} boxes: verdict to next drawn"
    report.add(f"{name}, p95", p95(took), "ms", goal=50, bound="at most")
    report.add("    median", statistics.median(took), "ms")


def _answer(person: int) -> Json:
    """Return one person's boxes: most as the others', a few elsewhere or under another label."""
    boxes = []
    for number in range(MARKS):
        shift = 40.0 if (number + person) % 17 == 0 else 2.0 * person
        label = "person" if (number * 3 + person) % 13 == 0 else "car"
        x, y = 120.0 * (number % COLUMNS), 180.0 * (number // COLUMNS)
        boxes.append({"label": label, "x": x + shift, "y": y, "width": 60.0, "height": 90.0})
    return {"box": boxes}
