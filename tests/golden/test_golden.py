"""The golden vectors are what makes them, and the server's own code agrees with every one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from annotary.modalities.image.mask.run_length import canonical_counts, decode_counts, encode_counts
from annotary.modalities.image.mask.runs import bounds, iou, runs_of
from annotary.modalities.image.polygon import overlap
from annotary.modalities.image.polygon.outline import crossing, is_clockwise
from annotary.modalities.image.rotated_box.checking import RotatedBox
from annotary.modalities.image.rotated_box.clipping import corners_of
from annotary.modalities.image.rotated_box.clipping import iou as rotated_iou
from annotary.modalities.matching import box_ious
from annotary.modalities.video.timeline import Timeline
from annotary.modalities.video.tracks.checking import Keyframe, Track
from annotary.modalities.video.tracks.motion import path_of
from golden.documents import FOLDER, documents, read

GEOMETRY, RLE, INTERPOLATION = read("geometry"), read("rle"), read("interpolation")


def near(value: Any, document: dict[str, Any]) -> Any:
    """What numbers of a golden document may be."""
    return pytest.approx(value, rel=document["tolerance"], abs=document["tolerance"])


def test_the_files_are_what_makes_them() -> None:
    for name, text in documents().items():
        kept = (FOLDER / name).read_text(encoding="utf-8")
        assert kept == text, f"{name}: run PYTHONPATH=tests python -m golden"


def test_overlap_of_boxes_and_polygons() -> None:
    for case in GEOMETRY["boxes"]:
        first, second = (np.array([x, y, x + w, y + h]) for x, y, w, h in (case["first"], case["second"]))
        assert float(box_ious(first, second)) == near(case["iou"], GEOMETRY)
    for case in GEOMETRY["polygon_pairs"]:
        first, second = (overlap.outline_of(case[name]) for name in ("first", "second"))
        assert overlap.iou(first, second) == near(case["iou"], GEOMETRY)


def test_overlap_of_rotated_boxes() -> None:
    fields = ("x", "y", "width", "height", "angle")
    for case in GEOMETRY["rotated_boxes"]:
        first, second = (
            RotatedBox(label="l", **dict(zip(fields, case[name], strict=True)))
            for name in ("first", "second")
        )
        assert rotated_iou(first, second) == near(case["iou"], GEOMETRY)
        assert rotated_iou(second, first) == rotated_iou(first, second)
        corners = [number for corner in corners_of(first) for number in corner]
        assert corners == near([number for corner in case["first_corners"] for number in corner], GEOMETRY)


def test_outlines() -> None:
    for case in GEOMETRY["polygons"]:
        points = [(x, y) for x, y in case["points"]]
        assert overlap.outline_of(points).area == near(case["area"], GEOMETRY)
        assert is_clockwise(points) == case["clockwise"]
    for case in GEOMETRY["outlines"]:
        assert (crossing([(x, y) for x, y in case["points"]]) is not None) == case["crosses"], case
    assert {case["crosses"] for case in GEOMETRY["outlines"]} == {True, False}


def test_masks_as_coco_writes_them() -> None:
    for case in RLE["masks"]:
        height, width = case["size"]
        counts = canonical_counts(case["counts"], height * width)
        assert encode_counts(counts) == case["text"]
        assert decode_counts(case["text"], len(counts)) == counts
        runs = runs_of(counts)
        left, top, right, bottom = bounds(runs, height)
        assert (runs.area, [left, top, right - left, bottom - top]) == (case["area"], case["box"])
    for pair in RLE["pairs"]:
        one, other = (runs_of(RLE["masks"][pair[name]]["counts"]) for name in ("first", "second"))
        assert iou(one, other) == near(pair["iou"], RLE)


def test_presentation_times_and_tracks_between_keyframes() -> None:
    timelines = [
        Timeline(clip["frame_count"], clip["time_base"], clip["first_pts"], clip["pts_runs"])
        for clip in INTERPOLATION["timelines"]
    ]
    for clip, timeline in zip(INTERPOLATION["timelines"], timelines, strict=True):
        for frame, microseconds in clip["times"]:
            assert timeline.time_microseconds(frame) == microseconds
    for case in INTERPOLATION["tracks"]:
        timeline = timelines[case["timeline"]]
        track = Track(label="l", id="t", keyframes=[Keyframe(**one) for one in case["keyframes"]])
        for expected in case["frames"]:
            frames = np.array([expected["frame"]])
            times = np.array([timeline.time_seconds(expected["frame"])])
            path = path_of(track, timeline, frames, times)
            if expected["box"] is None:
                assert len(path.boxes) == 0
                continue
            left, top, right, bottom = path.boxes[0].tolist()
            assert [left, top, right - left, bottom - top] == near(expected["box"], INTERPOLATION)
            assert bool(path.visible[0]) == expected["visible"]
