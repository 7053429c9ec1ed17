"""A new user's whole way by keyboard: own files, first task, review, export; bad files; breaks; axe."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from bench import reviewed
from bench.browsing import PATIENCE_MS
from bench.stand import Refused
from bench.workspace import Workspace
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from acceptance.web.axe import violations
from acceptance.web.conftest import OpenPage
from acceptance.web.labelling import CLASSES, Labeller, texts

MAILS = ["Where is my parcel?", "What a lovely shop!", "It came broken."]


class Guide:
    """Somebody who makes a project at `/new` and has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # The browser is told in time that nobody looks at its dialog.
        page.on("filechooser", lambda _: None)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, field: Locator, words: str) -> None:
        """Write into a field in place of what stood there."""
        field.focus()
        self.press("Control+a")
        self.page.keyboard.type(words)

    def choose(self, *files: Path) -> None:
        """Press Enter where the focus is at first, and choose files."""
        expect(self.page.get_by_role("button", name="Choose files")).to_be_focused()
        with self.page.expect_file_chooser() as chooser:
            self.press("Enter")
        chooser.value.set_files([str(file) for file in files])
        expect(self.page.get_by_role("button", name="Continue")).to_be_focused()

    def at(self, step: str) -> None:
        expect(self.page.get_by_role("heading", name=step, exact=True)).to_be_focused()

    def await_made(self, words: str) -> None:
        """Wait for the end, where the focus is on what comes next."""
        expect(self.page.get_by_role("region", name="Done")).to_contain_text(words, timeout=PATIENCE_MS)

    @property
    def project(self) -> str:
        href = self.page.get_by_role("link", name="Overview").get_attribute("href")
        assert href is not None
        return href.rsplit("/", 1)[-1]


def mails(folder: Path) -> Path:
    """Write rows as somebody has them: columns of their own, and two rows that cannot go in."""
    rows = [json.dumps({"id": f"mail-{n}", "body": text, "shop": "north"}) for n, text in enumerate(MAILS)]
    rows.insert(1, "this is no JSON")
    rows.append(json.dumps({"id": "empty", "body": "", "shop": "south"}))
    file = folder / "support_mails.jsonl"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def pictures(folder: Path) -> list[Path]:
    """Draw two images, and write a file that only says that it is one."""
    for number in range(2):
        Image.new("RGB", (320, 200), (40 + 90 * number, 120, 90)).save(folder / f"street-{number}.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    return sorted(folder.glob("*.png"))


def test_own_rows_are_labelled_reviewed_and_exported(
    workspace: Workspace, open_page: OpenPage, tmp_path: Path
) -> None:
    workspace.call("POST", "/v1/projects", {"name": "Taken", "modality": "text", "definition": CLASSES})
    page = open_page(workspace.owner, network_may_fail=True)
    guide = Guide(page)
    page.goto("/")
    page.get_by_role("link", name="New project").focus()
    guide.press("Enter")
    guide.choose(mails(tmp_path))
    guide.press("Enter")
    choose_labels(guide)
    say_how_it_is_done(guide)
    # The platform's refusal stands beside the field it names, on the step where that is.
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    expect(page.get_by_text("The organisation has an ontology of this name")).to_be_visible()
    guide.write(page.get_by_label("Name", exact=True), "Support")
    guide.press("Control+Enter")
    guide.at("Make it")
    guide.press("Control+Enter")
    guide.await_made("Support is ready: 3 tasks wait.")
    project = guide.project
    workspace.modalities[project] = "text"
    read_refusals(guide)
    page.get_by_role("link", name="Label the first task").focus()
    guide.press("Enter")
    label(Labeller(page, project))
    answers = {
        name: found["answer"]
        for name in ("mail-0", "mail-1", "mail-2")
        for found in stored(workspace, project, name)
    }
    assert answers == {f"mail-{n}": {"classification": [{"label": "angry"}]} for n in range(3)}
    review(workspace, open_page, project)
    exported = export(page, project)
    assert {row["unique_id"]: row["answer"] for row in exported} == answers


def choose_labels(guide: Guide) -> None:
    """Choose a template and put its labels right; what is wrong is said at once; going back loses nothing."""
    page = guide.page
    guide.at("Labels")
    page.get_by_role("radio", name="Classification", exact=False).first.focus()
    guide.press("ArrowRight")
    expect(page.get_by_role("radio", name="Sentiment")).to_be_checked()
    names = page.get_by_role("textbox", name="Name of Feelings")
    guide.write(names.nth(2), "positive")
    guide.press("Control+Enter")
    expect(page.get_by_text("positive is there already.")).to_be_visible()
    expect(names.nth(2)).to_be_focused()
    guide.write(names.nth(2), "angry")
    guide.write(page.get_by_label("Key of angry"), "a")
    page.go_back()
    expect(page.get_by_text("support_mails.jsonl")).to_be_visible()
    page.reload()
    expect(page.get_by_text("support_mails.jsonl")).to_be_visible()
    page.get_by_role("button", name="Continue").focus()
    guide.press("Enter")
    guide.at("Labels")
    expect(names.nth(2)).to_have_value("angry")
    guide.press("Control+Enter")


def say_how_it_is_done(guide: Guide) -> None:
    """Name it as another one is, ask for a review of everything, and have it made."""
    page = guide.page
    guide.at("Work")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Support mails")
    guide.write(page.get_by_label("Name", exact=True), "Taken")
    page.get_by_role("radio", name="Everything").focus()
    guide.press("Enter")
    guide.write(page.get_by_label("People a task"), "0")
    guide.press("Control+Enter")
    expect(page.get_by_text("A whole number from 1 to 100.")).to_be_visible()
    guide.write(page.get_by_label("People a task"), "1")
    guide.press("Control+Enter")
    guide.at("Make it")
    page.reload()
    expect(page.get_by_text("1 person a task, all of it reviewed")).to_be_visible()
    page.get_by_role("button", name="Make the project").focus()
    guide.press("Enter")


def read_refusals(guide: Guide) -> None:
    """Both bad rows are told with their lines in the own file, and can be taken along."""
    page = guide.page
    rows = page.get_by_role("region", name="Refused rows").get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("support_mails.jsonl2–found ' is no JSON'")
    expect(rows.nth(2)).to_contain_text("support_mails.jsonl5/textfound '', expected a text, not empty")
    page.get_by_role("button", name="Download the list").focus()
    with page.expect_download() as download:
        guide.press("Enter")
    told = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert [row[1:3] for row in told] == [["line", "place"], ["2", ""], ["5", "/text"]]


def label(labeller: Labeller) -> None:
    labeller.page.wait_for_url("**/annotate")
    labeller.await_task()
    for left in reversed(range(3)):
        answered = labeller.unique_id
        labeller.press("a", "Control+Enter")
        if left:
            labeller.await_task(other_than=answered)
        else:
            labeller.await_moved_on(answered)
    labeller.await_saved()


def stored(workspace: Workspace, project: str, unique_id: str) -> list[dict[str, object]]:
    return [{"answer": workspace.stored_answer(project, unique_id)}]


def review(workspace: Workspace, open_page: OpenPage, project: str) -> None:
    """A second person accepts everything with a single key each."""
    page = open_page(reviewed.reviewer(workspace, project))
    page.goto(f"/projects/{project}/review")
    item = page.get_by_label("Item", exact=True)
    for left in reversed(range(3)):
        expect(item).to_contain_text("mail-", timeout=PATIENCE_MS)
        before = item.inner_text()
        page.keyboard.press("a")
        if left:
            expect(item).not_to_have_text(before, timeout=PATIENCE_MS)
    expect(page.locator("[data-waiting='0'][data-refused='0']")).to_be_visible(timeout=PATIENCE_MS)
    page.close()


def export(page: Page, project: str) -> list[dict[str, object]]:
    """Ask for an export on the files page, and return the rows of the file that comes down."""
    page.goto(f"/projects/{project}/files")
    expect(page.get_by_role("heading", name="Import")).to_be_visible()
    page.keyboard.press("e")
    expect(page.get_by_role("dialog", name="Export")).to_be_visible()
    page.get_by_role("button", name="Begin the export").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Download").wait_for()
    page.get_by_role("link", name="Download").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    return [json.loads(line) for line in download.value.path().read_text(encoding="utf-8").splitlines()]


def test_a_broken_image_does_not_hold_up_the_others(
    workspace: Workspace, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(workspace.owner, network_may_fail=True)
    guide = Guide(page)
    page.goto("/new")
    guide.choose(*pictures(tmp_path))
    expect(page.get_by_role("radio", name="Images")).to_be_checked()
    guide.press("Control+Enter", "Control+Enter")
    guide.write(page.get_by_label("Name", exact=True), "Streets")
    guide.press("Control+Enter")
    guide.at("Make it")
    # The project is made and then something fails: it is gone on with, and nothing is made twice.
    page.route("**/v1/imports", broken)
    guide.press("Control+Enter")
    expect(page.get_by_text("The project is there; not all of its files are in yet.")).to_be_visible()
    page.unroute("**/v1/imports")
    page.get_by_role("button", name="Go on from here").focus()
    guide.press("Enter")
    guide.await_made("Streets is ready: 2 tasks wait.")
    expect(page.get_by_role("region", name="Refused rows")).to_contain_text("broken.png")
    made = [
        one for one in workspace.call("GET", "/v1/projects?limit=1000")["items"] if one["name"] == "Streets"
    ]
    assert [one["id"] for one in made] == [guide.project]
    expect(page.get_by_role("link", name="Label the first task")).to_be_focused()
    guide.press("Enter")
    expect(page.get_by_label("Item", exact=True)).to_contain_text("street-")


def broken(route: Route) -> None:
    problem = {"title": "Conflict", "status": 409, "code": "conflict", "detail": "Not now."}
    route.fulfill(status=409, content_type="application/problem+json", body=json.dumps(problem))


def test_files_that_cannot_be_used_are_named_and_nothing_is_made(
    workspace: Workspace, open_page: OpenPage, tmp_path: Path
) -> None:
    before = len(workspace.call("GET", "/v1/projects?limit=1000")["items"])
    packed, latin = tmp_path / "all.zip", tmp_path / "latin.csv"
    packed.write_bytes(b"PK\x03\x04")
    latin.write_bytes("text\nfür\n".encode("latin-1"))
    page = open_page(workspace.owner)
    page.on("filechooser", lambda chooser: chooser.set_files([str(packed), str(latin)]))
    page.goto("/new")
    page.get_by_role("button", name="Choose files").press("Enter")
    expect(page.get_by_text("It is packed: unpack it")).to_be_visible()
    expect(page.get_by_text("Its text is not in UTF-8.")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("None of these files can be used.")
    assert len(workspace.call("GET", "/v1/projects?limit=1000")["items"]) == before


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_new_project_and_files_are_accessible(
    theme: str, workspace: Workspace, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(workspace.owner, color_scheme=theme)
    guide = Guide(page)
    page.goto("/new")
    guide.choose(mails(tmp_path))
    found = violations(page)
    for step in ("Labels", "Work", "Make it"):
        guide.press("Control+Enter")
        guide.at(step)
        if step == "Work":
            guide.write(page.get_by_label("Name", exact=True), f"Looked at in {theme}")
        found += violations(page)
    guide.press("Control+Enter")
    guide.await_made("3 tasks wait")
    expect(page.get_by_role("region", name="Refused rows")).to_be_visible()
    found += violations(page)
    page.goto(f"/projects/{guide.project}/files")
    page.get_by_role("button", name="2 refused rows").press("Enter")
    expect(page.get_by_role("region", name="Refused rows")).to_be_visible()
    page.keyboard.press("b")
    found += violations(page)
    page.keyboard.press("e")
    expect(page.get_by_role("dialog", name="Export")).to_be_visible()
    found += violations(page)
    assert not found, "\n".join(found)


def test_annotators_make_no_projects_and_see_no_files(workspace: Workspace, open_page: OpenPage) -> None:
    project = workspace.make_project("text", CLASSES, texts(1))
    person = workspace.annotator(project)
    page = open_page(person, network_may_fail=True)
    page.goto("/")
    expect(page.get_by_text("1 task waits for you")).to_be_visible()
    expect(page.get_by_role("link", name="New project")).to_have_count(0)
    expect(page.get_by_role("link", name="the pages of")).to_have_count(0)
    page.goto("/new")
    expect(page.get_by_role("heading", name="Projects are made by managers")).to_be_visible()
    page.goto(f"/projects/{project}/files")
    expect(
        page.get_by_role("heading", name="These pages are for those who review and manage")
    ).to_be_visible()
    told = {"name": "mine", "modality": "text", "definition": CLASSES}
    for method, path, body in (
        ("POST", "/v1/projects", told),
        ("GET", f"/v1/jobs?project={project}", None),
        ("POST", "/v1/exports", {"project": project}),
    ):
        with pytest.raises(Refused, match="403"):
            workspace.call(method, path, body, token=person.token)
