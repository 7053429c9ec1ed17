"""The types that the pages have of our APIs are those of the services as they are now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tidy.tree import PAGES, ROOT

APIS = ("platform", "modality")


def types_in(folder: Path) -> dict[str, str]:
    """Return the text of each file of types by its place."""
    return {
        f"{api}/{path.name}": path.read_text(encoding="utf-8")
        for api in APIS
        for path in (folder / api).glob("*.gen.d.ts")
    }


def test_the_types_are_made_of_the_services_as_they_are(tmp_path: Path) -> None:
    build = ROOT / "hatch_build.py"
    if not (ROOT / "web" / "codegen" / "node_modules").is_dir():
        install = ["npm", "--prefix", "codegen", "install", "--no-save", "--ignore-scripts"]
        subprocess.run([sys.executable, build, *install], check=True, capture_output=True)
    generate = [sys.executable, build, "npm", "run", "api", "--", str(tmp_path)]
    subprocess.run(generate, check=True, capture_output=True)
    now, kept = types_in(tmp_path), types_in(PAGES / "api")
    assert len(now) > len(APIS), "nothing was generated"
    other = sorted(name for name in now.keys() | kept.keys() if now.get(name) != kept.get(name))
    assert not other, f"{', '.join(other)}: of another version of the API; `make api` writes them again"
