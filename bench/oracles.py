"""The environment of others' programs that ours are held against: made at first use, from its own lock."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.report import ROOT, say

FOLDER = ROOT / ".venv-bench"
LOCK = ROOT / "requirements-bench.lock"
PYTHON = FOLDER / "bin" / "python"
ORACLES = ("crowd-kit", "evalica", "krippendorff", "trackeval")
SECONDS_MAX = 180.0


class Missing(Exception):
    """An oracle is not there, or failed; the text says why."""


class Oracles:
    """Others' programs, each run in a process of its own. Where they cannot be had, `missing` says why."""

    def __init__(self) -> None:
        self.missing = _make()

    def run(self, *arguments: str | Path) -> dict[str, Any]:
        """Run one (see `oracle.py`) and return what it found; raises Missing."""
        if self.missing:
            raise Missing(self.missing)
        command = [str(PYTHON), "-W", "ignore", str(ROOT / "bench" / "oracle.py"), *map(str, arguments)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=SECONDS_MAX, check=False, cwd=ROOT
            )
        except subprocess.TimeoutExpired:
            raise Missing(f"takes more than {SECONDS_MAX:.0f} s") from None
        if done.returncode:
            raise Missing(f"fails: {_last_line(done.stderr) or f'ended with {done.returncode}'}")
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def versions(self) -> dict[str, str]:
        """Return the versions that are locked."""
        lines = LOCK.read_text(encoding="utf-8").splitlines()
        found = dict(line.split(" ")[0].split("==") for line in lines if "==" in line)
        return {name: found[name] for name in ORACLES if name in found}


def _make() -> str:
    """Make the environment where it is not there as the lock has it; returns why it could not be made."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    ready = FOLDER / "ready"
    if ready.exists() and ready.read_text() == wanted:
        return ""
    say("quality: installing the programs to compare with into .venv-bench (about 0.9 GB)")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    exactly = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(LOCK)]
    for command in ([sys.executable, "-m", "venv", "--clear", str(FOLDER)], [*pip, *exactly]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"cannot be installed: {_last_line(done.stderr) or 'no reason was given'}"
    ready.write_text(wanted)
    return ""


def _last_line(text: str) -> str:
    return next((line.strip()[:120] for line in reversed(text.splitlines()) if line.strip()), "")
