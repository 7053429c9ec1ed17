"""One track out of several of the same object: where it is, and at which keyframes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from annotary.modalities.geometry import fit_box
from annotary.modalities.robust import Floats, weighted_median
from annotary.modalities.video.timeline import Timeline
from annotary.modalities.video.tracks.checking import Keyframe, Track
from annotary.modalities.voting import ROUNDING, Weights, majority_attributes

Flags = NDArray[np.bool_]
# A keyframe without which no side of the box moves further than this is left out, or further than the
# annotators' sides typically lie from their median: they did not know it better.
_TOLERANCE_PIXELS = 0.5


class _Member(NamedTuple):
    """A track at given frames: x, y, width and height; whether it is there, visible, a keyframe."""

    shapes: Floats
    there: Flags
    shown: Flags
    is_keyframe: Flags


def merged_keyframes(
    tracks: Sequence[Track], weights: Weights, timeline: Timeline, size: tuple[int, int]
) -> list[Keyframe]:
    """Return the keyframes of tracks that are one object: each side of the box the median of those there.

    The track lasts from the first to the last frame that more than half of the tracks have. It is visible
    where more than half have it and at least half of these show it. What more than half of those there set
    as a keyframe stays one; of the others those stay without which a side would be further off than half a
    pixel and than annotators typically are (as in Douglas and Peucker 1973, with time for a coordinate).
    """
    frames = np.unique([keyframe.frame for track in tracks for keyframe in track.keyframes])
    times = np.array([timeline.time_seconds(frame) for frame in frames.tolist()])
    votes = np.asarray(weights, dtype=np.float64)[:, None]
    members = [_member(track, frames, times, timeline) for track in tracks]
    there = votes * [member.there for member in members]
    having = there.sum(axis=0)
    enough = having > min(votes.sum() / 2 * (1 + ROUNDING), having.max() * (1 - ROUNDING))
    lasting = np.arange(np.flatnonzero(enough)[0], np.flatnonzero(enough)[-1] + 1)
    lasting = lasting[having[lasting] > 0]
    shapes = np.stack([member.shapes[lasting] for member in members])
    sides = _median_sides(shapes, there[:, lasting])
    off = np.abs(_corners(shapes) - _corners(sides))[there[:, lasting] > 0]
    shown = (votes * [member.shown for member in members]).sum(axis=0)
    visible = (enough & (2 * shown >= having * (1 - ROUNDING)))[lasting]
    known = (votes * [member.is_keyframe for member in members]).sum(axis=0)
    needed = (enough & (2 * known > having * (1 + ROUNDING)))[lasting]
    needed[1:] |= visible[1:] != visible[:-1]
    return [
        _keyframe(int(frames[lasting[at]]), float(times[lasting[at]]), sides[at], bool(visible[at]), size)
        for at in _places(sides, times[lasting], needed, max(_TOLERANCE_PIXELS, float(np.median(off))))
    ]


def with_attributes(
    keyframes: list[Keyframe], label: str, tracks: Sequence[Track], weights: Weights
) -> list[Keyframe]:
    """Return merged keyframes with the attributes that the tracks of the winning label have there, voted on.

    A track votes with its last keyframe at or before, or its first where it begins later. Where only
    attributes change, no keyframe is added: what changes between two keyframes shows at the later one.
    """
    voters = [
        (track.keyframes, weight)
        for track, weight in zip(tracks, weights, strict=True)
        if track.label == label
    ]
    if not any(one.attributes for held, _ in voters for one in held):
        return keyframes
    votes = [weight for _, weight in voters]
    return [
        msgspec.structs.replace(
            keyframe,
            attributes=majority_attributes([_at(held, keyframe.frame) for held, _ in voters], votes),
        )
        for keyframe in keyframes
    ]


def _at(keyframes: list[Keyframe], frame: int) -> Keyframe:
    return keyframes[max(0, bisect_right(keyframes, frame, key=lambda one: one.frame) - 1)]


def _member(track: Track, frames: NDArray[np.int64], times: Floats, timeline: Timeline) -> _Member:
    known = np.array([keyframe.frame for keyframe in track.keyframes])
    known_times = [timeline.time_seconds(frame) for frame in known.tolist()]
    corners = np.array([(one.x, one.y, one.width, one.height) for one in track.keyframes])
    shapes = np.stack([np.interp(times, known_times, column) for column in corners.T], axis=1)
    there = (frames >= known[0]) & (frames <= known[-1])
    visible = np.array([keyframe.visible for keyframe in track.keyframes])
    shown = there & visible[np.searchsorted(known, frames, "right").clip(1) - 1]
    return _Member(shapes, there, shown, np.isin(frames, known))


def _median_sides(shapes: Floats, votes: Floats) -> Floats:
    """Return the median boxes (x, y, width, height) of (tracks, frames, 4) boxes."""
    ends = shapes[..., :2] + shapes[..., 2:]
    starts, stops = np.split(
        weighted_median(np.concatenate((shapes[..., :2], ends), -1), votes[..., None]), 2, -1
    )
    sizes = stops - starts
    for own_starts, own_stops, own_sizes in zip(shapes[..., :2], ends, shapes[..., 2:], strict=True):
        # Stop minus start may be rounded: a track that has both medians says the size exactly.
        np.copyto(sizes, own_sizes, where=(own_starts == starts) & (own_stops == stops))
    return np.concatenate((starts, sizes), axis=-1)


def _places(sides: Floats, times: Floats, needed: Flags, tolerance: float) -> list[int]:
    """Return the places of the keyframes to keep: those needed, both ends, and what interpolation misses."""
    kept = sorted({0, len(sides) - 1, *np.flatnonzero(needed).tolist()})
    stretches = list(pairwise(kept))
    while stretches:
        start, end = stretches.pop()
        if end - start > 1:
            share = ((times[start + 1 : end] - times[start]) / (times[end] - times[start]))[:, None]
            straight = sides[start] * (1 - share) + sides[end] * share
            off = np.abs(_corners(sides[start + 1 : end]) - _corners(straight)).max(axis=1)
            if off.max() > tolerance:
                furthest = start + 1 + int(off.argmax())
                kept.append(furthest)
                stretches += [(start, furthest), (furthest, end)]
    return sorted(set(kept))


def _corners(sides: Floats) -> Floats:
    return np.concatenate((sides[..., :2], sides[..., :2] + sides[..., 2:]), axis=-1)


def _keyframe(frame: int, time: float, sides: Floats, visible: bool, size: tuple[int, int]) -> Keyframe:
    x, y, width, height = sides.tolist()
    found = Keyframe(frame=frame, time=time, x=x, y=y, width=width, height=height, visible=visible)
    return fit_box(found, *size, "/answer/tracks")
