"""The golden vectors as the files that hold them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from golden.masks import rle
from golden.motion import interpolation
from golden.shapes import geometry
from golden.steps import steps
from golden.texts import offsets

FOLDER = Path(__file__).parent


def documents() -> dict[str, str]:
    """Return the text of each file by its name: a line a case, so that a change shows where it is."""
    made = {
        "geometry": geometry(),
        "rle": rle(),
        "offsets": offsets(),
        "interpolation": interpolation(),
        "steps": steps(),
    }
    return {f"{name}.json": _written(document) for name, document in made.items()}


def read(name: str) -> Any:
    """Return one of the documents, as it is in the repository."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def _written(document: dict[str, Any]) -> str:
    fields = []
    for name, value in document.items():
        text = json.dumps(value)
        if isinstance(value, list):
            text = "[\n" + ",\n".join(f"    {json.dumps(case)}" for case in value) + "\n  ]"
        fields.append(f"  {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(fields) + "\n}\n"
