"""Every limit of the product stands in one folder, in the file of those that keep it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tidy.tree import PACKAGE, files, parsed, place, report

LIMITS = PACKAGE / "kernel" / "limits"
# What limits are stated in; everybody's.
UNITS = {"sizes"}
# A private name is the tuning of one algorithm, which nobody outside can run into.
LIMIT = re.compile(r"[A-Z0-9][A-Z0-9_]*_(MAX|MIN|LIMIT)")


def test_limits_stand_in_one_folder() -> None:
    elsewhere = [
        f"{place(path, node.lineno)}: {target.id}"
        for path in files(".py", under=PACKAGE)
        if path.parent != LIMITS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and LIMIT.fullmatch(target.id)
    ]
    report(elsewhere, "A limit belongs in kernel/limits/: there an operator finds all of them.")


def test_a_limit_is_stated_once_where_it_is_kept() -> None:
    stated = [(path.stem, name) for path in files(".py", under=LIMITS) for name in _stated(path)]
    names = [name for _, name in stated]
    used = {area: _words(area) for area in {area for area, _ in stated} - UNITS}
    bad = [
        f"kernel/limits/{area}.py: {name}"
        for area, name in stated
        if names.count(name) > 1 or (area not in UNITS and name not in used[area])
    ]
    report(
        bad, "A limit that its folder does not keep, or that is stated twice, misleads: move it or delete it."
    )


def test_every_file_of_limits_is_read() -> None:
    read = {node.module for node in parsed(LIMITS / "__init__.py").body if isinstance(node, ast.ImportFrom)}
    unread = [
        place(path)
        for path in files(".py", under=LIMITS)
        if path.stem != "__init__" and f"annotary.kernel.limits.{path.stem}" not in read
    ]
    report(unread, "Limits are imported flat from annotary.kernel.limits: name the file in its __init__.py.")


def _stated(path: Path) -> list[str]:
    assigned = [node for node in parsed(path).body if isinstance(node, ast.Assign)]
    return [target.id for node in assigned for target in node.targets if isinstance(target, ast.Name)]


def _words(area: str) -> set[str]:
    folder = [path for path in files(".py", under=PACKAGE / area) if path.parent != LIMITS]
    return set(re.findall(r"\w+", "\n".join(path.read_text(encoding="utf-8") for path in folder)))
