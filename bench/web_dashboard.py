"""The overview of a project of very many submissions: from going there to its charts being drawn."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from playwright.sync_api import Browser

from annotary.infra.queries import Queries
from bench.browsing import p95, profile
from bench.label_loop import LabelLoop
from bench.report import ROOT, Report, say
from bench.statements import ask
from bench.texts import BAD, GOOD
from bench.workspace import Workspace

CLASSES = {"tools": {"classification": {}}, "labels": [{"name": "good"}, {"name": "bad"}]}
PEOPLE = 8
OVERLAP = 3
REAL_TASKS = 60
DAYS = 14
WAIT_SECONDS = 60.0
# Every number is there and every chart is painted.
DRAWN = """() => document.querySelectorAll('[data-chart] canvas').length >= 3
    && !document.querySelector('.animate-breathe')"""
MAKE = Queries("bench", (ROOT / "bench" / "web_dashboard.sql").read_text(encoding="utf-8"))
GROWN = ("tasks", "task_items", "assignments", "submissions", "pace_hours", "hop_hours")


def measure(report: Report, place: Workspace, browser: Browser) -> None:
    """Open the overview again and again, as somebody does who comes from another page."""
    count, visits = report.sizes["dashboard"], report.sizes["dashboard_visits"]
    project = made_project(place, count)
    context = profile(browser, place.url, place.owner)
    page = context.new_page()
    say(f"web: overview of {count} submissions")
    took = []
    for _ in range(visits):
        page.goto("/settings")
        page.wait_for_selector("h1")
        page.goto(f"/projects/{project}?days=7")
        page.wait_for_function(DRAWN)
        took.append(page.evaluate("performance.now()"))
    context.close()
    report.add(f"overview of {count:,} submissions drawn, p95", p95(took), "ms", goal=1000, bound="at most")
    report.add("    median", statistics.median(took), "ms")


def made_project(place: Workspace, count: int) -> str:
    """Make a project with some real answers, and as many made ones as are asked for."""
    items = [{"unique_id": f"row-{n}", "text": f"This is the text of row {n}."} for n in range(REAL_TASKS)]
    project = place.make_project("text", CLASSES, items, name="Reviews of summer", overlap=OVERLAP)
    people = [place.annotator(project) for _ in range(PEOPLE)]
    tokens = [person.token for person in people]
    loop = LabelLoop(place.stand.address, tokens, "text", project, (GOOD, BAD), claim_next=False)
    loop.run(WAIT_SECONDS, 2 * REAL_TASKS)
    members = [_uuid(person.id) for person in people]
    # The browser's loop runs in this thread.
    with ThreadPoolExecutor(1) as aside:
        url = place.stand.database_url
        aside.submit(ask, url, lambda connection: _grow(connection, _uuid(project), members, count)).result()
    _await_counts(place, project)
    return project


def _uuid(text: str) -> str:
    return text.partition("_")[2]


async def _grow(connection: Any, project: str, members: list[str], count: int) -> None:
    await connection.execute("SET search_path TO text")
    async with connection.transaction():
        await connection.execute("SET LOCAL synchronous_commit TO off")
        await connection.execute(MAKE.spread, project, members, count, DAYS)
        for table in GROWN:
            await connection.execute(getattr(MAKE, table), project)
    for table in GROWN:
        await connection.execute(f"VACUUM ANALYZE {table}")


def _await_counts(place: Workspace, project: str) -> None:
    """Wait until agreement is known: then the consumers have come to the end."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not place.call("GET", f"/v1/text/agreement?project={project}&by=week")["groups"]:
        assert time.monotonic() < deadline, "nobody counted how far annotators agree"
        time.sleep(0.2)
