"""What starter projects hold is true: suggestions that are taken, boxes that are where things are."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from annotary.demo import starter
from annotary.demo.drawing import boxes, ground, landscape, picture, tracks
from annotary.modalities.answers import AnswerValidator
from annotary.ontology.values import Definition


def suggested(work: Any) -> list[tuple[Any, dict[str, Any]]]:
    """Return the items that have a suggestion, with it."""
    return [(item, item.row["predictions"][0]["answer"]) for item in work.items if "predictions" in item.row]


def test_every_suggestion_on_a_text_is_a_valid_answer() -> None:
    work = starter.texts()
    validator = AnswerValidator("text", msgspec.convert(work.definition, Definition))
    found = suggested(work)
    assert len(found) == len(work.items) // 2
    for item, answer in found:
        validator.validate(msgspec.json.encode(answer), {"text": item.row["text"]})
    assert sum(len(answer["spans"]) for _, answer in found) >= len(found)


@pytest.mark.parametrize("number", range(6))
def test_boxes_are_around_what_is_drawn(number: int) -> None:
    scene = landscape(f"picture {number}", 320, 210)
    empty = ground(scene).reduce(ground(scene).width // 320)
    whole = picture(scene, ground(scene))
    changed = {
        (x, y) for x in range(320) for y in range(210) if empty.getpixel((x, y)) != whole.getpixel((x, y))
    }
    for box in boxes(scene):
        inside = {
            (x, y)
            for x, y in changed
            if box["x"] - 1 <= x < box["x"] + box["width"] + 1
            and box["y"] - 1 <= y < box["y"] + box["height"] + 1
        }
        wide = max(x for x, _ in inside) - min(x for x, _ in inside)
        high = max(y for _, y in inside) - min(y for _, y in inside)
        assert wide >= box["width"] - 4 and high >= box["height"] - 4, box
        changed -= inside
    assert not changed, "something is drawn outside of every box"


def test_what_moves_stays_in_the_clip() -> None:
    for number in range(40):
        scene = landscape(f"clip {number}", 320, 180, frames=36)
        found = tracks(scene, 36, 12)
        assert found and {one["label"] for one in found} <= set(starter.MOVING)
        for keyframe in (one for track in found for one in track["keyframes"]):
            assert keyframe["x"] >= 0 and keyframe["x"] + keyframe["width"] <= 320
            assert keyframe["y"] >= 0 and keyframe["y"] + keyframe["height"] <= 180
        assert all(track["keyframes"][0] != {**track["keyframes"][-1], "frame": 0} for track in found)
