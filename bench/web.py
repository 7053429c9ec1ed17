"""The workspace in a browser: from task to task, the start, and large tasks, on a real installation."""

from __future__ import annotations

import gzip
import io
import re
import statistics
from collections.abc import Callable, Iterator

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from bench import browsing, web_dashboard, web_data, web_review, web_spans, workspace
from bench.browsing import (
    COUNT,
    DRAWN,
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
from bench.stand import installation
from bench.workspace import Workspace

CLASSES = {"tools": {"classification": {}}, "labels": [{"name": "good"}, {"name": "bad"}]}
BOXES = {"tools": {"box": {}}, "labels": [{"name": "car"}, {"name": "person"}]}
SIZE = (1920, 1200)
SUBMISSIONS, SUBMISSIONS_QUICK = 100, 10
BOOTS, BOOTS_QUICK = 12, 3
SHAPES, SHAPES_QUICK = 10_000, 500
MARKS, MARKS_QUICK = 2_000, 200
MOVES, MOVES_QUICK = 150, 30
REVIEWS, REVIEWS_QUICK = 60, 8
DATA_ROWS, DATA_ROWS_QUICK = 100_000, 2_000
FILTERS, FILTERS_QUICK = 30, 4
COUNTED, COUNTED_QUICK = 1_000_000, 20_000
VISITS, VISITS_QUICK = 20, 5
# Counts frames from now on; what is returned is asked for later.
WATCH_FRAMES = """() => {
    const seen = {frames: 0, began: performance.now(), on: true};
    const next = () => { seen.frames += 1; if (seen.on) requestAnimationFrame(next); };
    requestAnimationFrame(next);
    window.annotaryFrames = seen;
}"""
FRAMES = """() => {
    const seen = window.annotaryFrames;
    seen.on = false;
    return 1000 * seen.frames / (performance.now() - seen.began);
}"""
Gesture = tuple[str, Callable[[], object], Callable[[int], object], Callable[[], object]]


def run(quick: bool) -> Report:
    """Measure with headless Chromium on this machine, which draws without a graphics card."""
    sizes = {
        "submissions": SUBMISSIONS_QUICK if quick else SUBMISSIONS,
        "boots": BOOTS_QUICK if quick else BOOTS,
        "shapes": SHAPES_QUICK if quick else SHAPES,
        "spans": MARKS_QUICK if quick else MARKS,
        "reviews": REVIEWS_QUICK if quick else REVIEWS,
    }
    sizes |= {
        "data_rows": DATA_ROWS_QUICK if quick else DATA_ROWS,
        "data_filters": FILTERS_QUICK if quick else FILTERS,
        "dashboard": COUNTED_QUICK if quick else COUNTED,
        "dashboard_visits": VISITS_QUICK if quick else VISITS,
    }
    report = Report(name="web", command="python -m bench web", sizes=sizes)
    lacking = workspace.missing()
    if lacking:
        report.notes.append(f"not measured: {lacking}")
        return report
    workspace.build()
    _weight(report)
    with installation() as stand, browsing.browser() as browser:
        place = Workspace(stand, stand.data_dir.parent)
        _loop(report, place, browser)
        _boot(report, place, browser)
        _shapes(report, place, browser, MOVES_QUICK if quick else MOVES)
        web_spans.measure(report, place, browser)
        web_dashboard.measure(report, place, browser)
        web_review.measure(report, place, browser)
        web_data.measure(report, place, browser)
    return report


def _texts(count: int) -> list[dict[str, str]]:
    return [{"unique_id": f"row-{n}", "text": f"This is the text of row {n}. " * 20} for n in range(count)]


def _weight(report: Report) -> None:
    """Weigh what the first page needs, compressed as the edge sends it."""
    page = workspace.BUILT.read_text(encoding="utf-8")
    scripts = re.findall(r'(?:src|href)="/(assets/[^"]+\.js)"', page)
    size = sum(len(gzip.compress((workspace.BUILT.parent / name).read_bytes(), 9)) for name in scripts)
    report.add("initial JS, gzipped", size / 1000, "KB", goal=180, bound="at most")


def _loop(report: Report, place: Workspace, browser: Browser) -> None:
    """Submit task after task, each as soon as the next one lies ready."""
    count = report.sizes["submissions"]
    project = place.make_project("text", CLASSES, _texts(count + 2))
    context = profile(browser, place.url, place.annotator(project))
    page = context.new_page()
    open_project(page, project)
    say(f"web: {count} submissions")
    took = []
    for _ in range(count):
        unique_id = page.locator(ITEM).inner_text()
        page.wait_for_function(READY)
        drawn = page.evaluate(COUNT, "annotary:drawn")
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        await_moved_on(page, unique_id)
        page.wait_for_function(DRAWN_SINCE, arg=drawn)
        took.append(page.evaluate(MARK, "annotary:drawn") - page.evaluate(MARK, "annotary:submit"))
    context.close()
    report.add("submit to next task drawn, p95", p95(took), "ms", goal=50, bound="at most")
    report.add("    median", statistics.median(took), "ms")


def _boot(report: Report, place: Workspace, browser: Browser) -> None:
    """Open the labelling page in fresh profiles: nothing is kept from the time before."""
    count = report.sizes["boots"]
    project = place.make_project("text", CLASSES, _texts(4 * count))
    say(f"web: {count} cold starts")
    took = []
    for _ in range(count):
        context = profile(browser, place.url, place.annotator(project))
        page = context.new_page()
        open_project(page, project)
        page.wait_for_function(DRAWN)
        took.append(page.evaluate(MARK, "annotary:drawn"))
        context.close()
    report.add("cold boot to first task, p95", p95(took), "ms", goal=1000, bound="at most")
    report.add("    median", statistics.median(took), "ms")


def _shapes(report: Report, place: Workspace, browser: Browser, moves: int) -> None:
    """Drag a shape, pan and zoom over very many boxes."""
    count = report.sizes["shapes"]
    file = io.BytesIO()
    Image.effect_noise(SIZE, 60).convert("RGB").save(file, "jpeg", quality=60)
    item = {"unique_id": "many", "asset": place.asset(file.getvalue(), "image/jpeg")}
    boxes = [_box(n) for n in range(count - 1)]
    # One to drag, large and alone on top of the others.
    boxes.append({"label": "person", "x": 900.0, "y": 540.0, "width": 120.0, "height": 120.0})
    project = place.make_project("image", BOXES, [item], {"many": {"box": boxes}})
    context, page = _with_marks(place, browser, project)
    page.wait_for_timeout(1000)
    area = page.get_by_role("application").first.bounding_box()
    assert area is not None
    x, y = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    say(f"web: {count} shapes")
    for name, begin, step, end in _gestures(page, x, y):
        begin()
        page.evaluate(WATCH_FRAMES)
        for move in range(moves):
            step(move)
        frames = page.evaluate(FRAMES)
        end()
        page.wait_for_timeout(500)
        report.add(f"{count:,} shapes: {name}", frames, "frames/s", goal=55)
    context.close()


def _gestures(page: Page, x: float, y: float) -> Iterator[Gesture]:
    """Return the gestures: a name, how each begins, one step of it, and how it ends."""
    mouse = page.mouse

    def press(button: str) -> None:
        mouse.move(x, y)
        mouse.down(button=button)

    def circle(move: int) -> None:
        mouse.move(x + 3 * (move % 40), y + 2 * (move % 30))

    yield "drag", lambda: press("left"), circle, lambda: mouse.up(button="left")
    yield "pan", lambda: press("middle"), circle, lambda: mouse.up(button="middle")
    yield (
        "zoom",
        lambda: mouse.move(x, y),
        lambda move: mouse.wheel(0, -60 if move % 40 < 20 else 60),
        lambda: None,
    )


def _box(number: int) -> dict[str, object]:
    across = SIZE[0] // 16
    left, top = 16 * (number % across), 14 * (number // across)
    return {"label": "car", "x": float(left), "y": float(top % (SIZE[1] - 12)), "width": 10.0, "height": 9.0}


def _with_marks(place: Workspace, browser: Browser, project: str) -> tuple[BrowserContext, Page]:
    """Open a project's first task, take the model's word for its marks, and let go of them."""
    context = profile(browser, place.url, place.annotator(project))
    page = context.new_page()
    open_project(page, project)
    page.wait_for_function(DRAWN)
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    return context, page
