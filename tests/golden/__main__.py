"""Writes the golden vectors anew: PYTHONPATH=tests python -m golden."""

from __future__ import annotations

from golden.documents import FOLDER, documents

for name, text in documents().items():
    (FOLDER / name).write_text(text, encoding="utf-8")
