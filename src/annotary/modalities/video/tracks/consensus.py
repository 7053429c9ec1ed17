"""How tracks are compared and merged: as wholes, by their overlap over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain, count
from statistics import median

import msgspec
import numpy as np

from annotary.modalities.geometry import fit_box, frame_size
from annotary.modalities.label_type import Context, Merged
from annotary.modalities.matching import MATCHING_IOU, Pair, f1, merge_marks
from annotary.modalities.video.timeline import Timeline
from annotary.modalities.video.tracks.checking import Keyframe, Track, by_id
from annotary.modalities.video.tracks.motion import Path, keyframe_at, path_iou, path_of, sampled_frames

_SIDES = ("x", "y", "width", "height")


def agreement(first: Sequence[Track], second: Sequence[Track], context: Context) -> float:
    """Return the F1 of tracks with equal labels whose mean IoU over time is at least 0.5."""
    if not first and not second:
        return 1.0
    timeline = Timeline.from_item(context.item)
    return f1(first, second, _pairs(*_paths((first, second), timeline)))


def merge(values: Sequence[Sequence[Track]], context: Context) -> Merged:
    """Return the tracks that more than half drew, each with median boxes at all keyframes of its members.

    A frame belongs to the merged track where more than half of its members do; it is visible where at least
    half of those show it. The id is the members' most frequent one that is still free.
    """
    timeline = Timeline.from_item(context.item)
    size = frame_size(context.item)
    paths = _paths(values, timeline)
    taken: set[str] = set()

    def combine(members: list[Track]) -> Track:
        name = _free_id([track.id for track in members], taken)
        taken.add(name)
        return msgspec.structs.replace(
            members[0], id=name, keyframes=_median_keyframes(members, timeline, size)
        )

    merged = merge_marks(values, context, lambda a, b: _pairs(paths[a], paths[b]), combine)
    return Merged(sorted(merged.value, key=by_id), merged.confidence)


def _paths(values: Sequence[Sequence[Track]], timeline: Timeline) -> list[list[Path]]:
    frames = sampled_frames(timeline.frame_count, chain.from_iterable(values))
    times = np.array([timeline.time_seconds(int(frame)) for frame in frames])
    return [[path_of(track, timeline, frames, times) for track in tracks] for tracks in values]


def _pairs(first: list[Path], second: list[Path]) -> list[Pair]:
    pairs = [
        Pair(path_iou(one, other), i, j) for i, one in enumerate(first) for j, other in enumerate(second)
    ]
    return [pair for pair in pairs if pair.overlap >= MATCHING_IOU]


def _free_id(names: list[str], taken: set[str]) -> str:
    votes = Counter(names)
    free = sorted((name for name in votes if name not in taken), key=lambda name: (-votes[name], name))
    # No other track was given a number with a plus, unless someone chose to: then the next one is free.
    return (
        free[0]
        if free
        else next(name for number in count(2) if (name := f"{names[0]}+{number}") not in taken)
    )


def _median_keyframes(members: list[Track], timeline: Timeline, size: tuple[int, int]) -> list[Keyframe]:
    keyframes = []
    for frame in sorted({keyframe.frame for track in members for keyframe in track.keyframes}):
        found = [keyframe_at(track.keyframes, frame, timeline) for track in members]
        present = [keyframe for keyframe in found if keyframe is not None]
        if 2 * len(present) > len(members):
            keyframes.append(_median_keyframe(present, size))
    return keyframes


def _median_keyframe(keyframes: list[Keyframe], size: tuple[int, int]) -> Keyframe:
    middle = {name: median(getattr(keyframe, name) for keyframe in keyframes) for name in _SIDES}
    # Each side's median may come from another box, so that together they can stick out of the frame.
    middle["width"] = min(middle["width"], size[0] - middle["x"])
    middle["height"] = min(middle["height"], size[1] - middle["y"])
    visible = 2 * sum(keyframe.visible for keyframe in keyframes) >= len(keyframes)
    return fit_box(msgspec.structs.replace(keyframes[0], visible=visible, **middle), *size, "/answer/tracks")
