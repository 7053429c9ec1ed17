"""Objects that change their label within a clip: tracks that follow or lie on each other. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from annotary.kernel.limits import COMPARED_TRACKS_MAX

# A track that begins at most so many frames after another ended, where that one was, is the same object.
GAP_FRAMES = 5
HANDOVER_IOU = 0.5
# Two tracks that lie on each other this much, wherever both are, are the same object.
TWIN_IOU = 0.7
TWIN_FRAMES_COMPARED = 5
Track = Mapping[str, Any]
Box = tuple[float, float, float, float]


class Changed(NamedTuple):
    """Two tracks of one object with different labels, how sure that is (0 to 1), and why."""

    one: Track
    other: Track
    score: float
    reason: str


def label_changes(tracks: Sequence[Track]) -> Iterator[Changed]:
    """Yield the objects of one clip that have several labels. Later tracks than a bound are passed over."""
    ordered = sorted(tracks[:COMPARED_TRACKS_MAX], key=_first)
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if _first(other) > _last(one) + GAP_FRAMES:
                break
            if one.get("label") != other.get("label") and (found := _compared(one, other)):
                yield found


def _compared(one: Track, other: Track) -> Changed | None:
    before, after = _last(one), _first(other)
    names = (
        f"track {one.get('id')} is {one.get('label')!r}, track {other.get('id')} is {other.get('label')!r}"
    )
    if before < after:
        score = iou(_box_at(one, before), _box_at(other, after))
        why = f"at frame {after} {names}: it begins where the other ended at frame {before}"
        return Changed(one, other, score, f"{why} (IoU {score:.2f})") if score >= HANDOVER_IOU else None
    end = min(before, _last(other))
    count = min(TWIN_FRAMES_COMPARED, end - after + 1)
    frames = [after + (end - after) * step // max(1, count - 1) for step in range(count)]
    score = sum(iou(_box_at(one, frame), _box_at(other, frame)) for frame in frames) / count
    why = f"from frame {after} to {end} {names}: they lie on each other"
    return Changed(one, other, score, f"{why} (IoU {score:.2f})") if score >= TWIN_IOU else None


def iou(one: Box, other: Box) -> float:
    """Return the intersection over union of two boxes (x, y, width, height)."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def _first(track: Track) -> int:
    return int(track["keyframes"][0]["frame"])


def _last(track: Track) -> int:
    return int(track["keyframes"][-1]["frame"])


def _box_at(track: Track, frame: int) -> Box:
    """Return where a track is at a frame it covers; between keyframes by the frame's number."""
    before = after = track["keyframes"][0]
    for keyframe in track["keyframes"]:
        after = keyframe
        if keyframe["frame"] >= frame:
            break
        before = keyframe
    span = after["frame"] - before["frame"]
    share = (frame - before["frame"]) / span if span else 0.0
    x, y, width, height = (
        before[name] + (after[name] - before[name]) * share for name in ("x", "y", "width", "height")
    )
    return x, y, width, height
