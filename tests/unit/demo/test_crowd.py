"""Recorded answers are read as they stand, and their schedule gives everybody the tasks they once had."""

from __future__ import annotations

from pathlib import Path

import msgspec

from annotary.demo import crowd
from annotary.demo.media import read_tracks


def folder(tmp_path: Path) -> Path:
    """Return sample data of two blocks: workers 1 and 2 had tasks 0 and 2, workers 2 and 3 task 1."""
    (tmp_path / "crowd").mkdir()
    (tmp_path / "preference").mkdir()
    labels = "task,worker,label\n0,1,1\n1,2,0\n0,2,0\n2,2,1\n1,3,1\n2,1,1\n"
    (tmp_path / "crowd" / "rte.labels.csv").write_text(labels)
    (tmp_path / "crowd" / "rte.truth.csv").write_text("task,truth\n0,1\n1,1\n2,0\n")
    votes = [(2, 2, 1), (0, 1, 2), (1, 1, 1)]
    rows = [
        {
            "idx": at,
            "cmp_key": "x",
            "instruction": "Say.",
            "input": "",
            "response1": True,
            "response2": "no",
            **dict(zip(crowd.JUDGES, vote, strict=True)),
        }
        for at, vote in enumerate(votes)
    ]
    lines = b"\n".join(map(msgspec.json.encode, rows))
    (tmp_path / "preference" / "pandalm_3annotators.jsonl").write_bytes(lines)
    return tmp_path


def test_each_shift_answers_its_block_whole(tmp_path: Path) -> None:
    sample = crowd.entailment(folder(tmp_path))
    order = [item.unique_id for item in sample.items]
    assert order == ["pair-0", "pair-2", "pair-1"] and sample.overlap == 2 and len(sample.annotators) == 3
    left = iter(order)
    for shift in sample.shifts:
        [tasks] = {turn.tasks for turn in shift}
        for task in [next(left) for _ in range(tasks)]:
            assert all(turn.annotator.answer(task, {}) for turn in shift)
    one = sample.annotators["rte worker 1"]
    assert one.answer("pair-0", {}) == {"classification": [{"label": "follows"}]}
    assert one.answer("pair-1", {}) is None


def test_the_reference_of_preferences_is_their_majority(tmp_path: Path) -> None:
    sample = crowd.comparisons(folder(tmp_path))
    assert {key: one["preference"]["choice"] for key, one in sample.truth.items()} == {
        "pair-0-x": "b",
        "pair-2-x": "a",
    }
    assert sample.items[0].row == {"prompt": "Say.", "a": "True", "b": "no"}


def test_tracks_are_scaled_cut_and_hidden_in_gaps(tmp_path: Path) -> None:
    file = tmp_path / "gt.txt"
    file.write_text("1,7,-10,0,30,20,1,-1,-1,-1\n2,7,0,0,20,20,1,-1,-1,-1\n5,7,0,0,20,20,1,-1,-1,-1\n")
    [track] = read_tracks(file, 0.5, (100, 100))
    frames = [(one["frame"], one.get("visible", True)) for one in track["keyframes"]]
    assert frames == [(0, True), (1, True), (2, False), (4, True)]
    assert track["keyframes"][0] == {"frame": 0, "x": 0.0, "y": 0.0, "width": 10.0, "height": 10.0}
