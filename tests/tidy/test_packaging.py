"""What is installed is what was written: every file is in the wheel, every import is declared."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

from tidy.tree import PACKAGE, ROOT, files, parsed, place, report


def declared() -> tuple[set[str], set[str]]:
    """Return the names of the base dependencies, and those of all extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    base, more = (
        {re.split(r"[ \[<>=~]", line.lower())[0] for line in lines}
        for lines in (project["dependencies"], extras)
    )
    return base, base | more


def imports(path: Path) -> list[tuple[str, int, bool]]:
    """Return the top-level packages that a module imports: name, line, and whether inside a function."""
    tree = parsed(path)
    within = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno, id(node) in within) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.append((node.module, node.lineno, id(node) in within))
    return [(name.split(".")[0], line, lazy) for name, line, lazy in found]


def test_imports_are_declared() -> None:
    base, everything = declared()
    distributions = packages_distributions()
    undeclared = []
    for path in files(".py", under=PACKAGE):
        for name, line, lazy in imports(path):
            if name in sys.stdlib_module_names or name == "annotary":
                continue
            owners = {owner.lower().replace("_", "-") for owner in distributions.get(name, [name])}
            if not owners & (everything if lazy else base):
                undeclared.append(f"{place(path, line)}: {name}")
    report(
        undeclared,
        "What is imported is a dependency in pyproject.toml; what an extra brings, only inside functions.",
    )


def test_the_wheel_holds_every_file(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    written = {path.relative_to(PACKAGE.parent).as_posix() for path in files(under=PACKAGE)}
    report(sorted(written - inside), "These files are missing after `pip install .`.")
