"""Answers to one task compared: every label type, missing answers, labels, tracks by identity."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from annotary.modalities.registry import label_types, modalities
from annotary.quality.agreement.comparing import compare_task
from annotary.quality.agreement.messages import SCORE_UNITS, AnsweredTask
from annotary.quality.tracking.evaluation import evaluate
from annotary.quality.tracking.values import Tracks
from unit.quality.agreement.compared import compared, measured, task_of, validator_of

TYPES = [(modality, name) for modality in modalities() for name in label_types(modality)]
CLIP = {
    "asset": "c0de" * 16,
    "width": 640,
    "height": 480,
    "frame_count": 40,
    "time_base": [1, 25],
    "first_pts": 0,
    "pts_runs": [[39, 1]],
}
CARS = {"tools": {"tracks": {}}, "labels": [{"name": "car"}, {"name": "van"}]}


@pytest.mark.parametrize(("modality", "name"), TYPES)
def test_every_label_type_agrees_with_itself_and_not_with_silence(modality: str, name: str) -> None:
    example = label_types(modality)[name].example
    definition = {**example.definition, "tools": {name: example.definition["tools"][name]}}
    answers = [{name: example.value}, {"cannot_assess": True}, {name: example.value}]
    found = compared(validator_of(modality, definition), example.item, answers).tools[name]
    assert "mean_agreement" in found.scores
    for scores in found.scores.values():
        for score in scores.values():
            assert score == [None, SCORE_UNITS, None]
    for classes in found.classes.values():
        assert classes[1] is None and classes[0] is not None and classes[0] == classes[2]


def test_a_label_that_one_has_drawn_and_the_other_has_not_scores_zero() -> None:
    definition = {"tools": {"box": {}}, "labels": [{"name": "dog"}, {"name": "cat"}, {"name": "cow"}]}
    item = {"asset": "ab" * 32, "width": 100, "height": 100, "media_type": "image/png"}
    dog = {"label": "dog", "x": 10, "y": 10, "width": 20, "height": 20}
    cat = {"label": "cat", "x": 60, "y": 60, "width": 20, "height": 20}
    answers = [{"box": [dog]}, {"box": [dog, cat]}, {"box": []}]
    found = compared(validator_of("image", definition), item, answers)
    scores = found.tools["box"].scores["mean_agreement"]
    assert scores == {"": [666_667, 0, 0], "dog": [SCORE_UNITS, 0, 0], "cat": [0, None, 0]}
    groups = {
        one.label: one.measures["mean_agreement"][0]
        for one in measured([task_of(9, found, [1, 2, 3])], "label")
    }
    assert groups == {"cat": 0.0, "dog": pytest.approx(1 / 3)}


def track(name: str, label: str, frames: range, x: float) -> dict[str, Any]:
    boxes = [{"frame": frame, "x": x + 3 * frame, "y": 40, "width": 50, "height": 60} for frame in frames]
    return {"id": name, "label": label, "keyframes": boxes}


def as_arrays(tracks: list[dict[str, Any]]) -> Tracks:
    rows = [
        (key["frame"], number, key["x"], key["y"], key["x"] + key["width"], key["y"] + key["height"])
        for number, one in enumerate(tracks)
        for key in one["keyframes"]
    ]
    table = np.array(rows, dtype=np.float64)
    return Tracks(table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2:])


def test_tracks_are_scored_as_one_set_against_the_other() -> None:
    """A track that one annotator has broken in two: identity notices, and so do the measures of trackers."""
    whole = [track("1", "car", range(40), 10), track("2", "car", range(5, 30), 300)]
    broken = [track("1", "car", range(20), 14), track("3", "car", range(20, 40), 14), whole[1]]
    validator = validator_of("video", CARS)
    found = compared(validator, CLIP, [{"tracks": whole}, {"tracks": broken}]).tools["tracks"].scores
    turned = compared(validator, CLIP, [{"tracks": broken}, {"tracks": whole}]).tools["tracks"].scores
    known = evaluate(as_arrays(whole), as_arrays(broken))
    assert found["idf1"][""] == turned["idf1"][""] == [round(SCORE_UNITS * known.identity.f1)]
    assert found["hota"][""] == turned["hota"][""] == [round(SCORE_UNITS * known.hota.hota)]
    assert 0 < known.hota.hota < 1 and 0 < known.identity.f1 < 1


def test_tracks_of_different_labels_never_meet() -> None:
    cars, vans = ([track("1", label, range(40), 10)] for label in ("car", "van"))
    found = (
        compared(validator_of("video", CARS), CLIP, [{"tracks": cars}, {"tracks": vans}])
        .tools["tracks"]
        .scores
    )
    assert {name: scores[""] for name, scores in found.items()} == {
        "mean_agreement": [0],
        "idf1": [0],
        "hota": [0],
    }


def test_a_deleted_item_and_an_unreadable_answer_are_said_to_be() -> None:
    validator = validator_of("video", CARS)
    deleted = compare_task(validator, AnsweredTask(b"null", [b"{}", b"{}"]))
    assert "deleted" in deleted.failed and not deleted.tools
