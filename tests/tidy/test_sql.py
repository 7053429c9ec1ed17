"""SQL is written as SQL: in `queries.sql` beside its area, every query named, described and used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tidy.tree import PACKAGE, files, parsed, place, report

STATEMENT = re.compile(
    r"\s*((?i:SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s)"
    r"|SELECT\s+\w+\(|WITH\s+\w+(\s*\(.*\))?\s+AS\s*\(|TRUNCATE\s|COPY\s+\w+"
    r"|(CREATE|ALTER|DROP)\s+(UNLOGGED\s+)?(TABLE|INDEX|SCHEMA|FUNCTION|DATABASE|ROLE)\b)",
    re.DOTALL,
)
QUERY = re.compile(r"^-- name: (.*)\n(.*)$", re.MULTILINE)


def texts(tree: ast.Module) -> list[tuple[str, int]]:
    """Return a module's strings that are no docstrings, with their lines; holes of f-strings become `x`."""
    apart = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    apart |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
            found.append(("".join(map(str, parts)), node.lineno))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart:
            found.append((node.value, node.lineno))
    return found


def query_files() -> list[Path]:
    """Return the files of named queries: every SQL file that is no migration and holds a name."""
    migrations = PACKAGE / "services" / "migrations"
    paths = [path for path in files(".sql", under=PACKAGE) if not path.is_relative_to(migrations)]
    return [path for path in paths if QUERY.search(path.read_text(encoding="utf-8"))]


def test_no_statement_in_python() -> None:
    report(
        [
            f"{place(path, line)}: {text.strip()[:60]!r}"
            for path in files(".py", under=PACKAGE)
            for text, line in texts(parsed(path))
            if STATEMENT.match(text)
        ],
        "SQL lives in queries.sql and in migrations, where it can be read, run and explained.",
    )


def test_queries_are_named_once_and_described() -> None:
    bad = []
    for path in query_files():
        named = QUERY.findall(path.read_text(encoding="utf-8"))
        names = [name.strip() for name, _ in named]
        bad += [
            f"{place(path)}: {name} twice"
            for name in sorted({name for name in names if names.count(name) > 1})
        ]
        bad += [
            f"{place(path)}: {name} is no name"
            for name in names
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name)
        ]
        bad += [
            f"{place(path)}: {name} without a line that says what it does"
            for name, line in named
            if not re.match(r"-- \S", line)
        ]
    report(bad, "A query is `-- name: x`, then one comment line that says what it does.")


def test_queries_are_used() -> None:
    unused = []
    for path in query_files():
        code = "\n".join(module.read_text(encoding="utf-8") for module in files(".py", under=path.parent))
        names = [name.strip() for name, _ in QUERY.findall(path.read_text(encoding="utf-8"))]
        unused += [f"{place(path)}: {name}" for name in names if not re.search(rf"\.{name}\b", code)]
    report(unused, "A query that nothing calls is deleted.")
