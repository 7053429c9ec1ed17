"""How tracks are compared and merged: as wholes, by their overlap over time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count

import msgspec
import numpy as np

from annotary.modalities.geometry import frame_size
from annotary.modalities.label_type import Context, Merged
from annotary.modalities.matching import AGREEING_IOU, Pair, f1, merge_marks
from annotary.modalities.video.timeline import Timeline
from annotary.modalities.video.tracks.checking import Track, by_id
from annotary.modalities.video.tracks.keyframes import merged_keyframes, with_attributes
from annotary.modalities.video.tracks.motion import Overlap, Path, overlap, path_of, sampled_frames
from annotary.modalities.voting import Weights, majority_label, tally


def agreement(first: Sequence[Track], second: Sequence[Track], context: Context) -> float:
    """Return the F1 of tracks with equal labels whose mean IoU over time is at least 0.5."""
    if not first and not second:
        return 1.0
    paths = _paths((first, second), Timeline.from_item(context.item))
    pairs = [Pair(found.iou, i, j) for i, j, found in _overlaps(*paths) if found.iou >= AGREEING_IOU]
    return f1(first, second, pairs)


def merge(values: Sequence[Sequence[Track]], context: Context, weights: Weights) -> Merged:
    """Return the tracks that more than half drew, each merged keyframe by keyframe.

    Two tracks may be one object where the shorter is covered by half (IoU summed over its frames); the best
    pairing is that of the largest sum of IoUs over time, so a broken-off piece goes with the whole it belongs
    to only if no longer piece of the same annotator does. The id is the members' most frequent one that is
    still free.
    """
    timeline = Timeline.from_item(context.item)
    size = frame_size(context.item)
    paths = _paths(values, timeline)
    taken: set[str] = set()

    def combine(members: list[Track], heard: list[float]) -> Track:
        name = _free_id([track.id for track in members], heard, taken)
        taken.add(name)
        keyframes = merged_keyframes(members, heard, timeline, size)
        label = majority_label(members, heard, context.label_order)
        keyframes = with_attributes(keyframes, label, members, heard)
        return msgspec.structs.replace(members[0], id=name, keyframes=keyframes)

    merged = merge_marks(values, weights, context, lambda a, b: _same(paths[a], paths[b]), combine)
    return Merged(sorted(merged.value, key=by_id), merged.confidence)


def _paths(values: Sequence[Sequence[Track]], timeline: Timeline) -> list[list[Path]]:
    frames = sampled_frames(timeline.frame_count, chain.from_iterable(values))
    times = np.array([timeline.time_seconds(int(frame)) for frame in frames])
    return [[path_of(track, timeline, frames, times) for track in tracks] for tracks in values]


def _overlaps(first: list[Path], second: list[Path]) -> list[tuple[int, int, Overlap]]:
    return [(i, j, overlap(one, other)) for i, one in enumerate(first) for j, other in enumerate(second)]


def _same(first: list[Path], second: list[Path]) -> list[Pair]:
    return [
        Pair(found.iou, i, j) for i, j, found in _overlaps(first, second) if found.of_shorter >= AGREEING_IOU
    ]


def _free_id(names: list[str], weights: Weights, taken: set[str]) -> str:
    votes = tally(names, weights)
    free = sorted((name for name in votes if name not in taken), key=lambda name: (-votes[name], name))
    # No other track was given a number with a plus, unless someone chose to: then the next one is free.
    return (
        free[0]
        if free
        else next(name for number in count(2) if (name := f"{names[0]}+{number}") not in taken)
    )
