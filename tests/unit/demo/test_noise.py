"""Whoever errs as the model says still gives valid answers; the better one errs less; a replay repeats."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotary.demo.bundled import bundled
from annotary.demo.noise import Skill, disturbed, thinned
from annotary.demo.people import SKILLS
from annotary.modalities.answers import AnswerValidator
from annotary.modalities.consensus import agreement
from annotary.ontology.values import Definition

SIZES = {
    "bigbuckbunny.mp4": (1280, 720, 132),
    "carphone_pristine.mp4": (176, 144, 120),
    "bikes.mp4": (640, 272, 250),
}
SAMPLES = {sample.name: sample for sample in bundled()}
SQUARE = [[10.0, 10.0], [90.0, 10.0], [90.0, 90.0], [50.0, 40.0], [10.0, 90.0]]


def item_of(unique_id: str) -> dict[str, Any]:
    """Return an item large enough for the truth, as the platform would show it."""
    width, height, frames = SIZES.get(unique_id, (2000, 2000, 1))
    clip = {"frame_count": frames, "time_base": [1, 25], "first_pts": 0, "pts_runs": [[frames, 1]]}
    return {"text": "x", "asset": "ab", "width": width, "height": height, **clip}


def validator(sample: Any) -> AnswerValidator:
    return AnswerValidator(sample.modality, msgspec.convert(sample.definition, Definition))


@pytest.mark.parametrize("name", SAMPLES)
@given(st.integers(), st.builds(Skill, **dict.fromkeys(("confusion", "omission", "jitter"), st.floats(0, 1))))
def test_a_disturbed_truth_is_a_valid_answer(name: str, seed: int, skill: Skill) -> None:
    sample = SAMPLES[name]
    checks = validator(sample)
    labels = [label["name"] for label in sample.definition["labels"]]
    skill = msgspec.structs.replace(skill, lateness=seed % 9, stride=1 + seed % 30)
    for unique_id, truth in list(sample.truth.items())[:3]:
        item = item_of(unique_id)
        answer = disturbed(truth, skill, labels, item, str(seed))
        assert answer == disturbed(truth, skill, labels, item, str(seed))
        checks.validate(msgspec.json.encode(answer), item)


@pytest.mark.parametrize("name", SAMPLES)
def test_without_error_the_truth_comes_back_and_skill_shows(name: str) -> None:
    sample = SAMPLES[name]
    checks = validator(sample)
    labels = [label["name"] for label in sample.definition["labels"]]

    def accuracy(skill: Skill) -> float:
        scores = []
        for unique_id, truth in sample.truth.items():
            item = item_of(unique_id)
            true = checks.validate(msgspec.json.encode(truth), item).answer
            for seed in range(12):
                answer = disturbed(truth, skill, labels, item, f"{unique_id}{seed}")
                given = checks.validate(msgspec.json.encode(answer), item).answer
                scores.append(agreement(checks, true, given, item))
        return sum(scores) / len(scores)

    assert accuracy(Skill(confusion=0, omission=0, jitter=0, stride=1)) == 1.0
    ladder = [accuracy(skill) for skill in SKILLS.values()]
    assert ladder == sorted(ladder, reverse=True) and ladder[0] > 0.8 > ladder[-1] > 0.2


@given(st.integers(), st.floats(0, 0.4))
def test_a_moved_polygon_stays_simple_and_inside(seed: int, jitter: float) -> None:
    definition = msgspec.convert({"tools": {"polygon": {}}, "labels": [{"name": "roof"}]}, Definition)
    skill = Skill(confusion=0, omission=0, jitter=jitter)
    truth = {"polygon": [{"label": "roof", "points": SQUARE}]}
    item = {"asset": "ab", "width": 100, "height": 100}
    answer = disturbed(truth, skill, ["roof"], item, str(seed))
    AnswerValidator("image", definition).validate(msgspec.json.encode(answer), item)


def test_thinning_keeps_the_ends_and_every_change_of_visibility() -> None:
    keyframes = [{"frame": frame, "visible": frame not in (5, 6)} for frame in range(20)]
    assert [one["frame"] for one in thinned(keyframes, 8)] == [0, 5, 7, 15, 19]
