"""How far two annotators' tracks agree: IDF1 and HOTA of one against the other, which are symmetric."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from annotary.modalities.geometry import frame_size
from annotary.modalities.label_type import Context
from annotary.modalities.video.timeline import Timeline
from annotary.modalities.video.tracks.checking import Track
from annotary.modalities.video.tracks.motion import path_of
from annotary.quality.agreement.values import Floats, Integers
from annotary.quality.tracking.hota import hota
from annotary.quality.tracking.identity import identity
from annotary.quality.tracking.overlapping import overlap
from annotary.quality.tracking.values import Overlap, Tracks

# Longer clips are compared at so many frames spread evenly.
_SAMPLED_FRAMES = 1_024
# Boxes of different labels never meet: each label has a plane of its own, beside the others.
_PLANES_APART = 4


def idf1_of(first: Sequence[Track], second: Sequence[Track], context: Context) -> float:
    """Return IDF1 at an IoU of 0.5; see `quality/tracking/identity.py`."""
    return identity(_side_by_side(first, second, context)).f1


def hota_of(first: Sequence[Track], second: Sequence[Track], context: Context) -> float:
    """Return HOTA over IoUs from 0.05 to 0.95; see `quality/tracking/hota.py`."""
    return hota(_side_by_side(first, second, context)).hota


def _side_by_side(first: Sequence[Track], second: Sequence[Track], context: Context) -> Overlap:
    timeline = Timeline.from_item(context.item)
    count = timeline.frame_count
    frames = np.linspace(0, count - 1, min(count, _SAMPLED_FRAMES)).round().astype(np.int64)
    times = np.array([timeline.time_seconds(int(frame)) for frame in frames])
    labels = sorted({track.label for track in chain(first, second)})
    shifts = {
        label: float(_PLANES_APART * number * frame_size(context.item)[0])
        for number, label in enumerate(labels)
    }
    mine, theirs = (_boxes(tracks, timeline, frames, times, shifts) for tracks in (first, second))
    return overlap(mine, theirs)


def _boxes(
    tracks: Sequence[Track],
    timeline: Timeline,
    frames: Integers,
    times: Floats,
    shifts: dict[str, float],
) -> Tracks:
    """Return the boxes of tracks at the frames where they are visible."""
    numbers, ids, boxes = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty((0, 4))]
    for number, track in enumerate(tracks):
        path = path_of(track, timeline, frames, times)
        seen = frames[path.first : path.first + len(path.boxes)][path.visible]
        numbers.append(seen)
        ids.append(np.full(len(seen), number))
        shift = shifts[track.label]
        boxes.append(path.boxes[path.visible] + [shift, 0.0, shift, 0.0])
    return Tracks(np.concatenate(numbers), np.concatenate(ids), np.concatenate(boxes))
