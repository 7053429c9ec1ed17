"""Files and functions stay small enough to be read at once."""

from __future__ import annotations

import ast

from tidy.tree import files, parsed, place, report

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
SOURCE = (".py", ".sql", ".ts", ".tsx", ".css", ".sh")


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
