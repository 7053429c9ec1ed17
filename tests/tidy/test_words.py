"""Names are the glossary's: what it forbids names nothing, and every module says what it owns."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tidy.tree import PACKAGE, PAGES, ROOT, files, parsed, place, report

FORBIDDEN = {"util", "utils", "helper", "helpers", "misc", "common", "honeypot", "completion", "completions"}
# HTTP and processes have statuses, and so do the edges that speak to them; an area has states and verdicts.
EDGES = {"infra", "services", "cli", "client", "demo"}
# What a name is given to in TypeScript, at the places where one is introduced.
BOUND = re.compile(r"\b(?:const|let|function\*?|class|interface|type|enum)\s+(?:\[|\{\s*)?([A-Za-z_$][\w$]*)")
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def words(name: str) -> set[str]:
    """Return the words of an identifier or file name, in lower case."""
    return {word.lower() for word in WORD.findall(name)}


def names_bound(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every name that a module gives to something, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case (
                ast.arg(arg=name)
                | ast.Name(id=name, ctx=ast.Store())
                | ast.Attribute(attr=name, ctx=ast.Store())
            ):
                yield name, node.lineno


def forbidden_in(path: Path) -> set[str]:
    """Return the words that name nothing in this file."""
    inside = path.is_relative_to(PACKAGE) and path.relative_to(PACKAGE).parts[0] not in EDGES
    return FORBIDDEN | ({"status"} if inside else set())


def test_identifiers_use_the_glossary() -> None:
    report(
        [
            f"{place(path, line)}: {name}"
            for path in files(".py")
            for name, line in names_bound(parsed(path))
            if words(name) & forbidden_in(path) and not name.startswith("test_")
        ],
        "docs/glossary.md lists words that are not used: say what it is (state or verdict, not status).",
    )


def test_identifiers_of_the_pages_use_the_glossary() -> None:
    sources = files(".ts", ".tsx", under=PAGES)
    assert len(sources) > 40
    report(
        [
            f"{place(path, number)}: {name}"
            for path in sources
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            for name in BOUND.findall(line)
            if words(name) & (FORBIDDEN | {"status"})
        ],
        "docs/glossary.md lists words that are not used: say what it is (state or verdict, not status).",
    )


def test_files_and_folders_use_the_glossary() -> None:
    paths = [path.relative_to(ROOT) for path in files()]
    bad = {str(path) for path in paths if any(words(part.split(".")[0]) & FORBIDDEN for part in path.parts)}
    report(sorted(bad), "A file or folder is named by what it owns.")


def test_no_class_is_a_manager() -> None:
    managers = [
        f"{place(path, node.lineno)}: {node.name}"
        for path in files(".py", under=PACKAGE)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith("Manager")
    ]
    report(managers, "A manager is a person with a role: name a class by what it holds or does.")


def test_columns_are_states_not_statuses() -> None:
    columns = [
        place(path, number)
        for path in files(".sql", under=PACKAGE / "services" / "migrations")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.match(r"\s+status\s+text", line)
    ]
    report(columns, "A column that says where something stands is its state.")


def test_every_module_says_what_it_owns() -> None:
    silent = []
    for path in files(".py"):
        docstring = ast.get_docstring(parsed(path)) if path.read_text(encoding="utf-8").strip() else None
        if not docstring or not re.match(r".+(\n.+)?[.:!?](\n\n|$)", docstring):
            silent.append(place(path))
    for path in files(".ts", ".tsx", under=PAGES):
        if not re.match(r"/\*\*? ?\n?.+[.:!?;]", path.read_text(encoding="utf-8")):
            silent.append(place(path))
    report(silent, "A module starts with a docstring whose first line or two say what it owns.")
