"""Accuracy comes from the exported file alone: a missing outcome is wrong, a strange one is refused."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from annotary.demo.scoring import score
from annotary.demo.values import Sample

TRUTH = {name: {"classification": [{"label": "yes"}]} for name in ("1", "2", "3", "4")}
SAMPLE = Sample(
    name="Questions",
    modality="text",
    definition={"tools": {"classification": {}}, "labels": [{"name": "yes"}, {"name": "no"}]},
    instructions="",
    items=[],
    truth=TRUTH,
    truth_from="",
    overlap=2,
    shifts=[],
)


def export(tmp_path: Path, *rows: tuple[str, str, list[str]]) -> Path:
    def answer(label: str) -> dict[str, object]:
        return {"classification": [{"label": label}]}

    lines = [
        {
            "task": f"task_{name}",
            "unique_id": name,
            "item": {"text": "?"},
            "answer": answer(outcome),
            "answers": [{"member": "mem_1", "answer": answer(one)} for one in answers],
        }
        for name, outcome, answers in rows
    ]
    file = tmp_path / "labels.jsonl"
    file.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    return file


def test_single_answers_and_outcomes_are_counted_apart(tmp_path: Path) -> None:
    rows = [("1", "yes", ["yes", "no"]), ("2", "no", ["no", "no"]), ("3", "yes", ["yes", "yes"])]
    found = score(export(tmp_path, *rows), SAMPLE)
    assert (found.tasks, found.labels) == (4, 6)
    assert found.accuracy_single == 0.5
    assert found.accuracy == 0.5, "task 4 has no outcome, which is wrong too"


def test_an_item_that_nobody_sent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no item of Questions"):
        score(export(tmp_path, ("9", "yes", ["yes"])), SAMPLE)
