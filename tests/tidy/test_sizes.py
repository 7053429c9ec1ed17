"""Files and functions stay small enough to be read at once."""

from __future__ import annotations

import ast
import re

from tidy.tree import PAGES, files, parsed, place, report

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
# The formatter wraps code at 110; what it cannot wrap, such as a sentence of a comment, has a little more.
LINE_CHARACTERS_MAX = 120
QUOTED = re.compile(r'"[^"]*"|`[^`]*`')
SOURCE = (".py", ".sql", ".ts", ".tsx", ".mjs", ".css", ".sh")


def test_files_are_short() -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files(*SOURCE)}
    assert len(sizes) > 50, "the walk found almost nothing: it looks in the wrong place"
    report(
        [f"{place(path)}: {lines} lines" for path, lines in sizes.items() if lines > FILE_LINES_MAX],
        f"A file has at most {FILE_LINES_MAX} lines (aim at 250): split it by what it knows.",
    )


def test_functions_are_short() -> None:
    long = [
        f"{place(path, node.lineno)}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in files(".py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= FUNCTION_LINES_MAX
    ]
    report(long, f"A function has at most {FUNCTION_LINES_MAX} lines (aim at 30): name its parts.")


def test_lines_of_the_pages_are_short() -> None:
    long = [
        f"{place(path, number)}: {len(line)} characters"
        for path in files(".ts", ".tsx", ".css", under=PAGES)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        # A sentence or a list of classes between quotes is one word, which no formatter breaks.
        if len(QUOTED.sub('""', line)) > LINE_CHARACTERS_MAX
    ]
    report(long, f"A line of code has at most {LINE_CHARACTERS_MAX} characters: wrap it.")
