"""Pictures of the guided new project and of a project's files."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from playwright.sync_api import Page

from bench.workspace import Person, Workspace

MAILS = ("Where is my parcel?", "What a lovely shop, thank you!", "It came broken.", "Can I pay by card?")
Screen = tuple[str, Person | None, Callable[[Page], None]]
_numbers = itertools.count(1)


def new_project_screens(place: Workspace) -> Iterator[Screen]:
    """Yield each step of the guide, what it ends with, and the files of what was made."""
    file = _mails(place.place)
    for steps, name in enumerate(("files", "labels", "work", "make")):
        yield f"new-{name}", place.owner, partial(_step, file=file, steps=steps)
    yield "new-done", place.owner, lambda page: _made(page, file)
    yield "files", place.owner, lambda page: _files(page, file)


def _mails(folder: Path) -> Path:
    """Write rows with columns of somebody's own, two of which cannot go in."""
    rows = [json.dumps({"id": f"mail-{n}", "body": text, "shop": "north"}) for n, text in enumerate(MAILS)]
    file = folder / "support_mails.jsonl"
    file.write_text("\n".join([*rows, "no JSON", json.dumps({"id": "empty", "body": ""})]) + "\n")
    return file


def _step(page: Page, file: Path, steps: int) -> None:
    """Choose the file and go on as many steps."""
    page.on("filechooser", lambda chooser: chooser.set_files(str(file)))
    page.goto("/new")
    page.get_by_role("button", name="Choose files").click()
    page.get_by_text(file.name).wait_for()
    for heading in ("Labels", "Work", "Make it")[:steps]:
        page.keyboard.press("Control+Enter")
        page.get_by_role("heading", name=heading, exact=True).wait_for()


def _made(page: Page, file: Path) -> None:
    _step(page, file, 2)
    page.get_by_label("Name", exact=True).fill(f"Support mails {next(_numbers)}")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Make it").wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="Label the first task").wait_for()


def _files(page: Page, file: Path) -> None:
    _made(page, file)
    page.get_by_role("link", name="Bring more in").click()
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Begin the export").click()
    page.get_by_role("link", name="Download").wait_for()
    page.get_by_role("button", name="2 refused rows").click()
