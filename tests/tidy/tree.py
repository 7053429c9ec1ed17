"""The files of the project as the tidy tests see them: what we wrote, not what tools made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "annotary"
WRITTEN = ("src", "tests", "bench", "docs", "deploy", "examples", "web", ".ci")
MADE = {"__pycache__", "node_modules", "dist", "results", ".hypothesis", ".mypy_cache", ".ruff_cache"}
# Pages that somebody tries things on, which git ignores.
MADE |= {"playground"}
PAGES = ROOT / "web" / "src"


def files(*suffixes: str, under: Path = ROOT) -> list[Path]:
    """Return our files with one of these suffixes (all files when none is given), in a fixed order."""
    return [path for path in _walk(under) if not suffixes or path.suffix in suffixes]


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name not in MADE and (folder != ROOT or path.name in WRITTEN):
                yield from _walk(path)
        elif folder != ROOT or path.name != ".git":
            yield path


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path, line: int | None = None) -> str:
    """Return how a finding names its place: a path from the root, and the line."""
    where = path.relative_to(ROOT).as_posix()
    return where if line is None else f"{where}:{line}"


def report(findings: list[str], reason: str) -> None:
    """Fail with every finding and why the rule exists, when there is one."""
    __tracebackhide__ = True
    assert not findings, "\n".join([reason, *findings])
