"""Where a track is between its keyframes, and how much two tracks overlap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotary.modalities.matching import box_array, box_ious
from annotary.modalities.video.timeline import Timeline
from annotary.modalities.video.tracks.checking import Track

# Tracks are compared at this many frames spread evenly over a longer clip, and at all their keyframes.
_SAMPLED_FRAMES_MAX = 4_096


class Path(NamedTuple):
    """A track at the sampled frames it covers: the first one's place, the boxes, where it is visible."""

    first: int
    boxes: NDArray[np.float64]
    visible: NDArray[np.bool_]


def sampled_frames(frame_count: int, tracks: Iterable[Track]) -> NDArray[np.int64]:
    """Return the frames at which tracks of a clip are compared, ascending."""
    spread = np.linspace(0, frame_count - 1, min(frame_count, _SAMPLED_FRAMES_MAX)).round().astype(np.int64)
    known = {keyframe.frame for track in tracks for keyframe in track.keyframes}
    return np.union1d(spread, np.array(sorted(known), dtype=np.int64))


def path_of(track: Track, timeline: Timeline, frames: NDArray[np.int64], times: NDArray[np.float64]) -> Path:
    """Return a track's path over the sampled frames, whose presentation times in seconds are `times`."""
    known = np.array([keyframe.frame for keyframe in track.keyframes])
    first, after = np.searchsorted(frames, known[0], "left"), np.searchsorted(frames, known[-1], "right")
    covered = frames[first:after]
    known_times = [timeline.time_seconds(int(frame)) for frame in known]
    corners = box_array(track.keyframes)
    boxes = np.stack([np.interp(times[first:after], known_times, column) for column in corners.T], axis=1)
    visible = np.array([keyframe.visible for keyframe in track.keyframes])
    return Path(int(first), boxes, visible[np.searchsorted(known, covered, "right") - 1])


class Overlap(NamedTuple):
    """How far two tracks cover each other, 0 to 1.

    `iou` is the mean IoU over the sampled frames where at least one is visible, `of_shorter` the sum of IoUs
    over the visible frames of the one that has fewer.
    """

    iou: float
    of_shorter: float


def overlap(one: Path, other: Path) -> Overlap:
    """Return the overlap of two tracks; symmetric.

    Two tracks that are never visible are compared as if they always were.
    """
    if not one.visible.any() and not other.visible.any():
        one, other = _shown(one), _shown(other)
    start = max(one.first, other.first)
    end = max(start, min(one.first + len(one.boxes), other.first + len(other.boxes)))
    ours, theirs = slice(start - one.first, end - one.first), slice(start - other.first, end - other.first)
    both = one.visible[ours] & other.visible[theirs]
    shared = float(box_ious(one.boxes[ours], other.boxes[theirs])[both].sum())
    counts = int(one.visible.sum()), int(other.visible.sum())
    return Overlap(shared / (sum(counts) - int(both.sum())), shared / max(1, min(counts)))


def _shown(path: Path) -> Path:
    return path._replace(visible=np.ones_like(path.visible))
