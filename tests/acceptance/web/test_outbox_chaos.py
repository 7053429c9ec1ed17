"""No label is lost and none is doubled, whatever happens to network, tabs, server and leases."""

from __future__ import annotations

import random
import time
import zlib
from collections.abc import Callable

import psycopg
import pytest
from bench.workspace import Person, Workspace
from playwright.sync_api import Page, expect

from acceptance.web.conftest import OpenPage
from acceptance.web.faults import RESTART_SECONDS_MAX, Faults, kill_tab
from acceptance.web.labelling import CLASSES, Labeller, texts

ITEMS = 10
KINDS = (
    *("offline", "tab closed", "tab killed", "server killed", "lease expired"),
    *("two tabs", "500s", "replies lost", "delivered twice", "claims lost"),
)
RUNS = 200
RUNS_SHORT = 8
COUNTS = """
    SELECT count(*), count(DISTINCT task_id), count(DISTINCT assignment_id)
    FROM text.submissions WHERE project_id = %s::uuid"""
END_SECONDS_MAX = 240.0


def label_of(unique_id: str) -> int:
    """Return which label a person gives an item: always the same, so that lost and changed answers show."""
    return 1 + zlib.crc32(unique_id.encode()) % 3


class Chaos:
    """A person at work in one or two tabs while things break."""

    def __init__(self, page: Page, faults: Faults, chance: random.Random) -> None:
        self.context = page.context
        self.faults = faults
        self.chance = chance
        self.tabs = [Labeller(page, faults.project).open()]
        self.moved_on: set[str] = set()

    def work(self, kinds: list[str]) -> None:
        """Label until everything is done, with one fault after the other in between."""
        for kind in kinds:
            self.label(self.chance.randint(1, 2))
            self.suffer(kind)
            self.label(self.chance.randint(1, 2), waiting=kind not in ("offline", "claims lost"))
            self.faults.heal()
        self.faults.await_server()
        for tab in self.tabs[1:]:
            tab.page.close()
        del self.tabs[1:]
        deadline = time.monotonic() + END_SECONDS_MAX
        while not self.is_over():
            assert time.monotonic() < deadline, self.tabs[0].page.inner_text("body")[:500]
            self.label(1)

    def suffer(self, kind: str) -> None:
        """Let one thing go wrong."""
        place = self.chance.randrange(len(self.tabs))
        if kind == "two tabs":
            self.tabs.append(self.open_tab())
        elif kind == "tab closed":
            self.tabs.pop(place).page.close()
        elif kind == "tab killed":
            kill_tab(self.tabs.pop(place).page)
        else:
            self.faults.break_something(kind)
        if not self.tabs:
            self.tabs.append(self.open_tab())

    def open_tab(self) -> Labeller:
        """Open one more tab of the same browser profile."""
        labeller = Labeller(self.context.new_page(), self.faults.project)
        labeller.page.goto(f"/projects/{labeller.project}/annotate")
        return labeller

    def label(self, count: int, waiting: bool = True) -> None:
        """Answer so many tasks, in any of the tabs; an answer counts as given once the screen moved on."""
        for _ in range(count):
            tab = self.chance.choice(self.tabs)
            state = tab.page.locator("output[aria-label=Item], h2")
            if waiting:
                # A service that was killed may take so long to be there again.
                expect(state.first).to_be_visible(timeout=1000 * RESTART_SECONDS_MAX)
            if not tab.name.is_visible():
                return
            unique_id = tab.unique_id
            if tab.page.locator("[data-missing='0']").count() == 0:
                tab.press(str(label_of(unique_id)))
            tab.press("Control+Enter")
            tab.await_moved_on(unique_id)
            self.moved_on.add(unique_id)

    def is_over(self) -> bool:
        """Whether every item is answered, and nothing waits for the server or for a person."""
        if not self.tabs[0].page.locator("[data-waiting='0'][data-refused='0']").is_visible():
            return False
        return len(self.faults.workspace.stored_answers(self.faults.project)) == ITEMS


def run(seed: int, workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]) -> None:
    chance = random.Random(seed)
    project = make_project("text", CLASSES, texts(ITEMS))
    person = workspace.annotator(project)
    page = open_page(person, network_may_fail=True)
    faults = Faults(workspace, page.context, project, seed)
    kinds = [KINDS[seed % len(KINDS)], *chance.choices(KINDS, k=2)]
    chaos = Chaos(page, faults, chance)
    chaos.work(kinds)
    hold_against_the_store(workspace, project, person, chaos.moved_on, kinds)


def hold_against_the_store(
    workspace: Workspace, project: str, person: Person, moved_on: set[str], kinds: list[str]
) -> None:
    stored = workspace.stored_answers(project)
    assert moved_on <= stored.keys(), f"lost under {kinds}: {moved_on - stored.keys()}"
    assert len(stored) == ITEMS
    names = {place + 1: label["name"] for place, label in enumerate(CLASSES["labels"])}
    for unique_id, found in stored.items():
        assert len(found) == 1, f"doubled under {kinds}: {unique_id}"
        assert found[0]["member"] == person.id
        said = [mark["label"] for mark in found[0]["answer"]["classification"]]
        assert said == [names[label_of(unique_id)]], f"changed under {kinds}: {unique_id}"
    with psycopg.connect(workspace.stand.database_url) as connection:
        row = connection.execute(COUNTS, [project.removeprefix("prj_")]).fetchone()
    assert row == (ITEMS, ITEMS, ITEMS), f"doubled under {kinds}: {row}"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(RUNS_SHORT))
def test_nothing_is_lost_or_doubled(
    seed: int, workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]
) -> None:
    run(seed, workspace, open_page, make_project)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(RUNS_SHORT, RUNS))
def test_nothing_is_lost_or_doubled_in_many_runs(
    seed: int, workspace: Workspace, open_page: OpenPage, make_project: Callable[..., str]
) -> None:
    run(seed, workspace, open_page, make_project)
