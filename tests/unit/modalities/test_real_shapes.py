"""Merges on real drawings of ANNOTARY_SAMPLE_DATA: how far the merged answer is that of one left out."""

from __future__ import annotations

import gzip
import json
import math
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotary.demo.noise import Skill, disturbed
from annotary.formats.coco_outlines import simple_polygons
from annotary.modalities.answers import merge_answers
from annotary.modalities.image.polygon.overlap import iou, outline_of
from annotary.modalities.matching import box_array, box_ious
from annotary.modalities.video.timeline import Timeline
from annotary.modalities.video.tracks.motion import path_of
from annotary.quality.tracking.evaluation import evaluate
from annotary.quality.tracking.mot_text import read_mot
from annotary.quality.tracking.values import Tracks

from .strategies import encode, validator_of

LABELS = [{"name": "thing"}]
SLICE = {"asset": "00", "width": 512, "height": 512}
MILLISECONDS_MAX = 1.0
Mark = dict[str, Any]
Row = dict[str, Any]


def sample(*names: str) -> Path:
    """Return a file of the sample data."""
    folder = os.environ.get("ANNOTARY_SAMPLE_DATA", "")
    if not folder:
        pytest.skip("ANNOTARY_SAMPLE_DATA names no folder of sample data")
    return Path(folder).joinpath(*names)


def readings() -> list[list[Row]]:
    """The readers' drawings of each lung nodule."""
    found: dict[Any, list[Row]] = defaultdict(list)
    with gzip.open(sample("polygons_crowd", "lidc_4readers.jsonl.gz"), "rt") as lines:
        for row in map(json.loads, lines):
            found[row["nodule"]].append(row)
    return list(found.values())


def left_out(
    tool: str, mark_of: Callable[[Row], Mark], overlap: Callable[[Any, Any], float]
) -> tuple[float, float, float]:
    """Merge, for each reader of each nodule, the others' drawings.

    Returns the mean overlap of a left-out drawing with the merged one (0 where there is none) and with the
    others one by one, and the milliseconds that a merge takes (median).
    """
    validator = validator_of("image", {tool: {}}, LABELS)
    merged, single, milliseconds = [], [], []
    for rows in readings():
        drawn = [{tool: [{"label": "thing", **mark_of(row)}]} for row in rows]
        answers = [validator.validate(encode(one), SLICE).answer for one in drawn]
        for at, answer in enumerate(answers):
            others = [*answers[:at], *answers[at + 1 :]]
            began = time.perf_counter()
            outcome = getattr(merge_answers(validator, others, SLICE).value, tool)
            milliseconds.append(1000 * (time.perf_counter() - began))
            (mark,) = getattr(answer, tool)
            merged.append(sum(overlap(one, mark) for one in outcome))
            single.append(statistics.fmean(overlap(getattr(one, tool)[0], mark) for one in others))
    assert len(merged) == 999
    return statistics.fmean(merged), statistics.fmean(single), statistics.median(milliseconds)


def test_the_merged_box_is_that_of_a_reader_left_out() -> None:
    merged, single, milliseconds = left_out(
        "box",
        lambda row: dict(zip(("x", "y", "width", "height"), row["bbox"], strict=True)),
        lambda one, other: float(box_ious(box_array([one]), box_array([other]))[0]),
    )
    assert merged >= 0.79 and merged > single + 0.03
    assert milliseconds <= MILLISECONDS_MAX


def outline(row: Row) -> Mark:
    """A reader's outline; of one that touches itself the largest part, of one that crosses itself its box."""
    parts = simple_polygons([(float(x), float(y)) for x, y in row["polygon"]])
    x, y, width, height = row["bbox"]
    box = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    return {"points": max(parts or [box], key=lambda points: outline_of(points).area)}


def test_the_merged_polygon_is_that_of_a_reader_left_out() -> None:
    merged, single, _ = left_out(
        "polygon", outline, lambda one, other: iou(outline_of(one.points), outline_of(other.points))
    )
    assert merged >= 0.785 and merged > single + 0.03


def filled(row: Row) -> Mark:
    """A reader's outline as a mask of the pixels whose middles it holds."""
    points = outline(row)["points"]
    turns: list[int] = []
    for column in range(SLICE["width"]):
        middle = column + 0.5
        crossed = sorted(
            ay + (middle - ax) / (bx - ax) * (by - ay)
            for (ax, ay), (bx, by) in pairwise([*points, points[0]])
            if (ax > middle) != (bx > middle)
        )
        turns += [column * SLICE["height"] + math.ceil(y - 0.5) for y in crossed]
    counts = [after - before for before, after in pairwise([0, *turns, SLICE["width"] * SLICE["height"]])]
    return {"counts": counts}


def test_the_merged_mask_is_that_of_a_reader_left_out() -> None:
    label_type, settings = validator_of("image", {"mask": {}}, LABELS).tools[0]
    context = validator_of("image", {"mask": {}}, LABELS).context(settings, SLICE)
    merged, single, _ = left_out(
        "mask", filled, lambda one, other: label_type.agreement([one], [other], context)
    )
    assert merged >= 0.785 and merged > single + 0.03


def clip() -> tuple[Mark, Mark, Tracks]:
    """A real clip with its true tracks, as an item, as an answer, and as arrays."""
    truth = read_mot(sample("video", "TUD-Campus.gt.txt").read_text(), drop_unconfident=True)
    boxes = np.clip(truth.boxes, 0, [640, 480, 640, 480])
    truth = Tracks(truth.frames - 1, truth.ids, boxes)
    item = {
        "asset": "00",
        "width": 640,
        "height": 480,
        "frame_count": 71,
        "time_base": [1, 25],
        "first_pts": 0,
    }
    tracks = []
    for name in np.unique(truth.ids):
        rows = np.flatnonzero(truth.ids == name)
        keyframes = [
            {"frame": int(truth.frames[row]), "x": x, "y": y, "width": right - x, "height": bottom - y}
            for row in rows[np.argsort(truth.frames[rows])]
            for x, y, right, bottom in [truth.boxes[row].tolist()]
        ]
        tracks.append({"id": str(name), "label": "thing", "keyframes": keyframes})
    return {**item, "pts_runs": [[70, 1]]}, {"tracks": tracks}, truth


def frame_by_frame(answer: Any, item: Mark) -> Tracks:
    """Where each track is in each frame in which it is visible."""
    timeline = Timeline.from_item(item)
    frames = np.arange(item["frame_count"])
    times = np.array([timeline.time_seconds(frame) for frame in frames.tolist()])
    columns = []
    for number, track in enumerate(answer.tracks):
        path = path_of(track, timeline, frames, times)
        shown = np.flatnonzero(path.visible)
        columns.append((shown + path.first, np.full(len(shown), number), path.boxes[shown]))
    return Tracks(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def test_merged_tracks_are_better_than_those_of_anybody() -> None:
    item, answer, truth = clip()
    validator = validator_of("video", {"tracks": {}}, LABELS)
    skill = Skill(confusion=0.0, omission=0.15, jitter=0.08, stride=10, lateness=1)
    gains = []
    for crowd in range(4):
        people = [disturbed(answer, skill, ["thing"], item, f"{crowd} {person}") for person in range(3)]
        answers = [validator.validate(encode(one), item).answer for one in people]
        merged = merge_answers(validator, answers, item).value
        assert len({track.id for track in merged.tracks}) == len(merged.tracks)
        scores = [evaluate(truth, frame_by_frame(one, item)).hota.hota for one in [*answers, merged]]
        gains.append(scores[-1] - statistics.fmean(scores[:-1]))
    assert min(gains) > 0 and statistics.fmean(gains) > 0.04
