"""The browser, and pages that fail a test on any error: console, page or content security policy."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

import pytest
from bench import browsing
from bench import stand as stands
from bench import workspace as places
from bench.workspace import Person, Workspace
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

OpenPage = Callable[..., Page]
WATCH_POLICY = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`refused by policy: ${event.violatedDirective} ${event.blockedURI}`))"""
# Chromium reports each failed request as an error; a test that breaks the network says that it does.
NETWORK = re.compile(r"Failed to load resource|WebSocket connection to|net::ERR_")


@pytest.fixture(scope="package")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A running `annotary up` that serves the workspace as it is built now."""
    lacking = places.missing()
    if lacking and "CI" not in os.environ:
        pytest.skip(lacking)
    assert not lacking, lacking
    places.build()
    place = tmp_path_factory.mktemp("web")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANNOTARY_WEBHOOK_PRIVATE_NETWORKS", "127.0.0.1/32")
        stand = stands.start(place / "data")
    try:
        yield Workspace(stand, place)
    finally:
        stands.stop(stand)


@pytest.fixture(scope="package")
def browser(workspace: Workspace) -> Iterator[Browser]:
    """One Chromium for the browser tests; it ends with them, since it leaves a running loop in the thread."""
    with browsing.browser() as opened:
        yield opened


@pytest.fixture
def open_page(workspace: Workspace, browser: Browser) -> Iterator[OpenPage]:
    """`open_page(person)` is a fresh browser profile of that person's, signed in (None: nobody signed in).

    `network_may_fail` is for tests that break it on purpose; other errors still fail them.
    """
    opened: list[BrowserContext] = []
    errors: list[str] = []

    def open_one(person: Person | None, *, network_may_fail: bool = False, **options: object) -> Page:
        context = browsing.profile(browser, workspace.url, person, **options)
        opened.append(context)
        watch(context, errors, network_may_fail=network_may_fail)
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()
    assert not errors, "the page reported errors:\n" + "\n".join(errors)


@pytest.fixture
def browser_page(workspace: Workspace, open_page: OpenPage) -> Page:
    """A page on which the owner is signed in."""
    return open_page(workspace.owner)


@pytest.fixture
def make_project(workspace: Workspace) -> Callable[..., str]:
    """`make_project(modality, definition, items, suggestions=None, **settings)` returns the project's id."""
    return workspace.make_project


def watch(context: BrowserContext, errors: list[str], *, network_may_fail: bool) -> None:
    """Collect what goes wrong on the pages of a profile."""
    context.add_init_script(WATCH_POLICY)

    def heard(message: ConsoleMessage) -> None:
        expected = network_may_fail and NETWORK.search(message.text)
        if message.type == "error" and not expected:
            errors.append(f"{message.text} ({message.location.get('url')})")

    context.on("console", heard)
    context.on("weberror", lambda error: errors.append(f"{error.error}"))
