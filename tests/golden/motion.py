"""Makes interpolation.json: presentation times, and tracks between their keyframes, in rational numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

_STEADY = {"frame_count": 250, "time_base": [1, 12800], "first_pts": 0, "pts_runs": [[249, 512]]}
_NTSC = {"frame_count": 300, "time_base": [1001, 30000], "first_pts": 7, "pts_runs": [[299, 1]]}
_UNEVEN = {
    "frame_count": 60,
    "time_base": [1, 90000],
    "first_pts": -3003,
    "pts_runs": [[10, 3003], [1, 45000], [20, 3754], [28, 1501]],
}
_TIMELINES = [_STEADY, _NTSC, _UNEVEN, {**_STEADY, "frame_count": 1, "pts_runs": []}]
# Frame, x, y, width, height, visible.
_Keyframe = tuple[int, float, float, float, float, bool]
_TRACKS: list[tuple[int, list[_Keyframe]]] = [
    (0, [(0, 10.0, 20.0, 30.0, 40.0, True), (100, 110.5, 20.0, 60.0, 10.25, True)]),
    (1, [(10, 0.0, 0.0, 5.0, 5.0, True), (11, 9.0, 9.0, 5.0, 5.0, False), (50, 200.0, 9.0, 1.0, 80.0, True)]),
    (
        2,
        [
            (0, 1.0, 2.0, 3.0, 4.0, True),
            (12, 100.0, 50.0, 30.0, 40.0, True),
            (59, 7.0, 8.0, 9.0, 10.0, False),
        ],
    ),
    (2, [(33, 5.5, 6.5, 7.5, 8.5, True)]),
]


def interpolation() -> dict[str, Any]:
    """Return the whole document."""
    return {
        "about": "`timelines` are clips with presentation times [frame, microseconds], rounded half up. Each "
        "of `tracks` is in the timeline of that place; `box` of a frame is null where the track is "
        "not, else [x, y, width, height]. It is interpolated linearly in the rounded times, "
        "`visible` is that of the keyframe before. Made by tests/golden/motion.py.",
        "tolerance": 1e-9,
        "timelines": [{**clip, "times": _times(clip)} for clip in _TIMELINES],
        "tracks": [_track(clip, keyframes) for clip, keyframes in _TRACKS],
    }


def _time(clip: dict[str, Any], frame: int) -> int:
    """Return a frame's time in microseconds, one step after the other; the last step goes on."""
    steps = [step for count, step in clip["pts_runs"] for _ in range(count)] or [1]
    ticks = clip["first_pts"] + sum([*steps, steps[-1]][:frame])
    exact = Fraction(ticks * clip["time_base"][0] * 1_000_000, clip["time_base"][1])
    return int((exact + Fraction(1, 2)) // 1)


def _times(clip: dict[str, Any]) -> list[list[int]]:
    count = clip["frame_count"]
    frames = sorted({0, 1, 9, 10, 11, 12, 31, 32, count // 2, count - 1, count} & set(range(count + 1)))
    return [[frame, _time(clip, frame)] for frame in frames]


def _track(place: int, keyframes: list[_Keyframe]) -> dict[str, Any]:
    clip = _TIMELINES[place]
    first, last = keyframes[0][0], keyframes[-1][0]
    wanted = {first - 1, last + 1, *range(first, last + 1, 7), *(frame for frame, *_ in keyframes)}
    wanted |= {frame + 1 for frame, *_ in keyframes}
    frames = sorted(frame for frame in wanted if 0 <= frame < clip["frame_count"])
    fields = ("frame", "x", "y", "width", "height", "visible")
    return {
        "timeline": place,
        "keyframes": [dict(zip(fields, keyframe, strict=True)) for keyframe in keyframes],
        "frames": [_placed(clip, keyframes, frame) for frame in frames],
    }


def _placed(clip: dict[str, Any], keyframes: list[_Keyframe], frame: int) -> dict[str, Any]:
    before = [one for one in keyframes if one[0] <= frame]
    after = [one for one in keyframes if one[0] >= frame]
    if not before or not after:
        return {"frame": frame, "box": None, "visible": False}
    one, other = before[-1], after[0]
    share = Fraction(0)
    if one is not other:
        start, end = _time(clip, one[0]), _time(clip, other[0])
        share = Fraction(_time(clip, frame) - start, end - start)
    sides = [
        float(Fraction(a) + share * (Fraction(b) - Fraction(a)))
        for a, b in zip(one[1:5], other[1:5], strict=True)
    ]
    return {"frame": frame, "box": sides, "visible": one[5]}
