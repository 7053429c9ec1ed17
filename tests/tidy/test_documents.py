"""The pages a newcomer reads are true: every link leads somewhere, every folder and decision is listed."""

from __future__ import annotations

import re

from tidy.tree import PACKAGE, ROOT, files, place, report

LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
PATH = re.compile(r"`((?:src|tests|bench|docs|deploy|examples|\.ci)/[\w./-]+)`")
PAGES = [path for path in files(".md") if not path.is_relative_to(ROOT / "web")] + [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
]


def test_links_lead_somewhere() -> None:
    broken = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        broken += [
            f"{place(page)}: {link}" for link in LINK.findall(text) if not (page.parent / link).exists()
        ]
        broken += [f"{place(page)}: {path}" for path in PATH.findall(text) if not (ROOT / path).exists()]
    report(broken, "A page names a file that is not there.")


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [path.name for path in sorted((ROOT / "docs").glob("*.md")) if path.name != "README.md"]
    report(
        [name for name in pages if f"]({name})" not in index],
        "A page that docs/README.md does not list is lost.",
    )


def test_every_folder_has_its_line() -> None:
    page = (ROOT / "docs" / "where-things-go.md").read_text(encoding="utf-8")
    folders = [path.name for path in sorted(PACKAGE.iterdir()) if (path / "__init__.py").exists()]
    assert len(folders) > 10
    report(
        [name for name in folders if f"`{name}/`" not in page],
        "docs/where-things-go.md has a line for every folder.",
    )


def test_every_decision_says_what_holds_it() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    bad = []
    for page in files(".md", under=ROOT / "docs" / "decisions"):
        text = page.read_text(encoding="utf-8")
        headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
        if headings != ["Context", "Decision", "Consequences", "What holds it"]:
            bad.append(f"{place(page)}: headings are {headings}")
        if f"decisions/{page.name}" not in index:
            bad.append(f"{place(page)}: not in docs/README.md")
    report(
        bad,
        "A decision is one page: Context, Decision, Consequences, What holds it (a check).",
    )
