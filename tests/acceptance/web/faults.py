"""What goes wrong with a browser and its server: each fault is made on purpose, and undone."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable

import psycopg
from bench.browsing import PATIENCE_MS
from bench.workspace import Workspace
from playwright.sync_api import BrowserContext, Error, Page, Route

SUBMISSIONS = "**/submission"
CLAIMS = "**/claims"
RESTART_SECONDS_MAX = 240.0
EXPIRE = """
    UPDATE text.assignments SET expires_at = clock_timestamp() - interval '1 second'
    WHERE project_id = %s::uuid AND state = 'leased'"""


class Faults:
    """Breaks the ways of one browser profile to the service of texts."""

    def __init__(self, workspace: Workspace, context: BrowserContext, project: str, seed: int) -> None:
        self.workspace = workspace
        self.context = context
        self.project = project
        self.chance = random.Random(seed)
        self.made: list[str] = []
        self._broken: list[str] = []

    def break_something(self, name: str) -> None:
        """Make a fault, by its name."""
        self.made.append(name)
        makers: dict[str, Callable[[], None]] = {
            "offline": lambda: self.context.set_offline(True),
            "server killed": self.kill_server,
            "lease expired": self.expire_leases,
            "500s": lambda: self._answer(SUBMISSIONS, _refuse),
            "replies lost": lambda: self._answer(SUBMISSIONS, _lose_reply),
            "delivered twice": lambda: self._answer(SUBMISSIONS, _deliver_twice),
            "claims lost": lambda: self._answer(CLAIMS, _lose_reply),
        }
        makers[name]()

    def heal(self) -> None:
        """Undo what does not pass by itself."""
        self.context.set_offline(False)
        for pattern in self._broken:
            self.context.unroute(pattern)
        self._broken.clear()

    def kill_server(self) -> None:
        """Kill the service of texts; the supervisor starts it again while the work goes on."""
        os.kill(self.workspace.stand.pid("text"), signal.SIGKILL)

    def await_server(self) -> None:
        """Wait until the service of texts answers again."""
        deadline = time.monotonic() + RESTART_SECONDS_MAX
        while True:
            try:
                self.workspace.call("GET", "/v1/text/assignments")
                return
            except Exception:
                assert time.monotonic() < deadline, "the service of texts did not come back"

    def expire_leases(self) -> None:
        """Let every lease of the project be over."""
        with psycopg.connect(self.workspace.stand.database_url) as connection:
            connection.execute(EXPIRE, [self.project.removeprefix("prj_")])

    def _answer(self, pattern: str, handle: Callable[[Route], None]) -> None:
        def sometimes(route: Route) -> None:
            # A page that is closed in the middle needs no answer any more.
            with contextlib.suppress(Error):
                handle(route) if self.chance.random() < 0.7 else route.continue_()

        if pattern not in self._broken:
            self._broken.append(pattern)
            self.context.route(pattern, sometimes)


def kill_tab(page: Page) -> None:
    """Kill the process that draws a tab, as if it had run out of memory."""
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=PATIENCE_MS)
    page.close()


def _refuse(route: Route) -> None:
    route.fulfill(status=500, body="{}", content_type="application/json")


def _lose_reply(route: Route) -> None:
    route.fetch()
    route.abort()


def _deliver_twice(route: Route) -> None:
    route.fetch()
    route.fulfill(response=route.fetch())
