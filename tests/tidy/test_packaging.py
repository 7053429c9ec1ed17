"""What is installed is what was written: every file is in the wheel, every import is declared."""

from __future__ import annotations

import ast
import gzip
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tidy.tree import PACKAGE, ROOT, files, parsed, place, report

UI = "annotary/_ui/"
INITIAL_SCRIPT_BYTES_MAX = 180_000


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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel that `pip install .` would make."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [made] = place.glob("*.whl")
    with zipfile.ZipFile(made) as content:
        yield content


def test_the_wheel_holds_every_file(wheel: zipfile.ZipFile) -> None:
    inside = set(wheel.namelist())
    written = {path.relative_to(PACKAGE.parent).as_posix() for path in files(under=PACKAGE)}
    report(sorted(written - inside), "These files are missing after `pip install .`.")


def initial_scripts(wheel: zipfile.ZipFile) -> set[str]:
    """Return the scripts that are loaded before any route: those the page names, and what they import."""
    loaded: set[str] = set()
    found = set(re.findall(r'(?:src|href)="/([^"]+\.js)"', wheel.read(UI + "index.html").decode()))
    while found - loaded:
        name = (found - loaded).pop()
        loaded.add(name)
        text = wheel.read(UI + name).decode()
        # `import("./x.js")` is a route's own and comes later.
        found |= {f"assets/{other}" for other in re.findall(r'(?:from|import)\s*"\./([^"]+\.js)"', text)}
    return loaded


def test_the_wheel_holds_the_pages_and_what_they_load_first_is_small(wheel: zipfile.ZipFile) -> None:
    scripts = initial_scripts(wheel)
    assert scripts
    bytes_sent = sum(len(gzip.compress(wheel.read(UI + name), 9)) for name in scripts)
    assert bytes_sent <= INITIAL_SCRIPT_BYTES_MAX, f"{sorted(scripts)}: import later what a route needs later"


def test_the_pages_are_compressed_and_hold_nothing_inline(wheel: zipfile.ZipFile) -> None:
    names = [name for name in wheel.namelist() if name.startswith(UI)]
    large = [
        name for name in names if re.search(r"\.(js|css)$", name) and wheel.getinfo(name).file_size >= 512
    ]
    assert len(large) > 5
    report(
        [name for name in large for end in (".br", ".gz") if name + end not in names],
        "The edge sends what was compressed beforehand: web/vite.config.ts writes it.",
    )
    report([name for name in names if name.endswith(".map")], "A source map doubles the wheel.")
    page = wheel.read(UI + "index.html").decode()
    report(
        re.findall(r"<script(?![^>]*\ssrc=)[^>]*>|<style|\son\w+=", page), "The policy allows nothing inline."
    )
