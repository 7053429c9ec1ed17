"""The screens of an ontology that is changed: edited, checked, published and tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from bench.workspace import Person, Workspace

Screen = tuple[str, Person | None, Callable[[Page], None]]
MAIL = {
    "tools": {"spans": {}, "classification": {}},
    "labels": [
        {"name": "person", "tools": ["spans"], "hotkey": "p", "description": "Somebody with a name."},
        {
            "name": "writer",
            "tools": ["spans"],
            "parent": "person",
            "attributes": [{"name": "known for", "kind": "choice", "choices": ["notes", "poems", "novels"]}],
        },
        {"name": "place", "tools": ["spans"]},
        {"name": "praise", "tools": ["classification"]},
        {"name": "question", "tools": ["classification"]},
    ],
}
TEXTS = [{"unique_id": f"mail-{n}", "text": "Ada Lovelace wrote from London."} for n in range(6)]
ANSWER = {
    "spans": [{"label": "writer", "start": 0, "end": 12}, {"label": "place", "start": 24, "end": 30}],
    "classification": [{"label": "praise"}],
}
RENAME = [
    {"step": "rename_label", "label": "place", "to": "town"},
    {"step": "describe_label", "label": "writer", "colour": "#9b8cff"},
]
TRIAL = [{"step": "add_label", "label": {"name": "date", "tools": ["spans"]}}]


def ontology_screens(place: Workspace) -> Iterator[Screen]:
    """Yield the screens of a project whose ontology was published twice, once to a share of its tasks."""
    made = {row["unique_id"]: ANSWER for row in TEXTS}
    project = place.make_project("text", MAIL, TEXTS, made, name="Letters")
    ontology = place.call("GET", f"/v1/projects/{project}")["ontology"]
    path = f"/v1/ontologies/{ontology}/publications"
    place.call("POST", path, {"steps": RENAME, "reason": "Villages are no places of their own."})
    yield "ontology", place.owner, lambda page: _edit(page, project)
    yield "ontology-check", place.owner, lambda page: _check(page, project)
    place.call("POST", path, {"steps": TRIAL, "share": 0.1, "reason": "Are dates worth the time?"})
    yield "ontology-versions", place.owner, lambda page: _open(page, project, "?view=versions")


def _open(page: Page, project: str, view: str = "") -> None:
    page.goto(f"/projects/{project}/ontology{view}")
    page.get_by_role("heading", name="Ontology", exact=True).wait_for()


def _edit(page: Page, project: str) -> None:
    """Rename a choice and add a label: two steps."""
    _open(page, project)
    page.get_by_role("button", name="writer").click()
    page.get_by_role("button", name="known for one of").click()
    page.get_by_role("textbox", name="Choice 1").fill("essays")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Name", exact=True).fill("author")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="author", exact=True).wait_for()
    page.get_by_role("heading", name="Ontology", exact=True).scroll_into_view_if_needed()


def _check(page: Page, project: str) -> None:
    _edit(page, project)
    page.get_by_role("button", name="Check and publish").click()
    page.get_by_role("region", name="What it touches").wait_for()
