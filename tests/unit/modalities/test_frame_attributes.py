"""Attributes of each frame: checked at keyframes, kept apart from those of the track, voted on, migrated."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annotary.modalities.answers import AnswerValidator, merge_answers
from annotary.modalities.definitions import check_definition
from annotary.modalities.errors import InvalidAnswer
from annotary.modalities.migration import Migration
from annotary.ontology.errors import InvalidOntology
from annotary.ontology.rules import read_definition
from annotary.ontology.steps.reading import read_steps

from .strategies import ITEMS, validator_of

PER_FRAME = {"name": "doing", "kind": "choice", "choices": ["walk", "run"], "required": True, "per": "frame"}
PER_TRACK = {"name": "tall", "kind": "boolean"}
LABELS = [{"name": "person", "attributes": [PER_FRAME, PER_TRACK]}, {"name": "bus"}]
TRACKS = {"tracks": {}}


def track(label: str, *keyframes: dict[str, Any] | None, **fields: Any) -> dict[str, Any]:
    """A track with a keyframe every ten frames, with these attributes."""
    box = {"x": 1.0, "y": 1.0, "width": 9.0, "height": 9.0}
    made = [
        {"frame": 10 * number, **box} | ({} if attributes is None else {"attributes": attributes})
        for number, attributes in enumerate(keyframes)
    ]
    return {"label": label, "id": "1", "keyframes": made, **fields}


def validator() -> AnswerValidator:
    """Of persons who walk or run."""
    return validator_of("video", TRACKS, LABELS)


def encode(*tracks: dict[str, Any]) -> bytes:
    """An answer of tracks."""
    return json.dumps({"tracks": tracks}).encode()


def test_they_stand_at_keyframes() -> None:
    found = validator().validate(encode(track("person", {"doing": "walk"}, {"doing": "run"})), ITEMS["video"])
    kept = json.loads(found.encoded)["tracks"][0]
    assert [frame["attributes"] for frame in kept["keyframes"]] == [{"doing": "walk"}, {"doing": "run"}]
    assert "attributes" not in kept


WRONG = [
    (track("person", {"doing": "walk"}, None), "/answer/tracks/0/keyframes/1/attributes/doing"),
    (track("person", {"doing": "fly"}), "/answer/tracks/0/keyframes/0/attributes/doing"),
    (track("person", {"doing": "run", "tall": True}), "/answer/tracks/0/keyframes/0/attributes/tall"),
    (
        track("person", {"doing": "run"}, attributes={"doing": "run"}),
        "/answer/tracks/0/attributes/doing",
    ),
    (track("bus", {"doing": "run"}), "/answer/tracks/0/keyframes/0/attributes/doing"),
]


@pytest.mark.parametrize(("wrong", "path"), WRONG)
def test_what_is_wrong_with_them_is_refused_at_its_path(wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidAnswer) as raised:
        validator().validate(encode(wrong), ITEMS["video"])
    assert raised.value.path == path


def test_a_tool_without_frames_has_none() -> None:
    with pytest.raises(InvalidOntology) as raised:
        check_definition("video", read_definition({"tools": {"segments": {}}, "labels": LABELS}))
    assert raised.value.path == "/definition/labels/0/attributes/0/per"


def test_the_majority_of_the_winning_label_says_them() -> None:
    ours = validator()
    answers = [
        track("person", {"doing": "walk"}, {"doing": "run"}),
        track("person", {"doing": "walk"}, {"doing": "run"}),
        track("person", {"doing": "run"}, {"doing": "run"}),
        track("bus", None, None),
    ]
    values = [ours.validate(encode(one), ITEMS["video"]).answer for one in answers]
    merged = ours.canonical(merge_answers(ours, values, ITEMS["video"]).value).encoded
    kept = json.loads(merged)["tracks"][0]["keyframes"]
    assert [frame["attributes"]["doing"] for frame in kept] == ["walk", "run"]
    assert ours.validate(merged, ITEMS["video"]).encoded == merged


def test_steps_reach_keyframes() -> None:
    chain = read_steps(
        [
            {"step": "rename_attribute", "label": "person", "attribute": "doing", "to": "gait"},
            {
                "step": "retype_attribute",
                "label": "person",
                "attribute": "gait",
                "to": {"kind": "choice", "choices": ["slow", "fast"]},
                "values": {"walk": "slow", "run": "fast"},
            },
        ]
    )
    before = validator().validate(
        encode(track("person", {"doing": "walk"}, {"doing": "run"})), ITEMS["video"]
    )
    definition = read_definition({"tools": TRACKS, "labels": LABELS})
    found = Migration("video", definition, chain).rewrite(before.encoded)
    kept = json.loads(found.encoded)["tracks"][0]["keyframes"]
    assert [frame["attributes"] for frame in kept] == [{"gait": "slow"}, {"gait": "fast"}]
