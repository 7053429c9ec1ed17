"""Every limit of the product stands in one file, with its unit in its name."""

from __future__ import annotations

import ast
import re

from tidy.tree import PACKAGE, files, parsed, place, report

LIMITS = PACKAGE / "kernel" / "limits.py"
# A private name is the tuning of one algorithm, which nobody outside can run into.
LIMIT = re.compile(r"[A-Z0-9][A-Z0-9_]*_(MAX|MIN|LIMIT)")


def test_limits_stand_in_one_file() -> None:
    elsewhere = [
        f"{place(path, node.lineno)}: {target.id}"
        for path in files(".py", under=PACKAGE)
        if path != LIMITS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and LIMIT.fullmatch(target.id)
    ]
    report(elsewhere, "A limit belongs in kernel/limits.py: there an operator finds all of them.")


def test_a_limit_is_stated_once_and_used() -> None:
    names = [
        target.id
        for node in parsed(LIMITS).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files(".py", under=PACKAGE))
    bad = [name for name in names if names.count(name) > 1 or len(re.findall(rf"\b{name}\b", code)) < 2]
    report(bad, "A limit that nothing keeps, or that is stated twice, misleads: keep it or delete it.")
