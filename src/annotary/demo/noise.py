"""How people of differing skill err, as a model: a known truth in, one person's answer out. Pure, seeded.

The truth is disturbed in the ways in which annotators disturb it:

* a class is exchanged for another one with probability `confusion`, as is the label of a mark;
* a preference becomes another choice with probability `confusion`;
* a mark is missed with probability `omission`; as often a mark is invented beside an existing one;
* each side of a box moves by a normal deviate of `jitter` times the box's size;
* a polygon shrinks about its centre and moves within the space this leaves, by `jitter` of its size;
* of a track's keyframes those are kept that lie `stride` frames apart or change the visibility; they are set
  up to `lateness` frames from where they belong, with boxes that jitter like others.

The deviates come from a generator seeded with the annotator's name and the item, so that a replay repeats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import msgspec

Mark = dict[str, Any]
SIDE_PIXELS_LEAST = 2.0


class Skill(msgspec.Struct, frozen=True, kw_only=True):
    """How often and how far somebody errs; see the module."""

    confusion: float
    omission: float
    jitter: float
    stride: int = 8
    lateness: int = 0


def disturbed(
    truth: Mapping[str, Any], skill: Skill, labels: Sequence[str], item: Mapping[str, Any], seed: str
) -> dict[str, Any]:
    """Return somebody's answer to an item whose true answer is known; `labels` are those of the ontology."""
    random = Random(seed)
    width, height = float(item.get("width", 0)), float(item.get("height", 0))
    answer: dict[str, Any] = {}
    for tool, value in truth.items():
        if tool == "preference":
            answer[tool] = {"choice": _other(value["choice"], ("a", "b", "tie"), skill.confusion, random)}
        elif tool == "classification":
            answer[tool] = [{"label": _other(value[0]["label"], labels, skill.confusion, random)}]
        else:
            marks = [
                {**mark, "label": _other(mark["label"], labels, skill.confusion / 2, random)}
                for mark in value
                if random.random() >= skill.omission
            ]
            answer[tool] = _shaped(
                tool, marks, skill, (width, height), int(item.get("frame_count", 0)), random
            )
    return answer


def _shaped(
    tool: str, marks: list[Mark], skill: Skill, size: tuple[float, float], frames: int, random: Random
) -> list[Mark]:
    if tool == "box":
        invented = [_elsewhere(mark, size, random) for mark in marks if random.random() < skill.omission]
        return [jittered_box(mark, skill.jitter, size, random) for mark in (*marks, *invented)]
    if tool == "polygon":
        return [moved_polygon(mark, skill.jitter, random) for mark in marks]
    if tool == "tracks":
        return [_track(mark, skill, size, frames, random) for mark in marks]
    raise ValueError(f"There is no model of how people err with {tool}.")


def _other(truth: str, choices: Sequence[str], probability: float, random: Random) -> str:
    others = [choice for choice in choices if choice != truth]
    return random.choice(others) if others and random.random() < probability else truth


def jittered_box(mark: Mark, jitter: float, size: tuple[float, float], random: Random) -> Mark:
    """Return a box whose sides moved, still inside the image."""
    x, width = _side(mark["x"], mark["width"], size[0], jitter, random)
    y, height = _side(mark["y"], mark["height"], size[1], jitter, random)
    return {**mark, "x": x, "y": y, "width": width, "height": height}


def _side(start: float, length: float, limit: float, jitter: float, random: Random) -> tuple[float, float]:
    first = start + random.gauss(0, jitter * length)
    last = start + length + random.gauss(0, jitter * length)
    first = min(max(0.0, min(first, last)), limit - SIDE_PIXELS_LEAST)
    last = min(max(first + SIDE_PIXELS_LEAST, last), limit)
    return round(first, 1), round(last - first, 1)


def _elsewhere(mark: Mark, size: tuple[float, float], random: Random) -> Mark:
    """Return a mark of the same form at a place where there may be nothing."""
    return {
        **mark,
        "x": random.uniform(0, max(0.0, size[0] - mark["width"])),
        "y": random.uniform(0, max(0.0, size[1] - mark["height"])),
    }


def moved_polygon(mark: Mark, jitter: float, random: Random) -> Mark:
    """Return a polygon that shrank and moved within its former bounds: it stays simple and inside."""
    xs, ys = [point[0] for point in mark["points"]], [point[1] for point in mark["points"]]
    scale = 1 - min(0.5, abs(random.gauss(0, jitter)))
    shift = [random.uniform(-0.5, 0.5) * (1 - scale) * (max(side) - min(side)) for side in (xs, ys)]
    centre = [(max(side) + min(side)) / 2 for side in (xs, ys)]
    points = [
        [centre[axis] + scale * (point[axis] - centre[axis]) + shift[axis] for axis in (0, 1)]
        for point in mark["points"]
    ]
    return {**mark, "points": points}


def _track(mark: Mark, skill: Skill, size: tuple[float, float], frames: int, random: Random) -> Mark:
    keyframes: list[Mark] = []
    for keyframe in thinned(mark["keyframes"], skill.stride):
        earliest = keyframes[-1]["frame"] + 1 if keyframes else 0
        late = random.randint(-skill.lateness, skill.lateness)
        frame = min(max(earliest, keyframe["frame"] + late), frames - 1)
        if frame >= earliest:
            keyframes.append({**jittered_box(keyframe, skill.jitter, size, random), "frame": frame})
    return {**mark, "keyframes": keyframes}


def thinned(keyframes: Sequence[Mark], stride: int) -> list[Mark]:
    """Return the first, the last, and of the others those `stride` frames apart or of another visibility."""
    kept = [keyframes[0]]
    for keyframe in keyframes[1:]:
        turned = keyframe.get("visible", True) != kept[-1].get("visible", True)
        if turned or keyframe is keyframes[-1] or keyframe["frame"] - kept[-1]["frame"] >= stride:
            kept.append(keyframe)
    return kept
